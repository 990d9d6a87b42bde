"""What is known of a framework: behaviours, departures and unsupported notions, read from TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from pathlib import Path as File
from typing import Any, TypeVar

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from paramlaws.specs.architecture import TIE_CASES
from paramlaws.specs.claim import CONVENTION, Claim, parts_of
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.example import Example, parse
from paramlaws.specs.features import FEATURES


class KnowledgeError(Exception):
    """A knowledge file says something that cannot be meant; the message names file and entry."""


@dataclass(frozen=True)
class Departure:
    """A difference from what the book or the law says.

    claim: the claim's id.
    reason, link: why, and where the framework says so or where it is discussed.
    smallest: the smallest example that shows it.
    versions: by package, the versions that depart, as in {"keras": ">=3"}.
    cases: the claim's cases that depart, or their ways; empty for all.
    behaviour: what is observed instead; the manner of the violation, for a law.
    exception: or the name of the exception that is raised instead.
    matching: parts, one of which that exception's message has; empty for any message.
    where: the features of the examples that show it; others must not.
    hides: claims (`tie.*` allowed) that are not tried on such examples, since they show it too.
    reproducer: a script of native lines that shows it, beside the file.
    """

    claim: str
    reason: str
    link: str
    smallest: Example
    versions: Mapping[str, str]
    cases: tuple[str, ...] = ()
    behaviour: str | None = None
    exception: str | None = None
    matching: tuple[str, ...] = ()
    where: frozenset[str] = frozenset()
    hides: tuple[str, ...] = ()
    reproducer: File | None = None

    def applies(self, case: str | None) -> bool:
        """Whether it is about this case."""
        return _is_about(self.cases, case)

    def is_shown_by(self, error: Exception) -> bool:
        """Whether this is the exception that is declared."""
        said = any(part in str(error) for part in self.matching or ("",))
        return type(error).__name__ == self.exception and said

    def covers(self, example: Example) -> bool:
        """Whether the example is one that shows it."""
        return self.where <= example.architecture.features


@dataclass(frozen=True)
class Unsupported:
    """A notion that the framework lacks: claims (`tie.*` allowed), cases, why, and a link."""

    claim: str
    reason: str
    link: str
    versions: Mapping[str, str]
    cases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Untried:
    """Examples, by feature, on which a claim is not tried, and why not."""

    claim: str
    reason: str
    where: frozenset[str]
    versions: Mapping[str, str]
    cases: tuple[str, ...] = ()

    def applies(self, case: str | None) -> bool:
        """Whether it is about this case."""
        return _is_about(self.cases, case)

    def covers(self, example: Example) -> bool:
        """Whether the example is one of them."""
        return self.where <= example.architecture.features


@dataclass(frozen=True)
class Knowledge:
    """All that is known of one target.

    book: the behaviour that the book states, by claim.
    documented: the behaviour that the framework documents where the book is silent.
    """

    book: Mapping[str, str]
    documented: Mapping[str, str]
    departures: tuple[Departure, ...] = ()
    unsupported: tuple[Unsupported, ...] = ()
    untried: tuple[Untried, ...] = ()

    def expected(self, claim: Claim) -> str | None:
        """The behaviour expected of a convention, where no departure is declared."""
        return self.book.get(claim.id) or self.documented.get(claim.id)

    def departures_of(self, claim: Claim, case: str | None) -> list[Departure]:
        """The departures declared for a claim."""
        return [d for d in self.departures if d.claim == claim.id and d.applies(case)]

    def hidden(self, claim: Claim, case: str | None) -> list[Departure | Untried]:
        """What keeps the claim from being tried on some examples."""
        departures = [
            departure
            for departure in self.departures
            if departure.claim != claim.id
            and _is_about_ties(departure.cases, case)
            and any(fnmatchcase(claim.id, pattern) for pattern in departure.hides)
        ]
        untried = [u for u in self.untried if u.claim == claim.id and u.applies(case)]
        return [*departures, *untried]

    def unsupported_by(self, claim: Claim, case: str | None) -> Unsupported | None:
        """The notion that the framework lacks for this claim, if it does."""
        for entry in self.unsupported:
            if fnmatchcase(claim.id, entry.claim) and (
                not entry.cases or set(entry.cases) & set(parts_of(case))
            ):
                return entry
        return None


def _is_about(cases: Sequence[str], case: str | None) -> bool:
    return not cases or bool(set(cases) & set(parts_of(case)[:2]))


def _is_about_ties(cases: Sequence[str], case: str | None) -> bool:
    """Whether it is about the case's way of tying; one without is about ties of every kind."""
    ties = set(parts_of(case)) & set(TIE_CASES)
    return not ties or not cases or bool(ties & set(cases))


NOTHING = Knowledge({}, {})
_Entry = TypeVar("_Entry", Departure, Unsupported, Untried)


def load(file: File | None, versions: Mapping[str, str]) -> Knowledge:
    """What the file says of these versions; nothing without a file.

    Raises KnowledgeError for unknown claims, behaviours, features or keys, and for entries without
    reason, link or smallest example.
    """
    if file is None:
        return NOTHING
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise KnowledgeError(f"{file}: cannot be read: {error}") from error
    unknown = set(data) - {"book", "documented", "departures", "unsupported", "untried"}
    if unknown:
        raise KnowledgeError(f"{file}: unknown tables {sorted(unknown)}")
    for table in ("book", "documented"):
        for claim_id, behaviour in data.get(table, {}).items():
            _check_behaviour(file, claim_id, behaviour)
    departures = [_departure(file, entry) for entry in _each(data, "departures")]
    unsupported = [_entry(Unsupported, file, entry) for entry in _each(data, "unsupported")]
    untried = [_entry(Untried, file, entry) for entry in _each(data, "untried")]
    return Knowledge(
        data.get("book", {}),
        data.get("documented", {}),
        tuple(entry for entry in departures if _concerns(file, entry, versions)),
        tuple(entry for entry in unsupported if _concerns(file, entry, versions)),
        tuple(entry for entry in untried if _concerns(file, entry, versions)),
    )


def _each(data: Mapping[str, Any], table: str) -> Iterator[dict[str, Any]]:
    """The entries of a table; one about several claims is one for each."""
    for entry in data.get(table, []):
        claims = entry.get("claim")
        for claim in claims if isinstance(claims, list) else [claims]:
            yield {**entry, "claim": claim}


def _departure(file: File, entry: dict[str, Any]) -> Departure:
    made = _entry(Departure, file, entry)
    if (made.behaviour is None) == (made.exception is None):
        raise KnowledgeError(f"{file}: {made.claim} needs a behaviour or an exception, not both")
    if made.behaviour is not None:
        _check_behaviour(file, made.claim, made.behaviour, departing=True)
    if not made.covers(made.smallest):
        raise KnowledgeError(f"{file}: {made.claim}: the smallest example is not one that shows it")
    return made


def _entry(kind: type[_Entry], file: File, entry: dict[str, Any]) -> _Entry:
    converted = {"versions": {}, **entry}
    try:
        _check_claim(file, entry.get("claim") or "no claim at all")
        if "smallest" in entry:
            converted["smallest"] = parse(entry["smallest"])
        if "reproducer" in entry:
            converted["reproducer"] = file.parent / "reproducers" / entry["reproducer"]
        names = {field.name for field in fields(kind)}
        for name in names & {"cases", "hides", "matching", "where"} & entry.keys():
            converted[name] = frozenset(entry[name]) if name == "where" else tuple(entry[name])
        for pattern in converted.get("hides", ()):
            _check_claim(file, pattern)
        unknown = set(converted.get("where", ())) - FEATURES.keys()
        if unknown:
            raise ValueError(f"there are no features {sorted(unknown)}")
        return kind(**converted)
    except (TypeError, ValueError) as error:
        raise KnowledgeError(f"{file}: {entry.get('claim')}: {error}") from error


def _check_claim(file: File, pattern: str) -> None:
    if not any(fnmatchcase(claim.id, pattern) for claim in CATALOGUE):
        raise KnowledgeError(f"{file}: there is no claim {pattern!r}")


def _check_behaviour(file: File, claim_id: str, behaviour: str, *, departing: bool = False) -> None:
    _check_claim(file, claim_id)
    claim = CATALOGUE[claim_id]
    allowed = (*claim.behaviours, *(claim.faults if departing else ()))
    if claim.kind == CONVENTION and claim.behaviours and behaviour not in allowed:
        known = ", ".join(allowed)
        raise KnowledgeError(f"{file}: {claim_id}: {behaviour!r} is none of {known}")


def _concerns(
    file: File, entry: Departure | Unsupported | Untried, versions: Mapping[str, str]
) -> bool:
    return all(
        within(versions.get(package), wanted, f"{file}: {entry.claim}")
        for package, wanted in entry.versions.items()
    )


def within(version: str | None, wanted: str, where: str) -> bool:
    """Whether a version is wanted, pre-releases included; KnowledgeError if that is unreadable."""
    try:
        return version is not None and SpecifierSet(wanted, prereleases=True).contains(
            Version(version)
        )
    except InvalidSpecifier as error:
        raise KnowledgeError(f"{where}: {wanted!r} is no range of versions") from error
