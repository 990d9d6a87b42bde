"""What fails in a report, what causes it first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from paramlaws.reports import words
from paramlaws.reports.names import short_names
from paramlaws.specs.verdict import ERRORED, FAILING, NOT_RUN, UNSUPPORTED

Data: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Failure:
    """A claim, in one of its cases, that fails on a target.

    target: its name.
    message: the first line of what was recorded.
    command: what to type to see it again.
    blocked_by: the claims that keep it from being judged; empty where it is a cause itself.
    """

    claim: Data
    row: Data
    target: str
    message: str
    command: str | None
    blocked_by: tuple[str, ...] = ()

    @property
    def cell(self) -> str:
        """The claim's id with its case."""
        return words.cell(self.row)

    @property
    def topic(self) -> str:
        """What it is about: the claim's topic, or its id where an older file has none."""
        return str(self.claim["topic"] or self.claim["id"])

    @property
    def verdict(self) -> str:
        """How it fails."""
        return str(self.row["verdict"])

    @property
    def text(self) -> str:
        """The sentence: what is about what, on which target, and what happened."""
        case = f" [{self.row['case']}]" if self.row["case"] is not None else ""
        said = f": {self.message}" if self.message else ""
        return f"{self.topic}{case}, {self.target}: {self.verdict}{said}"


def failures(report: Data) -> list[Failure]:
    """The verdicts that fail: causes in the order of the catalogue, then what they block."""
    claims = {claim["id"]: (place, claim) for place, claim in enumerate(report["claims"])}
    targets = {target["id"]: target for target in report["targets"]}
    names = short_names(report)
    found = []
    for row in report["verdicts"]:
        if row["verdict"] not in FAILING:
            continue
        target = targets[row["target"]]
        again = words.command(row, target) if target["run"] else None
        found.append(
            Failure(
                claims[row["claim"]][1],
                row,
                names[row["target"]],
                words.first_line(row["message"]),
                row["reproduce"] or again,
                _blockers(row),
            )
        )
    return sorted(found, key=lambda one: (bool(one.blocked_by), claims[one.claim["id"]][0]))


def _blockers(row: Data) -> tuple[str, ...]:
    """The claims that are to blame; none where an example failed on which these hold."""
    only_blocked = row["verdict"] == ERRORED and row["counterexample"] is None
    return tuple(row["blocked"]) if only_blocked else ()


def nothing_fails(report: Data) -> str:
    """The line to show where there are no failures."""
    verdicts = [row["verdict"] for row in report["verdicts"]]
    judged = sum(verdict not in (UNSUPPORTED, NOT_RUN) for verdict in verdicts)
    if not judged:
        return "Nothing was judged."
    verbs = "holds or departs" if judged == 1 else "hold or depart"
    line = f"Nothing fails: {words.number(judged, 'check')} {verbs} as declared."
    if any(not target["complete"] for target in report["targets"]):
        line += " Not everything was run."
    return line
