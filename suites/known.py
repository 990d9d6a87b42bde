"""Reading what a suite's TOML file says of its framework, and refusing what cannot be meant."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import MISSING, fields
from fnmatch import fnmatchcase
from pathlib import Path as File
from typing import Any, TypeVar

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from paramlaws.specs.claim import CONVENTION, Claim
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.example import parse
from paramlaws.specs.features import FEATURES, features
from paramlaws.specs.nearest import nearest
from paramlaws.suites.knowledge import (
    NOTHING,
    Departure,
    Documented,
    Knowledge,
    KnowledgeError,
    Native,
    Unsupported,
    Untried,
)
from paramlaws.suites.sections import read

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
