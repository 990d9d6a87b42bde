"""The knowledge about a framework: behaviours, departures and unsupported notions, from TOML."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from fnmatch import fnmatchcase
from pathlib import Path as File
from typing import Any, TypeVar

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from paramlaws.specs.case import ONLY, Case
from paramlaws.specs.claim import CONVENTION, Claim
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.example import Example, parse
from paramlaws.specs.features import FEATURES, condition, features
from paramlaws.specs.nearest import nearest
from paramlaws.specs.suite import Suite
from paramlaws.suites.sections import Section, read


class KnowledgeError(Exception):
    """A knowledge file is invalid; the message names the file and the entry."""


@dataclass(frozen=True)
class Documented:
    """A behaviour of a convention that the framework documents.

    claim: the convention's id.
    behaviour: one of the convention's behaviours.
    link: the page that documents it, or the name of a file in the same folder that does.
    versions: by package, the versions that it applies to, as in {"keras": ">=3"}.
    cases: the cases that it applies to, as in `Departure`; empty for all.
    """

    claim: str
    behaviour: str
    link: str
    versions: Mapping[str, str]
    cases: tuple[str, ...] = ()

    def applies(self, case: Case) -> bool:
        """Whether it is about this case."""
        return _is_about(self.cases, case)


@dataclass(frozen=True)
class Departure:
    """A declared difference from the book or from a law.

    claim: the claim's id.
    reason, link: why, and where the framework says so or where it is discussed.
    smallest: the smallest example that shows it.
    versions: by package, the versions that depart, as in {"keras": ">=3"}.
    cases: the cases that depart, each by some of its parts, as in "to-bytes, wrong
        shape" or "same-layer"; empty for all.
    behaviour: what is observed instead; for a law, the manner of the violation.
    exception: or else, the name of the exception that is raised.
    words: what is observed, as a clause that follows the claim's topic; required if the claim has
        no words for it.
    matching: parts of the exception's message, one of which it must have; empty for any message.
    where: the features of the examples that show it; others must not.
    when: the same as a clause that follows "if", if the features' own clauses read badly.
    certain: features or occurrences without which such an example may hide it; with all of them,
        it must show. Empty if it must always show.
    sometimes: whether any of these examples may hide it, as long as one in a run shows it.
    reproducer: a script of native lines that shows it, in the folder `reproducers`.
    """

    claim: str
    reason: str
    link: str
    smallest: Example
    versions: Mapping[str, str]
    cases: tuple[str, ...] = ()
    behaviour: str | None = None
    exception: str | None = None
    words: str | None = None
    matching: tuple[str, ...] = ()
    where: frozenset[str] = frozenset()
    when: str | None = None
    certain: frozenset[str] = frozenset()
    sometimes: bool = False
    reproducer: File | None = None

    def applies(self, case: Case) -> bool:
        """Whether it is about this case."""
        return _is_about(self.cases, case)

    @property
    def condition(self) -> str | None:
        """When it shows, as a clause that follows "if"; None if it always does."""
        return self.when or condition(self.where) or None

    @property
    def shown(self) -> str:
        """The behaviour, or the name of the exception, that is observed."""
        return str(self.behaviour or self.exception)

    def is_shown_by(self, error: Exception) -> bool:
        """Whether an error is the declared exception, with a message that matches."""
        said = any(part in str(error) for part in self.matching or ("",))
        return type(error).__name__ == self.exception and said

    def covers(self, example: Example) -> bool:
        """Whether the example has all features in `where`."""
        return self.where <= features(example.architecture)

    def must_show(self, example: Example, occurred: Collection[str]) -> bool:
        """Whether the example must show it.

        occurred: the occurrences while the claim was tried on the example.
        """
        return not self.sometimes and self.certain <= {*features(example.architecture), *occurred}


@dataclass(frozen=True)
class Unsupported:
    """A notion that the framework lacks, so that claims (`tie.*` allowed) or cases cannot be tried.

    reason, link: why, and where the framework says so.
    """

    claim: str
    reason: str
    link: str
    versions: Mapping[str, str]
    cases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Untried:
    """Examples, given by features, on which a claim is not tried, with the reason."""

    claim: str
    reason: str
    where: frozenset[str]
    versions: Mapping[str, str]
    cases: tuple[str, ...] = ()

    @property
    def condition(self) -> str:
        """The examples, described by a clause that follows "if"."""
        return condition(self.where)

    def applies(self, case: Case) -> bool:
        """Whether it is about this case."""
        return _is_about(self.cases, case)

    def covers(self, example: Example) -> bool:
        """Whether the example has all features in `where`, so that it is not tried."""
        return self.where <= features(example.architecture)


@dataclass(frozen=True)
class Native:
    """Native code that shows what is said about a framework.

    claim: a claim's id, or a pattern for several (`tie.*`).
    sections: the sections of the framework's native script.
    versions, cases: those that it applies to, as in `Departure`.
    behaviour: the behaviour that it shows; None for a law that holds.
    """

    claim: str
    sections: tuple[Section, ...]
    versions: Mapping[str, str]
    cases: tuple[str, ...] = ()
    behaviour: str | None = None


@dataclass(frozen=True)
class Knowledge:
    """Everything that is known about one target.

    book: the behaviours that the book states, by claim.
    documented: the behaviours that the framework documents, which take precedence over the book.
    """

    book: Mapping[str, str]
    documented: tuple[Documented, ...] = ()
    departures: tuple[Departure, ...] = ()
    unsupported: tuple[Unsupported, ...] = ()
    untried: tuple[Untried, ...] = ()
    native: tuple[Native, ...] = ()

    def expected(self, claim: Claim, case: Case = ONLY) -> str | None:
        """The behaviour expected of a convention, unless a departure is declared; None if open."""
        entry = self.documented_of(claim, case)
        return entry.behaviour if entry else self.book.get(claim.id)

    def documented_of(self, claim: Claim, case: Case) -> Documented | None:
        """The documented behaviour of a convention; KnowledgeError if two entries apply."""
        found = [each for each in self.documented if each.claim == claim.id and each.applies(case)]
        if len(found) > 1:
            which = f"{claim.id}[{case}]" if case.text else claim.id
            said = " and ".join(f"{each.behaviour!r} ({each.link})" for each in found)
            raise KnowledgeError(f"{which} is documented twice, as {said}: part versions or cases")
        return found[0] if found else None

    def departures_of(self, claim: Claim, case: Case) -> list[Departure]:
        """The departures declared for a claim."""
        return [d for d in self.departures if d.claim == claim.id and d.applies(case)]

    def untried_by(self, claim: Claim, case: Case) -> list[Untried]:
        """The declared examples on which the claim is not tried in this case."""
        return [entry for entry in self.untried if entry.claim == claim.id and entry.applies(case)]

    def shown_natively(
        self, claim: Claim, case: Case, behaviour: str | None
    ) -> tuple[Section, ...]:
        """The native code that shows this behaviour of a claim.

        behaviour: None for a law that holds.
        Reproducers of departures are not included.
        """
        return tuple(
            section
            for entry in self.native
            if entry.behaviour == behaviour
            and fnmatchcase(claim.id, entry.claim)
            and _is_about(entry.cases, case)
            for section in entry.sections
        )

    def unsupported_by(self, claim: Claim, case: Case) -> Unsupported | None:
        """The declaration that the framework does not support the claim in this case, if any."""
        for entry in self.unsupported:
            if fnmatchcase(claim.id, entry.claim) and _is_about(entry.cases, case):
                return entry
        return None

    def check_cases(self, suite: Suite) -> None:
        """Raises KnowledgeError if an entry names a case that its claims do not have on a suite.

        It also does so if two documented behaviours apply to one case.
        """
        entries: list[Documented | Departure | Unsupported | Untried | Native]
        entries = [*self.documented, *self.departures, *self.unsupported, *self.untried]
        entries += self.native
        for entry in entries:
            claims = [claim for claim in CATALOGUE if fnmatchcase(claim.id, entry.claim)]
            known = [case for claim in claims for case in claim.cases_on(suite)]
            for text in entry.cases:
                if not any(case.is_selected_by(text) for case in known):
                    parts = {part for case in known for part in (*case.parts, str(case))}
                    raise KnowledgeError(
                        f"{suite.knowledge}: {entry.claim}: there is no case {text!r}; "
                        f"{nearest(text, parts)}"
                    )
        for claim in CATALOGUE:
            for case in claim.cases_on(suite):
                try:
                    self.documented_of(claim, case)
                except KnowledgeError as error:
                    raise KnowledgeError(f"{suite.knowledge}: {error}") from error


def _is_about(cases: Sequence[str], case: Case) -> bool:
    return not cases or any(case.is_selected_by(text) for text in cases)


NOTHING = Knowledge({})
#: The arrays of tables in a knowledge file.
_ARRAYS = ("documented", "departures", "unsupported", "untried", "native")
#: What a section shows, as in "assign.inside-recording[after the forward pass]: refused".
_SHOWN = re.compile(r"(?P<claim>[\w.*-]+)(\[(?P<case>.+)\])?(: (?P<behaviour>[\w.-]+))?")
_Entry = TypeVar("_Entry", Documented, Departure, Unsupported, Untried)


def load(file: File | None, versions: Mapping[str, str]) -> Knowledge:
    """The knowledge that a file has about these versions of packages; nothing without a file.

    Raises KnowledgeError for unknown claims, behaviours, features or keys, and for entries without
    reason, link or smallest example.
    """
    if file is None:
        return NOTHING
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise KnowledgeError(f"{file}: there is no such file; `knowledge` must name one") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KnowledgeError(f"{file}: cannot be read: {error}") from error
    for name in data:
        if name not in ("book", *_ARRAYS):
            hint = nearest(name, ("book", *_ARRAYS))
            raise KnowledgeError(f"{file}: there is no table {name!r}; {hint}")
    for table in _ARRAYS:
        if not isinstance(data.get(table, []), list):
            raise KnowledgeError(
                f"{file}: [{table}] must be an array of tables: write [[{table}]] for each entry"
            )
    for claim_id, behaviour in data.get("book", {}).items():
        _check_expected(file, claim_id, behaviour)
    documented = tuple(_documented(file, entry) for entry in _each(data, "documented"))
    departures = tuple(_departure(file, entry) for entry in _each(data, "departures"))
    unsupported = tuple(_entry(Unsupported, file, entry) for entry in _each(data, "unsupported"))
    untried = tuple(_entry(Untried, file, entry) for entry in _each(data, "untried"))
    departing = {
        (entry.get("claim"), entry.get("behaviour", entry.get("exception")))
        for entry in _each(data, "departures")
    }
    native = tuple(_native(file, entry, departing) for entry in data.get("native", []))
    return Knowledge(
        data.get("book", {}),
        tuple(entry for entry in documented if _concerns(file, entry, versions)),
        tuple(entry for entry in departures if _concerns(file, entry, versions)),
        tuple(entry for entry in unsupported if _concerns(file, entry, versions)),
        tuple(entry for entry in untried if _concerns(file, entry, versions)),
        tuple(e for entries in native for e in entries if _concerns(file, e, versions)),
    )


def _each(data: Mapping[str, Any], table: str) -> Iterator[dict[str, Any]]:
    """The entries of a table, with one for each claim of an entry that names several.

    A claim may be followed by a case in brackets: "persist.mismatch[wrong shape]".
    """
    for entry in data.get(table, []):
        claims = entry.get("claim")
        for text in claims if isinstance(claims, list) else [claims]:
            claim, bracket, case = (text or "").partition("[")
            cases = {"cases": [case.removesuffix("]")]} if bracket else {}
            yield {**entry, "claim": claim, **cases}


def _documented(file: File, entry: dict[str, Any]) -> Documented:
    made = _entry(Documented, file, entry)
    _check_expected(file, made.claim, made.behaviour)
    link = str(made.link)
    if not (link.startswith("https://") or (file.parent / link).is_file()):
        raise KnowledgeError(
            f"{file}: {made.claim}: link = {made.link!r} is neither a page (https://...) nor a "
            "file beside this one"
        )
    return made


def _departure(file: File, entry: dict[str, Any]) -> Departure:
    made = _entry(Departure, file, entry)
    if (made.behaviour is None) == (made.exception is None):
        raise KnowledgeError(f"{file}: {made.claim} needs a behaviour or an exception, not both")
    if made.behaviour is not None:
        _check_behaviour(file, made.claim, made.behaviour, departing=True)
    shown, claim = made.behaviour or made.exception, _claim(file, made.claim)
    if made.words is None and shown not in claim.words:
        raise KnowledgeError(
            f"{file}: {made.claim} needs words: what {shown!r} is, so that it follows the topic "
            f"{claim.topic!r}"
        )
    if not made.covers(made.smallest):
        lacking = min(made.where - features(made.smallest.architecture))
        raise KnowledgeError(
            f"{file}: {made.claim}: the smallest example is not one that shows it: by `where`, "
            f"{FEATURES[lacking]} ({lacking!r}), and {made.smallest!r} is not such a network"
        )
    return made


def _native(
    file: File, entry: dict[str, Any], departing: Collection[tuple[Any, Any]]
) -> Iterator[Native]:
    """The entries of a `[[native]]` table, which says what the sections of a script show.

    departing: claims and behaviours for which departures are declared.
    """
    script = file.parent / "native" / str(entry.get("script"))
    names = {"script", "versions", "shows"}
    for name in sorted(entry.keys() - names):
        raise KnowledgeError(f"{file}: native: there is no key {name!r}; {nearest(name, names)}")
    try:
        sections = read(script)
    except (OSError, ValueError) as error:
        raise KnowledgeError(f"{file}: native: {error}") from error
    for text, named in entry.get("shows", {}).items():
        said = _SHOWN.fullmatch(text)
        if said is None:
            raise KnowledgeError(f"{file}: native: {text!r} is not like 'claim[case]: behaviour'")
        wanted = [named] if isinstance(named, str) else named
        for name in wanted:
            if name not in sections:
                raise KnowledgeError(
                    f"{file}: {text}: {script.name} has no section {name!r}; "
                    f"{nearest(name, sections)}"
                )
        _check_claim(file, said["claim"])
        if (said["claim"], said["behaviour"]) not in departing:
            _check_shown(file, said["claim"], said["behaviour"])
        yield Native(
            said["claim"],
            tuple(sections[name] for name in wanted),
            entry.get("versions", {}),
            (said["case"],) if said["case"] else (),
            said["behaviour"],
        )


def _entry(kind: type[_Entry], file: File, entry: dict[str, Any]) -> _Entry:
    converted = {"versions": {}, **entry}
    try:
        _check_claim(file, entry.get("claim") or "no claim at all")
        if "smallest" in entry:
            converted["smallest"] = parse(entry["smallest"])
        if "reproducer" in entry:
            converted["reproducer"] = _reproducer(file.parent / "reproducers", entry["reproducer"])
        names = {field.name for field in fields(kind)}
        for name in sorted(entry.keys() - names):
            raise ValueError(f"there is no key {name!r}; {nearest(name, names)}")
        for name in names & {"cases", "matching", "where", "certain"} & entry.keys():
            if not isinstance(entry[name], list):
                alone = isinstance(entry[name], str)
                hint = f"write [{json.dumps(entry[name])}]" if alone else "it must be a list"
                raise ValueError(f"{name} = {entry[name]!r}; {hint}")
            sets = ("where", "certain")
            converted[name] = frozenset(entry[name]) if name in sets else tuple(entry[name])
        unknown = set(converted.get("where", ())) - FEATURES.keys()
        if unknown:
            first = min(unknown)
            raise ValueError(f"there is no feature {first!r}; {nearest(first, FEATURES)}")
        needed = [field.name for field in fields(kind) if field.default is MISSING]
        if missing := [name for name in needed if name not in converted]:
            raise ValueError(f"it needs {' and '.join(missing)}")
        return kind(**converted)
    except (OSError, TypeError, ValueError) as error:
        raise KnowledgeError(f"{file}: {entry.get('claim')}: {error}") from error


def _reproducer(folder: File, name: str) -> File:
    """A script in a folder; raises ValueError if it does not exist or is not text."""
    script = folder / name
    if not script.is_file():
        hint = nearest(name, sorted(path.name for path in folder.glob("*.py")))
        raise ValueError(f"there is no reproducer {name!r} in {folder}; {hint}")
    # It becomes part of records: better to find out now that it cannot be read than after a claim.
    script.read_text(encoding="utf-8")
    return script


def _check_claim(file: File, pattern: str) -> None:
    if not any(fnmatchcase(claim.id, pattern) for claim in CATALOGUE):
        known = [claim.id for claim in CATALOGUE]
        raise KnowledgeError(f"{file}: there is no claim {pattern!r}; {nearest(pattern, known)}")


def _claim(file: File, claim_id: str) -> Claim:
    """The one claim with that id."""
    for claim in CATALOGUE:
        if claim.id == claim_id:
            return claim
    hint = nearest(claim_id, (claim.id for claim in CATALOGUE))
    raise KnowledgeError(f"{file}: there is no claim {claim_id!r}; {hint}")


def _check_expected(file: File, claim_id: str, behaviour: str) -> None:
    if _claim(file, claim_id).kind != CONVENTION:
        raise KnowledgeError(f"{file}: {claim_id} is a law: a convention alone has behaviours")
    _check_behaviour(file, claim_id, behaviour)


def _check_shown(file: File, pattern: str, behaviour: str | None) -> None:
    """Raises KnowledgeError unless it is None for a law, and one of a convention's behaviours."""
    if "*" not in pattern and _claim(file, pattern).kind == CONVENTION:
        _check_behaviour(file, pattern, str(behaviour))
    elif behaviour is not None:
        raise KnowledgeError(f"{file}: {pattern}: no departure shows {behaviour!r}")


def _check_behaviour(file: File, claim_id: str, behaviour: str, *, departing: bool = False) -> None:
    claim = _claim(file, claim_id)
    allowed = (*claim.behaviours, *(claim.faults if departing else ()))
    if claim.kind == CONVENTION and claim.behaviours and behaviour not in allowed:
        hint = nearest(str(behaviour), allowed)
        raise KnowledgeError(f"{file}: {claim_id}: there is no behaviour {behaviour!r}; {hint}")


def _concerns(
    file: File,
    entry: Documented | Departure | Unsupported | Untried | Native,
    versions: Mapping[str, str],
) -> bool:
    where = f"{file}: {entry.claim}"
    for package in entry.versions:
        if package not in versions:
            hint = nearest(package, versions)
            raise KnowledgeError(f"{where}: versions() names no package {package!r}; {hint}")
    return all(
        within(versions[package], wanted, where) for package, wanted in entry.versions.items()
    )


def within(version: str, wanted: str, where: str) -> bool:
    """Whether a version is in a range, pre-releases included.

    Raises KnowledgeError, with `where`, if the version or the range cannot be parsed.
    """
    try:
        return SpecifierSet(wanted, prereleases=True).contains(Version(version))
    except InvalidSpecifier as error:
        raise KnowledgeError(
            f"{where}: {wanted!r} is no range of versions; write one as in '>=2.1,<3'"
        ) from error
    except InvalidVersion as error:
        raise KnowledgeError(
            f"{where}: versions() says {version!r}, which cannot be compared with {wanted!r}; it "
            "must be a version as in '2.1.0'"
        ) from error
