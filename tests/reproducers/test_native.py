"""What is said of a framework is shown in its own words, on the one that is installed here."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from paramlaws.runner import subprocesses
from paramlaws.specs.case import Case
from paramlaws.specs.claim import CONVENTION, Claim
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.suite import Suite
from paramlaws.suites import registry, sections
from paramlaws.suites.knowledge import Knowledge
from paramlaws.suites.known import load
from paramlaws.suites.reference import Reference
from paramlaws.suites.sections import Section
from paramlaws.suites.targets import table
from tests.reproducers.installed import is_here, missing_import

FOLDER = Path(str(files("paramlaws.suites")))
SCRIPTS = sorted(FOLDER.joinpath("native").glob("*.py"))
SECTIONS = [section for script in SCRIPTS for section in sections.read(script).values()]
SUITES = [name for name in table().suites if name != Reference.name]


def _tables(suite: str) -> list[dict[str, Any]]:
    text = FOLDER.joinpath(f"{table().suites[suite].module}.toml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text).get("native", [])
    return found


def _named(entry: dict[str, Any]) -> set[str]:
    """The sections that a table names."""
    shown = entry["shows"].values()
    return {name for names in shown for name in ([names] if isinstance(names, str) else names)}


@pytest.mark.parametrize("section", SECTIONS, ids=lambda s: f"{s.file.stem}-{s.name}")
def test_native_lines_show_what_they_say(section: Section) -> None:
    """Each section, which asserts it, ends without an error."""
    if missing := missing_import(section.script):
        pytest.skip(f"{missing} is not installed here; its own environment runs this script")
    said = [
        (suite, entry["versions"])
        for suite in SUITES
        for entry in _tables(suite)
        if entry["script"] == section.file.name and section.name in _named(entry)
    ]
    assert said, "no suite names this section"
    if not any(is_here(*entry) for entry in said):
        pytest.skip(f"about {said[0][1]}, and another release is here")
    # One process for all of them, which imports the framework once.
    subprocesses.run(Reference(), section.run)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_each_section_is_used(script: Path) -> None:
    """None shows what nobody says."""
    entries = [entry for suite in SUITES for entry in _tables(suite)]
    used = {name for e in entries if e["script"] == script.name for name in _named(e)}
    assert sections.read(script).keys() - used == set()


def _departs_everywhere(suite: Suite, known: Knowledge, claim: Claim, case: Case) -> bool:
    """Whether no example that is always tried is left on which the claim holds.

    Where what it builds on departs, there is nothing to say of it.
    """
    departures = known.departures_of(claim, case)
    for foundation in CATALOGUE.foundations(claim):
        for other in foundation.cases_on(suite):
            if other.tie in (case.tie, None):
                departures += known.departures_of(foundation, other)
    left_out = [d.covers for d in departures if not d.sometimes]
    left_out += [entry.covers for entry in known.untried_by(claim, case)]
    return all(any(covers(example) for covers in left_out) for example in claim.edges_of(case))


def _unshown(suite: Suite, known: Knowledge, claim: Claim, case: Case) -> Iterator[str]:
    """What is said of a supported case and no native lines show."""
    departures = known.departures_of(claim, case)
    for departure in departures:
        observed = departure.behaviour or str(departure.exception)
        if not (departure.reproducer or known.shown_natively(claim, case, observed)):
            yield observed
    if departures and _departs_everywhere(suite, known, claim, case):
        return
    expected = known.expected(claim, case)
    if claim.kind == CONVENTION and expected is None:
        # Nothing is expected: what is seen is told, and one of the behaviours must be shown.
        possible = {entry.behaviour for entry in known.native if entry.behaviour}
        if not any(known.shown_natively(claim, case, behaviour) for behaviour in possible):
            yield "any behaviour"
    elif not known.shown_natively(claim, case, expected):
        yield expected or "holds"


@pytest.mark.parametrize("name", SUITES)
def test_nothing_is_said_without_native_lines(name: str) -> None:
    """Of each claim and case that is supported, what the report says of it is shown."""
    try:
        suite = registry.load(name)
    except registry.Unavailable as error:
        pytest.skip(str(error))
    known = load(suite.knowledge, suite.versions())
    unshown = [
        f"{claim.id}[{case}]: {what}"
        for claim in CATALOGUE
        for case in claim.cases_on(suite)
        if known.unsupported_by(claim, case) is None
        for what in _unshown(suite, known, claim, case)
    ]
    assert unshown == []
