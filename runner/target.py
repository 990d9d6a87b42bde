"""A target: a suite in this environment, with what is known about it so far."""

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
from paramlaws.runner.pool import Pool
from paramlaws.specs import smoke
from paramlaws.specs.conventions import Conventions
from paramlaws.specs.strategies import ALL_SIZES
from paramlaws.specs.suite import Suite
from paramlaws.suites.knowledge import Knowledge, load


@dataclass
class Target:
    """A suite in this environment.

    seed: the run's seed, which also selects the widths; None for a derandomised run.
    sizes: the widths that networks are drawn with.
    option: the command-line option that selects the suite, as a tuple of words.
    path: the folder of its adapter's module, if that is not installed.
    pool: networks that can be reused.
    tried: how many examples were tried so far, for `runner.memory`.
    blamed: results of claims on examples on which others failed, cached by `runner.blame`.
    """

    suite: Suite
    seed: int | None
    knowledge: Knowledge
    sizes: tuple[int, ...]
    option: tuple[str, ...]
    path: str | None = None
    pool: Pool = field(default_factory=Pool)
    tried: int = 0
    blamed: dict[Any, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls, suite: Suite, seed: int | None, option: Sequence[str] = (), path: str | None = None
    ) -> Target:
        """The target of a suite in this environment.

        option: the option that selects it, for an adapter that is not one of this project's.
        Raises KnowledgeError if its knowledge file is wrong.
        """
        knowledge = load(suite.knowledge, suite.versions())
        knowledge.check_cases(suite)
        words = tuple(option) or ("--suite", suite.name)
        return cls(suite, seed, knowledge, _sizes(suite.sizes, seed), words, path)

    @property
    def id(self) -> str:
        """Suite, version, Python and platform, as a text that can be part of a file name."""
        python = f"py{sys.version_info.major}.{sys.version_info.minor}"
        system = f"{platform.system()}-{platform.machine()}".lower()
        version = next(iter(self.suite.versions().values()))
        return f"{self.suite.name}-{version}-{python}-{system}"

    @cached_property
    def conventions(self) -> Conventions:
        """How this target counts entries and orients weights, measured once.

        Raises SmokeFailure if the adapter does not work, NoAnswer if that is because a verb
        returned None.
        """
        try:
            return smoke.check(self.suite)
        except Exception as error:
            if silent := silence(self.suite, smoke.check):
                raise silent from error
            raise

    def command(self, *words: str) -> str:
        """The shell command that runs this target again, in any folder of this environment.

        words: further options of pytest, such as those that select claims.
        """
        found = f"PYTHONPATH={shlex.quote(self.path)} " if self.path else ""
        return found + shlex.join(["pytest", "--pyargs", "paramlaws.specs", *self.option, *words])

    def describe(self) -> dict[str, Any]:
        """The target as records give it."""
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
    """The widths of a run: all of them, or `limit` chosen by the seed.

    1 and 2 are always among them, as the fixed examples have these.
    """
    if limit is None:
        return ALL_SIZES
    always, others = ALL_SIZES[:2], ALL_SIZES[2:]
    return (*always, *sorted(random.Random(seed or 0).sample(others, limit - 2)))
