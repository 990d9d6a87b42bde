"""A suite in this environment, with what has been found out about it so far."""

from __future__ import annotations

import platform
import random
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from paramlaws.runner.noting import silence, sources
from paramlaws.specs import smoke
from paramlaws.specs.conventions import Conventions
from paramlaws.specs.strategies import ALL_SIZES
from paramlaws.specs.suite import Suite
from paramlaws.suites.knowledge import Knowledge, load


@dataclass
class Target:
    """A suite in this environment.

    seed: of the run, which also chooses its widths; None for a derandomised one.
    sizes: the widths that networks are drawn with.
    option: what selects the suite on the command line, as words.
    path: the folder in which its adapter is found, where no installation would find it.
    tried: how many examples were tried so far, for `runner.memory`.
    blamed: what claims were found to do on examples on which others failed (`runner.blame`).
    """

    suite: Suite
    seed: int | None
    knowledge: Knowledge
    sizes: tuple[int, ...]
    option: tuple[str, ...]
    path: str | None = None
    tried: int = 0
    blamed: dict[Any, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls, suite: Suite, seed: int | None, option: Sequence[str] = (), path: str | None = None
    ) -> Target:
        """The target of a suite here; KnowledgeError where its knowledge file is wrong.

        option: for an adapter that is not one of this project's suites.
        """
        knowledge = load(suite.knowledge, suite.versions())
        knowledge.check_cases(suite)
        words = tuple(option) or ("--suite", suite.name)
        return cls(suite, seed, knowledge, _sizes(suite.sizes, seed), words, path)

    @property
    def id(self) -> str:
        """Suite, version, Python and platform, in a form that can name a file."""
        python = f"py{sys.version_info.major}.{sys.version_info.minor}"
        system = f"{platform.system()}-{platform.machine()}".lower()
        version = next(iter(self.suite.versions().values()))
        return f"{self.suite.name}-{version}-{python}-{system}"

    @cached_property
    def conventions(self) -> Conventions:
        """How this target counts and orients; SmokeFailure where its adapter does not work.

        NoAnswer where that is because one of its verbs returns None.
        """
        try:
            return smoke.check(self.suite)
        except Exception as error:
            if silent := silence(self.suite, smoke.check):
                raise silent from error
            raise

    def command(self, *words: str) -> str:
        """The shell command that runs these claims again, in any folder of this environment.

        words: further options of pytest.
        """
        found = f"PYTHONPATH={shlex.quote(self.path)} " if self.path else ""
        return found + shlex.join(["pytest", "--pyargs", "paramlaws.specs", *self.option, *words])

    def describe(self) -> dict[str, Any]:
        """The target as it is recorded."""
        versions = {package: str(version) for package, version in self.suite.versions().items()}
        return {
            "id": self.id,
            "suite": self.suite.name,
            "framework": self.suite.framework,
            "version": next(iter(versions.values())),
            "python": platform.python_version(),
            "platform": f"{platform.system()} {platform.machine()}",
            "packages": versions,
            "documentation": self.suite.documentation,
            "verbs": sources(self.suite),
            "again": self.command(),
        }


def _sizes(limit: int | None, seed: int | None) -> tuple[int, ...]:
    """The widths of a run: all, or `limit` of them, the rest by the seed.

    1 and 2 are among them, which the fixed examples have, too.
    """
    if limit is None:
        return ALL_SIZES
    always, others = ALL_SIZES[:2], ALL_SIZES[2:]
    return (*always, *sorted(random.Random(seed or 0).sample(others, limit - 2)))
