"""Merging runs of any number of files and machines into one comparison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from paramlaws.reports.names import by_release
from paramlaws.reports.reading import Key, Record, Run, read
from paramlaws.specs.record import ResultsError
from paramlaws.specs.verdict import (
    FAILING,
    NOT_RUN,
    UNSUPPORTED,
    VERDICTS,
    WORST_FIRST,
    settled,
)

#: The most claims that are named of those that began and never ended.
NAMED = 4


@dataclass
class TargetResults:
    """One target with a verdict for each claim and case.

    facts: the target, as the report gives it.
    rows: the verdicts by claim and case, including not-run ones.
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
        """Whether there was a run that did not finish, or that has no verdict at all."""
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
    """Claims, targets and their verdicts, merged from files.

    claims: the claims of all files, each in its newest revision.
    axes: the axes of the coverage tables (`specs.space`).
    """

    claims: list[Record]
    targets: list[TargetResults]
    axes: list[Any] = field(default_factory=list)

    @property
    def notes(self) -> list[str]:
        """Problems of whole runs, in words."""
        return [note for target in self.targets for note in target.notes]

    @property
    def suspects(self) -> list[Record]:
        """Claims that may be wrong themselves, as several targets ran them and all fail.

        Targets that declare a claim unsupported, or did not run it, do not count.
        """
        found = []
        for claim in self.claims:
            worst = [target.cases(claim["id"])[0]["verdict"] for target in self.targets]
            ran = [verdict for verdict in worst if verdict not in (NOT_RUN, UNSUPPORTED)]
            if len(ran) > 1 and all(verdict in FAILING for verdict in ran):
                sign = f"all {len(ran)} targets that ran it fail it"
                found.append({"claim": claim["id"], "sign": sign})
        return found


def merge(paths: Iterable[Path], expected: Mapping[str, str] | None = None) -> Comparison:
    """The comparison of all runs in the files, in whatever order.

    paths: results files; the same one may be given twice.
    expected: suites that should have results, with the reason to show if one has not.

    Files merge claim by claim: a verdict about an older revision of a claim is not shown as one
    about the newest, and a claim that a file does not know counts as not run there.

    Raises ResultsError, naming the files and the values, if two files have different verdicts of
    one target on one revision of a claim, if one revision of a claim differs between files, and if
    there is nothing to show.
    """
    runs = [run for path in sorted(set(paths)) for run in read(path)]
    if not runs:
        if not expected:
            raise ResultsError("no results to report on: run pytest first")
        return Comparison([], [_absent([], *pair) for pair in sorted(expected.items())])
    claims = _newest(runs)
    by_target: dict[str, list[Run]] = {}
    for run in runs:
        by_target.setdefault(run.target, []).append(run)
    targets = [_target(claims, group) for group in by_target.values()]
    targets.sort(key=lambda target: by_release(target.facts))
    present = {target.facts["suite"] for target in targets}
    for suite, reason in sorted((expected or {}).items()):
        if suite not in present:
            targets.append(_absent(claims, suite, reason))
    first = runs[0]
    axes = first.header.get("axes", [])
    for run in runs:
        if run.header.get("axes", axes) != axes:
            raise ResultsError(
                f"{first.file} and {run.file} say by different axes what was explored: they are of "
                "different versions of paramlaws; make the older one again"
            )
    return Comparison(claims, targets, axes)


def _newest(runs: Sequence[Run]) -> list[Record]:
    """Each claim in its newest revision, in the order of the file that knows most claims.

    The wording is that of the latest run. Raises ResultsError if the kind or the behaviours of one
    revision differ, since results are interpreted by them.
    """
    found: dict[str, tuple[Run, Record]] = {}
    latest = sorted(runs, key=lambda run: str(run.header["run"]["started"]), reverse=True)
    for run in latest:
        for claim in run.header["claims"]:
            other, known = found.setdefault(claim["id"], (run, claim))
            if claim["revision"] > known["revision"]:
                found[claim["id"]] = (run, claim)
            elif claim["revision"] == known["revision"]:
                for what in ("kind", "behaviours"):
                    if claim[what] != known[what]:
                        raise ResultsError(
                            f"{other.file} and {run.file} differ on {claim['id']}, revision "
                            f"{claim['revision']}: {what} {known[what]!r} and {claim[what]!r}; one "
                            "has been altered: make both again"
                        )
    order = max(latest, key=lambda run: len(run.catalogue)).catalogue
    names = dict.fromkeys((*order, *found))
    return [found[name][1] for name in names]


def _target(claims: Sequence[Record], runs: Sequence[Run]) -> TargetResults:
    revisions = {claim["id"]: claim["revision"] for claim in claims}
    found = _found(runs)
    current = [row for key, row in found.items() if row["revision"] == revisions[key[0]]]
    rows = {
        key: _older(row, revisions[key[0]])
        for key, row in found.items()
        if row["revision"] != revisions[key[0]]
    }
    rows |= {(row["claim"], row["case"]): dict(row) for row in settled(current)}
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
                f"{_under_way(run)}"
            )
        for key in missing:
            if key in run.begun or key not in rows:
                word = "during" if key in run.begun else "before"
                rows[key] = _not_run(run.target, key, f"the run ended {word} this claim")
    named = {claim for claim, _ in rows}
    for claim in claims:
        if claim["id"] not in named:
            key = (claim["id"], None)
            known = any(claim["id"] in run.catalogue for run in runs)
            reason = "not selected in this run" if known else "newer than the version of this run"
            rows[key] = _not_run(runs[0].target, key, reason)
    order = {claim["id"]: position for position, claim in enumerate(claims)}
    sort = sorted(rows.items(), key=lambda item: (order[item[0][0]], item[0][1] or ""))
    # The run from which most of the verdicts come.
    main = max(runs, key=lambda run: (len(run.planned), str(run.header["run"]["started"])))
    facts = {**main.header["target"], "run": main.header["run"]}
    return TargetResults(facts, dict(sort), all(run.complete for run in runs), sorted(set(notes)))


def _under_way(run: Run) -> str:
    """The claims that an unfinished run was trying: at most one per process."""
    names = [f"{claim}[{case}]" if case else claim for claim, case in run.under_way]
    more = f" and {len(names) - NAMED} others" if len(names) > NAMED else ""
    return f"; it was at {', '.join(names[:NAMED])}{more}" if names else ""


def _found(runs: Sequence[Run]) -> dict[Key, Record]:
    """The verdicts of one target: within a file the later counts, between files they must agree."""
    files: dict[Path, dict[Key, Record]] = {}
    for run in runs:
        files.setdefault(run.file, {}).update(run.verdicts)
    found: dict[Key, tuple[Path, Record]] = {}
    for file, verdicts in files.items():
        for key, new in verdicts.items():
            first, old = found.setdefault(key, (file, new))
            if new["revision"] != old["revision"]:
                found[key] = max((first, old), (file, new), key=lambda pair: pair[1]["revision"])
                continue
            for what in ("verdict", "behaviour"):
                if new[what] != old[what]:
                    claim = f"{key[0]}[{key[1]}]" if key[1] else key[0]
                    raise ResultsError(
                        f"{first} and {file} contradict each other on {claim} of "
                        f"{runs[0].target}: {what} {old[what]!r} and {new[what]!r}; "
                        "leave one of the files out"
                    )
    return {key: record for key, (_, record) in found.items()}


def _older(row: Record, revision: int) -> Record:
    """The not-run row that replaces a verdict about an older revision of a claim."""
    reason = (
        f"{row['verdict']} in revision {row['revision']} of this claim, and revision {revision} is "
        "shown: run it again"
    )
    return _not_run(row["target"], (row["claim"], row["case"]), reason)


def _not_run(target: str, key: Key, message: str) -> Record:
    empty: dict[str, Any] = dict.fromkeys(
        ("behaviour", "expected", "counterexample", "unsupported", "reproduce")
    )
    return {
        "target": target,
        "claim": key[0],
        "case": key[1],
        "verdict": "not-run",
        "revision": None,
        "examples": 0,
        "fixed": 0,
        "drawn": 0,
        "distinct": 0,
        "blocked": {},
        "seconds": 0.0,
        "message": message,
        "occurred": {},
        "departures": [],
        "untried": [],
        **empty,
    }


def _absent(claims: Sequence[Record], suite: str, reason: str) -> TargetResults:
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
    return TargetResults(facts, rows, False, [f"{suite}: not run: {reason}"])
