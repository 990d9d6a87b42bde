"""What a run is going to try, as plain data, for the process that records it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path as File
from typing import Any

from paramlaws.specs.claims import CATALOGUE
from paramlaws.suites.target import Target
from paramlaws.suites.trial import Trial


@dataclass(frozen=True)
class Planned:
    """A trial, the name of its test, and the command that runs it alone."""

    name: str
    claim: str
    case: str | None
    command: str


@dataclass(frozen=True)
class TargetPlan:
    """What is tried on a target.

    target: the target as it is recorded.
    whole: whether these are all trials that there are.
    """

    target: dict[str, Any]
    seed: int | None
    sizes: tuple[int, ...]
    whole: bool
    trials: tuple[Planned, ...]

    @classmethod
    def of(cls, target: Target, trials: Iterable[Trial]) -> TargetPlan:
        """The plan of those of the trials that are on this target."""
        own = [trial for trial in trials if trial.target is target]
        planned = tuple(Planned(t.name, t.claim.id, t.case, t.command(None)) for t in own)
        everything = sum(len(claim.cases_on(target.suite)) for claim in CATALOGUE)
        whole = len(planned) == everything
        return cls(target.describe(), target.seed, target.sizes, whole, planned)


@dataclass(frozen=True)
class Plan:
    """What is tried on all targets of a run.

    not_here: the suites whose framework is not installed.
    problem: why nothing can be tried, if so.
    """

    targets: tuple[TargetPlan, ...] = ()
    not_here: tuple[str, ...] = ()
    problem: str | None = None

    def write(self, file: File) -> None:
        """Leaves the plan for the process that started this one.

        As JSON: a pickle of torch's version would import torch where it is read.
        """
        file.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, file: File) -> Plan:
        """What a worker left."""
        found = json.loads(file.read_text(encoding="utf-8"))
        targets = tuple(
            TargetPlan(
                target["target"],
                target["seed"],
                tuple(target["sizes"]),
                target["whole"],
                tuple(Planned(**trial) for trial in target["trials"]),
            )
            for target in found["targets"]
        )
        return cls(targets, tuple(found["not_here"]), found["problem"])
