"""The outcomes of faults, and the file that holds them."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.suite import Suite

SCHEMA_VERSION = 2
#: The smoke check, which catches faults that show on the networks that measure the conventions.
SMOKE = "smoke"


@dataclass(frozen=True)
class Catch:
    """A claim that a fault turned red, and how many examples it took."""

    claim: str
    case: str | None
    verdict: str
    examples: int
    message: str


@dataclass(frozen=True)
class Outcome:
    """The outcome of one fault.

    by: the claims about it that caught it; `SMOKE` if the smoke check did.
    book: whether the claims about it catch it even on the chapter's own networks; None if they
        cannot be tried on these.
    findings: all red and unblocked cells, in the order in which they were tried.
    blocked: how many claims were not judged because of these.
    """

    fault: str
    statement: str
    about: tuple[str, ...]
    like: str | None
    by: tuple[str, ...]
    book: bool | None
    findings: tuple[Catch, ...]
    blocked: int

    @property
    def claims(self) -> tuple[str, ...]:
        """The claims among the findings, each once."""
        return tuple(dict.fromkeys(catch.claim for catch in self.findings))

    @property
    def examples(self) -> int | None:
        """How many examples the quickest claim about it needed; None if it slipped through."""
        needed = [catch.examples for catch in self.findings if catch.claim in self.by]
        return min(needed, default=None)

    def record(self) -> dict[str, Any]:
        """The outcome as the file has it."""
        return {**asdict(self), "examples": self.examples}

    def __str__(self) -> str:
        claims = ", ".join(self.claims) or "none"
        if not self.by:
            return f"{self.fault}: SLIPPED THROUGH {', '.join(self.about)}; red: {claims}"
        after = f"caught by {', '.join(self.by)} at example {self.examples}"
        return f"{self.fault}: {after}; red: {claims}; blocked: {self.blocked}"


@dataclass(frozen=True)
class Outcomes:
    """The outcomes of all faults of a suite, as a report reads them."""

    suite: str
    framework: str
    versions: dict[str, str]
    outcomes: tuple[Outcome, ...]

    @classmethod
    def of(cls, suite: Suite, found: Sequence[Outcome]) -> Outcomes:
        """The outcomes with the versions of a suite that is installed here."""
        return cls(suite.name, suite.framework, dict(suite.versions()), tuple(found))

    def write(self, file: Path) -> None:
        """Writes them as JSON, described by `power.schema.json` among the reports."""
        record = {
            "schema_version": SCHEMA_VERSION,
            "revisions": {claim.id: claim.revision for claim in CATALOGUE},
            "suite": self.suite,
            "framework": self.framework,
            "versions": self.versions,
            "measured": datetime.now(UTC).date().isoformat(),
            "faults": [outcome.record() for outcome in self.outcomes],
        }
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def summary(found: Sequence[Outcome]) -> str:
    """A line with how many faults were caught, and the median examples and findings per fault."""
    caught = [outcome for outcome in found if outcome.by]
    needed = [outcome.examples for outcome in caught if outcome.examples is not None]
    findings = [len(outcome.claims) for outcome in found]
    unseen = sum(outcome.book is False for outcome in caught)
    return (
        f"{len(caught)} of {len(found)} faults caught; the chapter's networks would miss "
        f"{unseen} of them; median examples {statistics.median(needed) if needed else '-'}, "
        f"median findings per fault {statistics.median(findings) if findings else '-'}"
    )
