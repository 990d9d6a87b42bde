"""What changed between two reports, and between versions of one framework."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, TypeAlias

from paramlaws.reports.labels import shown
from paramlaws.reports.names import name as name_of
from paramlaws.reports.names import release
from paramlaws.reports.rows import by_target

Data: TypeAlias = dict[str, Any]
Key: TypeAlias = "tuple[str, str | None]"

#: Verdicts with higher numbers are worse; those with equal numbers are neither better nor worse.
_RANK = {
    "holds": 0,
    "departs": 1,
    "unsupported": 1,
    "not-run": 2,
    "stale": 3,
    "errored": 3,
    "violated": 3,
}


@dataclass(frozen=True)
class Change:
    """A changed verdict or behaviour of one claim in one case.

    before, after: verdict and behaviour; None if the report has no such claim or case.
    """

    target: str
    claim: str
    case: str | None
    before: tuple[str, str | None] | None
    after: tuple[str, str | None] | None
    message: str | None

    @property
    def is_worse(self) -> bool:
        """Whether the verdict became worse: from holding, say, to a departure or to no result."""
        return _rank(self.after) > _rank(self.before)


@dataclass(frozen=True)
class Difference:
    """The differences between two reports.

    came, gone: targets and claims that only the new report has, and only the old one.
    """

    changes: tuple[Change, ...]
    came: tuple[str, ...]
    gone: tuple[str, ...]
    compared: int

    @property
    def worse(self) -> tuple[Change, ...]:
        """The changes for the worse."""
        return tuple(change for change in self.changes if change.is_worse)

    def data(self) -> Data:
        """The differences as plain data, for templates and for JSON."""
        changes = [{**asdict(change), "worse": change.is_worse} for change in self.changes]
        return {**asdict(self), "changes": changes, "worse": len(self.worse)}


def _rank(seen: tuple[str, str | None] | None) -> int:
    # A new case cannot have been better before, and a case that is gone counts as no result.
    return _RANK["not-run"] if seen is None else _RANK[seen[0]]


def difference(old: Data, new: Data) -> Difference:
    """The differences of the new report from the old one.

    Targets are compared with those of the same id, or else of the same suite, if each report has
    only one of that suite.
    """
    before, after = _targets(old), _targets(new)
    claims = [{claim["id"] for claim in report["claims"]} for report in (old, new)]
    came = [f"claim {name}" for name in sorted(claims[1] - claims[0])]
    gone = [f"claim {name}" for name in sorted(claims[0] - claims[1])]
    changes: list[Change] = []
    old_rows, new_rows = by_target(old), by_target(new)
    pairs = dict(_pairs(before, after))
    for first, second in pairs.items():
        one, other = name_of(before[first]), name_of(after[second])
        name = one if first == second else f"{one} → {other}"
        both = claims[0] & claims[1]
        changes += _changes(name, _rows(old_rows[first]), _rows(new_rows[second]), both)
    came += [f"target {name}" for name in after if name not in pairs.values()]
    gone += [f"target {name}" for name in before if name not in pairs]
    changes.sort(key=lambda change: not change.is_worse)
    return Difference(tuple(changes), tuple(came), tuple(gone), len(pairs))


def _targets(report: Data) -> dict[str, Data]:
    return {target["id"]: target for target in report["targets"] if target["run"] is not None}


def _pairs(before: Mapping[str, Data], after: Mapping[str, Data]) -> Iterator[tuple[str, str]]:
    """The ids of targets that correspond: the same target, or other versions of it."""
    for name, target in before.items():
        if name in after:
            yield name, name
            continue
        old = [i for i, t in before.items() if t["suite"] == target["suite"] and i not in after]
        new = [i for i, t in after.items() if t["suite"] == target["suite"] and i not in before]
        if len(old) == len(new) == 1:
            yield name, new[0]


def _rows(rows: Iterable[Data]) -> dict[Key, Data]:
    """The rows by claim and case, with origins of transfers reduced to their names."""
    return {
        (row["claim"], row["case"]): row
        for row in rows
        if not (row["case"] or "").startswith("from ")
    }


def _changes(
    target: str, before: Mapping[Key, Data], after: Mapping[Key, Data], claims: set[str]
) -> Iterator[Change]:
    for key in dict.fromkeys((*before, *after)):
        seen = [
            (rows[key]["verdict"], rows[key]["behaviour"]) if key in rows else None
            for rows in (before, after)
        ]
        if key[0] in claims and seen[0] != seen[1]:
            message = after[key]["message"] if key in after else None
            yield Change(target, *key, seen[0], seen[1], message)


def by_version(report: Data) -> list[Data]:
    """For each framework with several versions, what changed in which of them."""
    found = []
    rows_of = by_target(report)
    claims = {claim["id"]: claim for claim in report["claims"]}
    for suite in dict.fromkeys(target["suite"] for target in report["targets"]):
        versions = [t for t in _targets(report).values() if t["suite"] == suite]
        versions.sort(key=release)
        for one, other in pairwise(versions):
            rows = _rows(rows_of[one["id"]]), _rows(rows_of[other["id"]])
            changes = [
                {
                    **asdict(change),
                    "topic": claims[change.claim]["topic"] or change.claim,
                    "case": shown(change.case),
                    "before": _in_words(claims[change.claim], change.before),
                    "after": _in_words(claims[change.claim], change.after),
                }
                for change in _changes(name_of(other), *rows, {*claims})
            ]
            found.append({"before": one, "after": other, "changes": changes})
    return found


def _in_words(claim: Data, seen: tuple[str, str | None] | None) -> tuple[str, str] | None:
    """A verdict, and the behaviour in words."""
    if seen is None:
        return None
    verdict, behaviour = seen
    return verdict, claim["words"].get(behaviour, behaviour or "")
