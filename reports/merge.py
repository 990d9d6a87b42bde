"""Merging runs of any number of files and machines into one comparison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from paramlaws.reports.reading import Key, Record, Run, read
from paramlaws.reports.records import VERDICTS, WORST_FIRST, ResultsError


@dataclass
class Target:
    """One target with a verdict for each claim and case.

    rows: by claim and case, not-run ones included.
    """

    facts: Record
    rows: dict[Key, Record]
    complete: bool
    notes: list[str]

    @property
    def id(self) -> str:
        """The target's id."""
        return str(self.facts["id"])

    @property
    def cut_short(self) -> bool:
        """Whether there was a run and it has no end, or has no verdict at all."""
        empty = all(row["verdict"] == "not-run" for row in self.rows.values())
        return self.facts["run"] is not None and (empty or not self.complete)

    def cases(self, claim: str) -> list[Record]:
        """The rows of a claim, the worst first."""
        return self._by_claim[claim]

    @cached_property
    def _by_claim(self) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = {}
        for row in sorted(self.rows.values(), key=lambda row: WORST_FIRST.index(row["verdict"])):
            found.setdefault(row["claim"], []).append(row)
        return found

    def counts(self, claims: Sequence[Record]) -> dict[str, int]:
        """How many claims have each verdict, by their worst case."""
        found = Counter(self.cases(claim["id"])[0]["verdict"] for claim in claims)
        return {verdict: found[verdict] for verdict in VERDICTS}


@dataclass
class Comparison:
    """Claims, targets and what the files say of them.

    axes: those of the tables of what was explored.
    """

    catalogue: str
    claims: list[Record]
    targets: list[Target]
    axes: list[Any] = field(default_factory=list)

    @property
    def notes(self) -> list[str]:
        """What went wrong with whole runs."""
        return [note for target in self.targets for note in target.notes]

    @property
    def suspects(self) -> list[Record]:
        """Claims that no target ran, and claims that every target fails: suspect the claim."""
        found = []
        for claim in self.claims:
            worst = [target.cases(claim["id"])[0]["verdict"] for target in self.targets]
            ran = [verdict for verdict in worst if verdict not in ("not-run", "unsupported")]
            if not ran:
                found.append({"claim": claim["id"], "sign": "no target ran it"})
            elif len(ran) > 1 and all(v in ("violated", "stale", "errored") for v in ran):
                found.append({"claim": claim["id"], "sign": "every target fails it"})
        return found


def merge(paths: Iterable[Path], expected: Mapping[str, str] | None = None) -> Comparison:
    """What the files say together, whatever their order.

    paths: results files; the same one may be given twice.
    expected: suites that should be there, with the reason to show where one is not.

    Raises ResultsError, naming the files and the values, for files of different catalogues, and for
    different verdicts of one target on one claim in two files; and where there is nothing to show.
    """
    runs = [run for path in sorted(set(paths)) for run in read(path)]
    if not runs:
        if not expected:
            raise ResultsError("no results to report on: run pytest first")
        return Comparison("", [], [_absent([], *pair) for pair in sorted(expected.items())])
    first = runs[0]
    for run in runs:
        if run.header["catalogue"] != first.header["catalogue"]:
            raise ResultsError(
                f"{first.file} is of catalogue {first.header['catalogue']} and {run.file} of "
                f"{run.header['catalogue']}: results of different claims do not merge; make the "
                "older ones again"
            )
        if set(run.catalogue) != set(first.catalogue):
            raise ResultsError(
                f"{first.file} and {run.file} list different claims for the one catalogue "
                f"{run.header['catalogue']}: one has been altered; make both again"
            )
    claims = first.header["claims"]
    by_target: dict[str, list[Run]] = {}
    for run in runs:
        by_target.setdefault(run.target, []).append(run)
    targets = [_target(claims, group) for _, group in sorted(by_target.items())]
    present = {target.facts["suite"] for target in targets}
    for suite, reason in sorted((expected or {}).items()):
        if suite not in present:
            targets.append(_absent(claims, suite, reason))
    axes = first.header.get("axes", [])
    for run in runs:
        if run.header.get("axes", axes) != axes:
            raise ResultsError(
                f"{first.file} and {run.file} say by different axes what was explored: they are of "
                "different versions of paramlaws; make the older one again"
            )
    return Comparison(first.header["catalogue"], claims, targets, axes)


def _target(claims: Sequence[Record], runs: Sequence[Run]) -> Target:
    found = _found(runs)
    rows = dict(found)
    notes = []
    if not found:
        names = ", ".join(sorted({run.file.name for run in runs}))
        notes.append(f"{names}: the run of {runs[0].target} has no verdict")
    for run in runs:
        missing = [key for key in run.planned if key not in found]
        if run.complete and not missing:
            continue
        if not run.complete:
            notes.append(
                f"{run.file.name}: the run of {run.target} has no end: it died or was stopped; "
                f"{len(missing)} of {len(run.planned)} planned checks have no verdict"
            )
        for key in missing:
            if key in run.begun or key not in rows:
                word = "during" if key in run.begun else "before"
                rows[key] = _not_run(run.target, key, f"the run ended {word} this claim")
    named = {claim for claim, _ in rows}
    for claim in claims:
        if claim["id"] not in named:
            key = (claim["id"], None)
            rows[key] = _not_run(runs[0].target, key, "not selected in this run")
    order = {claim["id"]: position for position, claim in enumerate(claims)}
    sort = sorted(rows.items(), key=lambda item: (order[item[0][0]], item[0][1] or ""))
    # The run that most of what is shown comes from.
    main = max(runs, key=lambda run: (len(run.planned), str(run.header["run"]["started"])))
    facts = {**main.header["target"], "run": main.header["run"]}
    return Target(facts, dict(sort), all(run.complete for run in runs), sorted(set(notes)))


def _found(runs: Sequence[Run]) -> dict[Key, Record]:
    """The verdicts of one target: in a file the later one counts, between files they must agree."""
    files: dict[Path, dict[Key, Record]] = {}
    for run in runs:
        files.setdefault(run.file, {}).update(run.verdicts)
    found: dict[Key, tuple[Path, Record]] = {}
    for file, verdicts in files.items():
        for key, new in verdicts.items():
            first, old = found.setdefault(key, (file, new))
            for what in ("verdict", "behaviour"):
                if new[what] != old[what]:
                    claim = f"{key[0]}[{key[1]}]" if key[1] else key[0]
                    raise ResultsError(
                        f"{first} and {file} contradict each other on {claim} of "
                        f"{runs[0].target}: {what} {old[what]!r} and {new[what]!r}; "
                        "leave one of the files out"
                    )
    return {key: record for key, (_, record) in found.items()}


def _not_run(target: str, key: Key, message: str) -> Record:
    empty: dict[str, Any] = dict.fromkeys(
        ("behaviour", "expected", "counterexample", "unsupported", "reproduce")
    )
    return {
        "target": target,
        "claim": key[0],
        "case": key[1],
        "verdict": "not-run",
        "examples": 0,
        "seconds": 0.0,
        "message": message,
        "occurred": {},
        "departures": [],
        "untried": [],
        **empty,
    }


def _absent(claims: Sequence[Record], suite: str, reason: str) -> Target:
    facts: Record = {
        "id": suite,
        "suite": suite,
        "framework": suite,
        "version": None,
        "python": None,
        "platform": None,
        "packages": {},
        "run": None,
    }
    keys: list[Key] = [(claim["id"], None) for claim in claims]
    rows = {key: _not_run(suite, key, reason) for key in keys}
    return Target(facts, rows, False, [f"{suite}: not run: {reason}"])
