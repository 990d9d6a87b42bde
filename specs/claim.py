"""What a claim is, and the catalogue of all claims."""

from __future__ import annotations

import hashlib
import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any, TypeAlias

from hypothesis.strategies import SearchStrategy

from paramlaws.specs.example import Example

if TYPE_CHECKING:
    from paramlaws.specs.subject import Subject
    from paramlaws.specs.suite import Suite

LAW = "law"
CONVENTION = "convention"

Check: TypeAlias = "Callable[[Subject], str | None]"
#: From the widths that a run may use and the case, to a strategy for examples.
Drawing: TypeAlias = "Callable[[Sequence[int], str | None], SearchStrategy[Example]]"


class Violation(AssertionError):
    """A claim does not hold of what was observed.

    behaviour: short name of the manner in which it fails, by which a departure can be declared.
    """

    def __init__(self, message: str, behaviour: str = "violated") -> None:
        super().__init__(message)
        self.behaviour = behaviour

    def __reduce__(self) -> Any:
        return type(self), (str(self), self.behaviour)


class Inapplicable(Exception):
    """The example has nothing that the claim could be tried on; it is drawn again."""


def parts_of(case: str | None) -> tuple[str | None, ...]:
    """The case itself, its way and its kind where it is "way, kind", and None for every case."""
    return (case, *case.split(", "), None) if case else (None,)


def require(condition: object, message: str, behaviour: str = "violated") -> None:
    """Raises Violation with `message` unless `condition` is true."""
    if not condition:
        raise Violation(message, behaviour)


@dataclass(frozen=True)
class Claim:
    """One statement of the catalogue and how it is checked.

    id: stable name, `group.claim`.
    topic: what it is about, in a few words.
    statement: what is claimed, in a sentence.
    source: the editions of the chapter that say so, or why a reader would expect it.
    check: acts on a subject; a law returns None or raises Violation, a convention returns its
        behaviour.
    draw: the examples to check it on.
    edges: examples that are checked in every run, by case or by a part of it.
    behaviours: for a convention, the closed set of its answers; empty if it is open.
    words: what behaviours mean, in words that follow the topic.
    faults: what a convention rules out and a departure may still declare.
    needs: features (`specs.features`) or occurrences that must have been met.
    after: the claims that this one builds on.
    cases: what is to be told apart, or (None,).
    ways: instead, the verb whose ways (`Suite.ways`) are the cases,
    kinds: each of them in several kinds, in the form "way, kind".
    reuse: what it does to a network, if that leaves it fit for further claims (`specs.shelf`):
        VALUES, it reads and assigns parameters and runs the network forwards, in whatever state of
        that kind it finds it; GRADIENTS, it runs it backwards or takes steps, too.
    elsewhere: whether it tries something in another process.
    formerly: earlier ids of the same claim.
    """

    id: str
    kind: str
    statement: str
    source: str
    check: Check
    draw: Drawing
    edges: Mapping[str | None, Sequence[Example]]
    behaviours: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    cases: tuple[str | None, ...] = (None,)
    formerly: tuple[str, ...] = ()
    ways: str = ""
    kinds: tuple[str, ...] = ()
    reuse: str | None = None
    elsewhere: bool = False
    topic: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    code: str = field(default="", compare=False)

    def cases_on(self, suite: Suite) -> tuple[str | None, ...]:
        """The cases on this suite: one for each way in which it does what the claim is about."""
        if not self.ways:
            return self.cases
        ways = suite.ways.get(self.ways, ("the only way",))
        return tuple(f"{way}, {kind}" for kind in self.kinds for way in ways) or ways

    def edges_of(self, case: str | None) -> Sequence[Example]:
        """The examples that are checked in every run of a case."""
        return next((self.edges[part] for part in parts_of(case) if part in self.edges), ())

    @property
    def group(self) -> str:
        """The part of the id before the point."""
        return self.id.split(".")[0]


class Catalogue:
    """The claims by id, in the order in which they were stated."""

    def __init__(self) -> None:
        self._claims: dict[str, Claim] = {}

    def __iter__(self) -> Any:
        return iter(self._claims.values())

    def __len__(self) -> int:
        return len(self._claims)

    def __getitem__(self, claim_id: str) -> Claim:
        return self._claims[claim_id]

    def add(self, claim: Claim) -> None:
        """Adds a claim; ValueError if its id is taken."""
        if claim.id in self._claims:
            raise ValueError(f"two claims are called {claim.id!r}")
        self._claims[claim.id] = claim

    def in_order(self) -> list[Claim]:
        """The claims, each behind all that it builds on, and else as they were stated.

        Raises ValueError where a claim builds on an unknown one, or on itself in the end.
        """
        for claim in self:
            if unknown := [name for name in claim.after if name not in self._claims]:
                raise ValueError(f"{claim.id} builds on {unknown}, which nobody states")
        TopologicalSorter({claim.id: claim.after for claim in self}).prepare()  # or a CycleError
        found: dict[str, Claim] = {}

        def put(claim: Claim) -> None:
            for name in claim.after:
                put(self[name])
            found.setdefault(claim.id, claim)

        for claim in self:
            put(claim)
        return list(found.values())

    def select(self, patterns: Iterable[str]) -> list[Claim]:
        """The claims that patterns (`tie.*` allowed) name, in the order in which they are tried.

        Raises LookupError for a pattern that names none.
        """
        chosen: set[str] = set()
        for pattern in patterns:
            found = {
                claim.id
                for claim in self
                if any(fnmatchcase(name, pattern) for name in (claim.id, *claim.formerly))
            }
            if not found:
                raise LookupError(pattern)
            chosen |= found
        return [claim for claim in self.in_order() if claim.id in chosen]

    @property
    def version(self) -> str:
        """A short digest of all statements: results of different catalogues do not merge."""
        digest = hashlib.sha256()
        for claim in self:
            digest.update(repr((claim.id, claim.kind, claim.statement, claim.behaviours)).encode())
        return digest.hexdigest()[:12]


CATALOGUE = Catalogue()


def law(claim_id: str, **options: Any) -> Callable[[Check], Check]:
    """States a law; the decorated function checks it and its docstring is the statement."""
    return _state(claim_id, LAW, options)


def convention(claim_id: str, **options: Any) -> Callable[[Check], Check]:
    """States a convention; the decorated function returns the behaviour that it observes."""
    return _state(claim_id, CONVENTION, options)


def _state(claim_id: str, kind: str, options: dict[str, Any]) -> Callable[[Check], Check]:
    def decorate(check: Check) -> Check:
        statement = re.sub(r"\s+", " ", inspect.getdoc(check) or "").strip()
        if not statement:
            raise ValueError(f"{claim_id} states nothing: it needs a docstring")
        code = inspect.getsource(check)
        CATALOGUE.add(Claim(claim_id, kind, statement, check=check, code=code, **options))
        return check

    return decorate
