"""A suite in this environment, with what has been found out about it so far."""

from __future__ import annotations

import platform
import random
import sys
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from paramlaws.specs import smoke
from paramlaws.specs.conventions import Conventions
from paramlaws.specs.shelf import Shelf
from paramlaws.specs.strategies import ALL_SIZES
from paramlaws.specs.suite import Suite
from paramlaws.suites.knowledge import Knowledge, load
from paramlaws.suites.noting import sources


@dataclass
class Target:
    """A suite in this environment, with what has been found out about it so far."""

    suite: Suite
    seed: int | None
    knowledge: Knowledge
    sizes: tuple[int, ...]
    option: str
    verdicts: dict[tuple[str, str | None], str] = field(default_factory=dict)
    tried: int = 0
    shelf: Shelf = field(default_factory=Shelf)

    @classmethod
    def of(cls, suite: Suite, seed: int | None, option: str) -> Target:
        """The target of a suite here.

        seed: of the run, which also chooses its widths; None for a derandomised one.
        option: what selects the suite on the command line.
        """
        knowledge = load(suite.knowledge, suite.versions())
        return cls(suite, seed, knowledge, _sizes(suite.sizes, seed), option)

    @property
    def id(self) -> str:
        """Suite, version, Python and platform, in a form that can name a file."""
        python = f"py{sys.version_info.major}.{sys.version_info.minor}"
        system = f"{platform.system()}-{platform.machine()}".lower()
        version = next(iter(self.suite.versions().values()))
        return f"{self.suite.name}-{version}-{python}-{system}"

    @cached_property
    def conventions(self) -> Conventions:
        """How this target counts and orients; SmokeFailure where its adapter does not work."""
        return smoke.check(self.suite)

    def describe(self) -> dict[str, Any]:
        """The target as it is recorded."""
        versions = dict(self.suite.versions())
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
        }


def _sizes(limit: int | None, seed: int | None) -> tuple[int, ...]:
    """The widths of a run: all, or `limit` of them, the rest by the seed.

    1 and 2 are among them, which the examples that are always tried have, too.
    """
    if limit is None:
        return ALL_SIZES
    always, others = ALL_SIZES[:2], ALL_SIZES[2:]
    return (*always, *sorted(random.Random(seed or 0).sample(others, limit - 2)))
