"""What a claim is, and the catalogue of all claims."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from graphlib import TopologicalSorter
from itertools import product
from typing import TYPE_CHECKING, Any, TypeAlias

from hypothesis.strategies import SearchStrategy

from paramlaws.specs.case import Case
from paramlaws.specs.example import Example
from paramlaws.specs.outcome import Inapplicable, Violation, require
from paramlaws.specs.verdict import HOLDS

if TYPE_CHECKING:
    from paramlaws.specs.subject import Subject
    from paramlaws.specs.suite import Suite

__all__ = ["CATALOGUE", "Claim", "Inapplicable", "Violation", "convention", "law", "require"]

LAW = "law"
CONVENTION = "convention"
#: What every other claim builds on: that the network can be built and run.
ROOT = "construct.output-shape"

Check: TypeAlias = "Callable[[Subject], str | None]"
#: From the widths that a run may use and the case, to a strategy for examples.
Drawing: TypeAlias = "Callable[[Sequence[int], Case], SearchStrategy[Example]]"


@dataclass(frozen=True)
class Claim:
    """One statement of the catalogue and how it is checked.

    id: stable name, `group.claim`.
    topic: what it is about, in a few words.
    revision: raised when the meaning changes, so that older results are told apart.
    statement: what is claimed, in a sentence.
    source: the editions of the chapter that say so, or why a reader would expect it.
    check: acts on a subject; a law returns None or raises Violation, a convention returns its
        behaviour.
    draw: the examples to check it on.
    edges: the fixed examples that are checked in every run, by a part of the case, or under None.
    behaviours: for a convention, the closed set of its answers; empty if it is open.
    words: what a convention's behaviours mean, in words that follow the topic, and under "holds"
        what a law says; what departures show, they say themselves.
    faults: what a convention rules out and a departure may still declare.
    needs: features (`specs.features`) or occurrences without which a verdict would be vacuous.
    after: the claims that this one builds on; `ROOT` goes without saying.
    ways: the verb whose ways (`Suite.ways`) are cases, or the ways themselves.
    ties, variants: what else is told apart (`Case`); the cases are all combinations.
    stands_for: what the network of an example stands for, where another one is tried, in words.
    in_subprocess: whether it also tries something in a process that has not seen the network.
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
    ways: str | tuple[str, ...] = ()
    ties: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    stands_for: str | None = None
    in_subprocess: bool = False
    topic: str = ""
    revision: int = 1
    words: Mapping[str, str] = field(default_factory=dict)
    code: str = field(default="", compare=False)

    def cases_on(self, suite: Suite) -> tuple[Case, ...]:
        """The cases on this suite."""
        ways = self.ways_on(suite)
        kinds = product(self.ties or (None,), self.variants or (None,))
        return tuple(Case(way, tie, variant) for tie, variant in kinds for way in ways)

    def ways_on(self, suite: Suite) -> tuple[str | None, ...]:
        """The documented ways in which this suite does what the claim is about."""
        if not self.ways:
            return (None,)
        return suite.ways.get(self.ways, (ONLY_WAY,)) if isinstance(self.ways, str) else self.ways

    def edges_of(self, case: Case) -> Sequence[Example]:
        """The fixed examples that are checked in every run of a case."""
        keys = (*case.parts, None)
        return next((self.edges[key] for key in keys if key in self.edges), ())

    @property
    def group(self) -> str:
        """The part of the id before the point."""
        return self.id.split(".")[0]


#: The case of a suite that documents one way and gives it no name.
ONLY_WAY = "the only way"


class Catalogue:
    """The claims by id, in the order in which they were stated."""

    def __init__(self) -> None:
        self._claims: dict[str, Claim] = {}

    def __iter__(self) -> Iterator[Claim]:
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

    def foundations(self, claim: Claim) -> tuple[Claim, ...]:
        """The claims that this one builds on, directly or not, each behind what it builds on.

        Raises ValueError where one of them is unknown; CycleError where a claim builds on itself.
        """
        graph: dict[str, tuple[str, ...]] = {}
        pending = [claim.id]
        while pending:
            name = pending.pop()
            if name not in self._claims:
                raise ValueError(f"{claim.id} builds on {name!r}, which nobody states")
            if name not in graph:
                graph[name] = self._claims[name].after or ((ROOT,) if name != ROOT else ())
                pending += graph[name]
        ordered = TopologicalSorter(graph).static_order()
        return tuple(self._claims[name] for name in ordered if name != claim.id)

    def select(self, patterns: Iterable[str]) -> list[Claim]:
        """The claims that patterns (`tie.*` allowed) name, in the order of the catalogue.

        Raises LookupError for a pattern that names none.
        """
        chosen: set[str] = set()
        for pattern in patterns:
            found = {claim.id for claim in self if fnmatchcase(claim.id, pattern)}
            if not found:
                raise LookupError(pattern)
            chosen |= found
        return [claim for claim in self if claim.id in chosen]


CATALOGUE = Catalogue()


def law(claim_id: str, **options: Any) -> Callable[[Check], Check]:
    """States a law; the decorated function checks it and its docstring is the statement.

    `rule` says it again, in words that follow the topic; ValueError without.
    """
    rule = options.pop("rule", None)
    if not rule:
        raise ValueError(f"{claim_id} has no rule: say what holds, so that it follows the topic")
    return _state(claim_id, LAW, {**options, "words": {HOLDS: rule}})


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
