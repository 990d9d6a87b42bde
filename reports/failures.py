"""The failures of a report, causes first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from paramlaws.reports import labels, words
from paramlaws.reports.names import short_names
from paramlaws.specs.verdict import ERRORED, FAILING, NOT_RUN, UNSUPPORTED

Data: TypeAlias = dict[str, Any]

#: The most claims that are named one by one.
_FEW = 5


@dataclass(frozen=True)
class Failure:
    """A claim, in one of its cases, that fails on a target.

    target: the target's name.
    message: the first line of the recorded message, or the claims that block it.
    command: the shell command that reproduces it.
    blocked_by: the claims that keep it from being judged; empty if it is a cause itself.
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
        """The claim's topic, or its id if an older file has none."""
        return str(self.claim["topic"] or self.claim["id"])

    @property
    def verdict(self) -> str:
        """The verdict that fails."""
        return str(self.row["verdict"])

    @property
    def text(self) -> str:
        """The failure in a line: what fails, on which target, and the message."""
        return f"{self.title} on {self.target}: {self.verdict}: {self.message}".rstrip(": ")

    @property
    def title(self) -> str:
        """The claim's topic and the case."""
        case = labels.shown(self.row["case"])
        return f"{self.topic} [{case}]" if case else self.topic


def failures(report: Data) -> list[Failure]:
    """The failing verdicts: causes, violations first, and then those that they block.

    Each kind is in the order of the catalogue.
    """
    claims = {claim["id"]: (place, claim) for place, claim in enumerate(report["claims"])}
    targets = {target["id"]: target for target in report["targets"]}
    names = short_names(report)
    found = []
    for row in report["verdicts"]:
        if row["verdict"] not in FAILING:
            continue
        target = targets[row["target"]]
        blockers = _blockers(row)
        again = words.command(row, target) if target["run"] else None
        found.append(
            Failure(
                claim=claims[row["claim"]][1],
                row=row,
                target=names[row["target"]],
                message=(
                    f"blocked by {words.listed(blockers)}"
                    if blockers
                    else words.first_line(row["message"])
                ),
                command=row["reproduce"] or again,
                blocked_by=blockers,
            )
        )
    return sorted(
        found,
        key=lambda one: (
            bool(one.blocked_by),
            FAILING.index(one.verdict),
            claims[one.claim["id"]][0],
        ),
    )


def _blockers(row: Data) -> tuple[str, ...]:
    """The claims to blame; none if the claim also failed on an example on which they hold."""
    only_blocked = row["verdict"] == ERRORED and row["counterexample"] is None
    return tuple(row["blocked"]) if only_blocked else ()


def nothing_fails(report: Data) -> str:
    """The line for a report without failures."""
    verdicts = [row["verdict"] for row in report["verdicts"]]
    judged = sum(verdict not in (UNSUPPORTED, NOT_RUN) for verdict in verdicts)
    if not judged:
        return "Nothing was judged."
    verbs = "holds or departs" if judged == 1 else "hold or depart"
    line = f"{words.number(judged, 'check')} {verbs} as declared"
    if any(target["run"] and not target["complete"] for target in report["targets"]):
        return f"No verdict fails ({line}), but a run did not finish."
    return f"Nothing fails: {line}."


def run_nowhere(report: Data) -> str:
    """How many claims no target ran, though one might have; empty if there are none."""
    verdicts: dict[str, set[str]] = {claim["id"]: set() for claim in report["claims"]}
    for row in report["verdicts"]:
        verdicts[row["claim"]].add(row["verdict"])
    missing = [claim for claim, found in verdicts.items() if found == {NOT_RUN}]
    if not missing:
        return ""
    were = "was" if len(missing) == 1 else "were"
    some = missing if len(missing) <= _FEW else [*missing[:3], f"{len(missing) - 3} more"]
    of_all = f"{len(missing)} of {words.number(len(verdicts), 'claim')}"
    return f"{of_all} {were} run nowhere: {words.listed(some)}."
