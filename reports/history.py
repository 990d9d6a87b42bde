"""A compat table for people: the course of claims over releases, and what changed with each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, TypeAlias

from paramlaws.reports.labels import label
from paramlaws.reports.names import public
from paramlaws.reports.statements import UNKNOWN, span

Data: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """A statement about a claim, with the cases that it is true of.

    cases: in words; empty where it is in all.
    text: from which release to which.
    pieces: the releases as a bar, as runs: how many there are, and whether they are meant.
    """

    statement: Data
    cases: str
    text: str
    pieces: tuple[tuple[int, bool], ...]


@dataclass(frozen=True)
class Course:
    """A claim on one framework, over all of its releases."""

    suite: str
    framework: str
    versions: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def changes(self) -> bool:
        """Whether the answer differs between releases."""
        known = (line.statement for line in self.lines if line.statement["verdict"] not in UNKNOWN)
        return any(statement["after"] for statement in known)


@dataclass(frozen=True)
class Change:
    """A claim on which a release differs from the last earlier release whose answer is known.

    cases: in words; empty where it is in all.
    before, after: the statements.
    """

    claim: str
    topic: str
    cases: str
    before: Data
    after: Data


@dataclass(frozen=True)
class Step:
    """Two successive releases, and what changed between them."""

    before: str
    after: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class History:
    """The releases of one framework, the newest first."""

    suite: str
    framework: str
    package: str
    versions: tuple[str, ...]
    holes: tuple[Data, ...]
    steps: tuple[Step, ...]


def courses(table: Data, claims: Iterable[Data], suites: Iterable[str]) -> dict[str, list[Course]]:
    """By claim id, the claim's course on each framework with several releases.

    claims: the report's claims; those of a revision other than the table's are left out.
    suites: the report's suites.
    """
    found: dict[str, list[Course]] = {}
    several = _several(table, suites)
    for claim in claims:
        own = table["claims"].get(claim["id"])
        if own is None or own["revision"] != claim["revision"]:
            continue
        for suite in several:
            versions = _versions(table, suite)
            if lines := tuple(_lines(_cases(own, suite), versions)):
                course = Course(suite, table["suites"][suite]["framework"], versions, lines)
                found.setdefault(claim["id"], []).append(course)
    return found


def histories(table: Data, suites: Iterable[str]) -> list[History]:
    """What changed with each release, for each framework with several releases."""
    return [_history(table, suite) for suite in _several(table, suites)]


class SinceWhen:
    """Looks up since which release a report's targets do what they do.

    report: the whole one.
    """

    def __init__(self, report: Data) -> None:
        self._table = report["compat"]
        self._targets = {target["id"]: target for target in report["targets"]}
        self._revisions = {claim["id"]: claim["revision"] for claim in report["claims"]}

    def __call__(self, claim: str, target: str, cases: Collection[str | None]) -> str:
        """Words such as "since ≤1.9"; empty if it is unknown or differs between the cases."""
        entry, facts = self._table["claims"].get(claim), self._targets[target]
        if entry is None or entry["revision"] != self._revisions[claim]:
            return ""
        if not _several(self._table, [facts["suite"]]):
            return ""
        found = {
            one["since"]
            for own in _cases(entry, facts["suite"])
            for one in own["statements"]
            if own["case"] in cases and public(facts) in one["tested"]
        }
        return f"since {found.pop()}" if len(found) == 1 else ""


def markdown(table: Data) -> str:
    """A table's changes between successive releases, as Markdown."""
    return "".join(f"{line}\n" for line in _markdown(table))


def _markdown(table: Data) -> Iterator[str]:
    yield "# What changed, release by release"
    yield ""
    yield "Written by `paramlaws compat`, from measurement alone. `≤` marks what may have changed"
    yield "with an earlier release, of which nothing is known."
    for history in histories(table, table["suites"]):
        oldest, newest = history.versions[0], history.versions[-1]
        yield ""
        yield f"## {history.framework}, {oldest} to {newest}"
        yield ""
        changed = [step for step in history.steps if step.changes]
        for step in changed:
            for one in step.changes:
                case = f" [{one.cases}]" if one.cases else ""
                said = f"{one.before['words']} → {one.after['words']}"
                yield f"- **{one.after['since']}** `{one.claim}`{case}, {one.topic}: {said}"
        if not changed:
            yield "Nothing changed."
        for hole in history.holes:
            yield f"- not run: `{' '.join(hole['pins'])}`: {hole['reason']}"


def _several(table: Data, suites: Iterable[str]) -> list[str]:
    """The suites with several releases in the table."""
    several = {name for name, of in table["suites"].items() if len(of["releases"]) > 1}
    return [name for name in dict.fromkeys(suites) if name in several]


def _versions(table: Data, suite: str) -> tuple[str, ...]:
    return tuple(one["version"] for one in table["suites"][suite]["releases"])


def _cases(claim: Data, suite: str) -> Sequence[Data]:
    support: Data = claim["support"].get(suite, {})
    cases: Sequence[Data] = support.get("cases", ())
    return cases


def _lines(cases: Sequence[Data], versions: Sequence[str]) -> Iterator[Line]:
    """The statements, with one line for those that are equal in several cases."""
    supported = [own["case"] for own in cases]
    told: dict[str, tuple[Data, list[str | None]]] = {}
    for own in cases:
        for one in own["statements"]:
            told.setdefault(repr(one), (one, []))[1].append(own["case"])
    for one, chosen in told.values():
        marks = [version in one["tested"] for version in versions]
        pieces = tuple((len([*group]), mark) for mark, group in groupby(marks))
        yield Line(one, label(chosen, supported), span(one), pieces)


def _history(table: Data, suite: str) -> History:
    of, versions = table["suites"][suite], _versions(table, suite)
    changes: dict[str, list[Change]] = {}
    for claim, entry in table["claims"].items():
        for version, change in _changes(claim, entry["topic"], _cases(entry, suite)):
            changes.setdefault(version, []).append(change)
    steps = [
        Step(before, after, tuple(changes.get(after, ()))) for before, after in pairwise(versions)
    ]
    holes = tuple(of["holes"])
    return History(suite, of["framework"], of["package"], versions, holes, tuple(reversed(steps)))


def _changes(claim: str, topic: str, cases: Sequence[Data]) -> Iterator[tuple[str, Change]]:
    """Each change with the first release that shows it; equal changes of several cases are one."""
    supported = [own["case"] for own in cases]
    told: dict[str, tuple[Data, Data, list[str | None]]] = {}
    for own in cases:
        known = [one for one in own["statements"] if one["verdict"] not in UNKNOWN]
        for one in known:
            before = next((each for each in known if one["after"] in each["tested"]), None)
            if before is not None:
                told.setdefault(repr((before, one)), (before, one, []))[2].append(own["case"])
    for before, after, chosen in told.values():
        change = Change(claim, topic, label(chosen, supported), before, after)
        yield after["tested"][0], change
