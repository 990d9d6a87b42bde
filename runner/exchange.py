"""Carrying parameters between targets, through files alone.

`export` writes networks that one target computes; `run` has another one compute them again and
records a verdict for each origin.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path as File
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase

from paramlaws.runner import blame
from paramlaws.runner.journal import Journal, footer
from paramlaws.runner.recorder import header, now
from paramlaws.runner.target import Target
from paramlaws.runner.trial import Trial
from paramlaws.specs import transfer
from paramlaws.specs.case import Case
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.claims.transfer import EDGES, exported, networks
from paramlaws.specs.example import Example
from paramlaws.specs.outcome import Inapplicable
from paramlaws.specs.subject import Subject
from paramlaws.specs.suite import Suite
from paramlaws.specs.transfer import TransferError
from paramlaws.specs.verdict import FAILING

#: How many networks are drawn in addition to the fixed ones, and from which widths: few, since
#: some frameworks compile for each.
DRAWN, WIDTHS = 30, (1, 2, 3, 5)
CLAIMS = ("transfer.forward", "transfer.gradient")


# -- out ----------------------------------------------------------------------------------------
def export(target: Target, folder: File) -> None:
    """Writes the target's networks to its own subfolder, replacing what is there."""
    here = folder / target.id
    shutil.rmtree(here, ignore_errors=True)
    here.mkdir(parents=True)
    claim = CATALOGUE["transfer.forward"]
    count = 0
    for number, example in enumerate(examples()):
        if blame.blocker(target, claim, Case(), example):
            continue  # The target does not build the network as described.
        for exact in (True, False):
            net = Subject(target.suite, example, target.conventions)
            try:
                carried = exported(net, target.id, exact=exact)
            except Inapplicable:
                continue
            kind = "integers" if exact else "random"
            transfer.write(carried, here / f"{number:03}-{kind}.safetensors")
            count += 1
    print(f"{target.id}: {count} networks written to {here}")


def examples() -> list[Example]:
    """The fixed networks, and drawn ones that are the same each time."""
    found = list(EDGES)

    @hypothesis.settings(
        max_examples=DRAWN,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(networks(WIDTHS))
    def draw(example: Example) -> None:
        found.append(example)

    draw()
    return list(dict.fromkeys(found))


# -- in -----------------------------------------------------------------------------------------
@dataclass
class Exchange(Trial):
    """A trial of a claim on the networks that another target wrote."""

    files: list[File] = field(default_factory=list)
    _carried: transfer.Carried | None = None

    def subject(self, suite: Suite, example: Example) -> Subject:
        """The subject into which the file's parameters are carried."""
        return replace(super().subject(suite, example), carried=self._carried)

    def command(self, example: Example | None) -> str:
        """The shell command that reproduces the failure."""
        return f"paramlaws transfer import --suite {self.target.suite.name}"

    def _run(self) -> None:
        for file in self.files:
            self._carried = transfer.read(file)
            self._try_fixed(self._carried.example)


def run(target: Target, folder: File, results: File) -> int:
    """Tries the networks of all other targets; returns the number of failing verdicts.

    Raises TransferError if there are none.
    """
    trials = list(_trials(target, folder))
    if not trials:
        raise TransferError(f"{folder} holds no networks of other targets: export some first")
    journal = Journal(results / f"transfer-{target.id}.jsonl")
    journal.write(_header(target, trials))
    failed = 0
    for trial in trials:
        record = trial.run()
        journal.write(record.line())
        failed += record.verdict in FAILING
        message = f": {record.message}" if record.message else ""
        print(
            f"{target.id}: {trial.claim.id} {trial.case}: {record.verdict} "
            f"on {record.examples} networks{message}"
        )
    journal.write(footer(target.id, len(trials), now()))
    journal.close()
    return failed


def _trials(target: Target, folder: File) -> Iterator[Exchange]:
    for claim_id in CLAIMS:
        for origin in sorted(path for path in folder.glob("*") if path.is_dir()):
            files = sorted(origin.glob("*.safetensors"))
            if origin.name != target.id and files:
                case = Case(variant=f"from {origin.name}")
                yield Exchange(target, CATALOGUE[claim_id], case, files=files)


def _header(target: Target, trials: Sequence[Trial]) -> dict[str, Any]:
    return header(
        target,
        {
            "seed": None,
            "profile": "exchange",
            "examples": None,
            "sizes": list(WIDTHS),
            "started": now(),
            "paramlaws": version("paramlaws"),
            "command": f"paramlaws transfer import --suite {target.suite.name}",
        },
        [{"claim": trial.claim.id, "case": trial.case.text} for trial in trials],
        whole=False,
    )
