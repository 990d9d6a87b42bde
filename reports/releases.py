"""Reading measurements of releases: a folder of results files, one per release."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from packaging.version import Version

from paramlaws.reports.names import public
from paramlaws.reports.names import release as version_of
from paramlaws.reports.reading import Key, Record, Run, files_in, read
from paramlaws.specs.record import ResultsError
from paramlaws.specs.verdict import settled

Data: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Release:
    """A release of a framework, and the verdicts on it.

    environment: the name of its file.
    facts: the recorded target.
    rows: the newest verdict on each claim and case.
    planned: the cases of each claim.
    """

    environment: str
    facts: Record
    rows: Mapping[Key, Record]
    planned: Mapping[str, list[str | None]]

    @property
    def version(self) -> str:
        """The framework's version, without that of the build."""
        return public(self.facts)

    @property
    def order(self) -> Version:
        """A key that sorts releases by version."""
        return version_of(self.facts)


@dataclass
class Measured:
    """All releases that were measured.

    claims: the claims of all files, each in its newest revision and latest wording.
    suites: the releases of each suite by its name, the oldest first.
    holes: releases that could not be run, with the reason.
    notes: what could not be read.
    """

    claims: dict[str, Record] = field(default_factory=dict)
    suites: dict[str, list[Release]] = field(default_factory=dict)
    holes: list[Data] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def measured(folder: Path) -> Measured:
    """The measurements in a folder, without files that cannot be read, which are noted.

    Raises ResultsError if nothing is left.
    """
    found = Measured()
    runs: dict[Path, list[Run]] = {}
    for file in files_in(folder):
        try:
            runs[file] = read(file)
        except ResultsError as error:
            found.notes.append(str(error))
    if not runs:
        problem = found.notes[0] if found.notes else f"{folder}: no results of releases are there"
        raise ResultsError(f"{problem}; `paramlaws history` makes them")
    found.claims = _claims(run for own in runs.values() for run in own)
    for file, own in runs.items():
        for release in _releases(file.name.partition(".jsonl")[0], own):
            found.suites.setdefault(release.facts["suite"], []).append(release)
    for releases in found.suites.values():
        releases.sort(key=lambda release: (release.order, release.environment))
        found.notes += _twice(releases)
    found.holes = _holes(folder / "holes.json")
    return found


def _claims(runs: Iterable[Run]) -> dict[str, Record]:
    """Each claim in its newest revision, worded as in the latest run of that revision."""
    ordered = sorted(runs, key=lambda run: str(run.header["run"]["started"]), reverse=True)
    found: dict[str, Record] = {}
    for run in ordered:
        for claim in run.header["claims"]:
            if claim["revision"] > found.setdefault(claim["id"], claim)["revision"]:
                found[claim["id"]] = claim
    order = max(ordered, key=lambda run: len(run.catalogue)).catalogue
    return {claim: found[claim] for claim in dict.fromkeys((*order, *found))}


def _releases(name: str, runs: Iterable[Run]) -> list[Release]:
    """The releases in a file, usually one; later runs take precedence."""
    targets: dict[str, tuple[Record, dict[Key, Record], dict[str, list[str | None]]]] = {}
    for run in runs:
        facts, rows, planned = targets.setdefault(run.target, (run.header["target"], {}, {}))
        facts.update(run.header["target"])
        cases: dict[str, list[str | None]] = {}
        for claim, case in run.planned:
            cases.setdefault(claim, []).append(case)
        planned.update(cases)
        rows.update(run.verdicts)
    return [
        Release(name, facts, _settled(rows), planned) for facts, rows, planned in targets.values()
    ]


def _settled(rows: Mapping[Key, Record]) -> dict[Key, Record]:
    return {(row["claim"], row["case"]): dict(row) for row in settled(rows.values())}


def _twice(releases: list[Release]) -> list[str]:
    """Keeps one release of each version, and returns messages about the others."""
    notes = []
    seen: dict[str, Release] = {}
    for release in list(releases):
        first = seen.setdefault(release.version, release)
        if first is not release:
            releases.remove(release)
            notes.append(
                f"{release.environment} and {first.environment} are both of {release.version}; the "
                "latter is shown"
            )
    return notes


def _holes(file: Path) -> list[Data]:
    if not file.exists():
        return []
    try:
        holes = json.loads(file.read_text(encoding="utf-8"))["holes"]
        wanted = ("environment", "suite", "pins", "reason")
        return [{name: hole[name] for name in wanted} for hole in holes]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ResultsError(f"{file}: cannot be read ({error}); delete it") from error
