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
#: The claim that all others build on: the network can be built and run.
ROOT = "construct.output-shape"

Check: TypeAlias = "Callable[[Subject], str | None]"
#: Takes the widths that a run may use and the case; returns a strategy for examples.
Drawing: TypeAlias = "Callable[[Sequence[int], Case], SearchStrategy[Example]]"


@dataclass(frozen=True)
class Claim:
    """One statement of the catalogue and how it is checked.

    id: stable name, `group.claim`.
    topic: what it is about, in a few words.
    revision: raised when the meaning changes, so that older results can be told apart.
    statement: what is claimed, in a sentence.
    source: the editions of the chapter that say so, or why a reader would expect it.
    check: acts on a subject; a law returns None or raises Violation, a convention returns its
        behaviour.
    draw: the strategy for its examples.
    edges: the fixed examples that are checked in every run, by a part of the case, or under None
        for all cases.
    behaviours: for a convention, the closed set of its answers; empty if it is open.
    words: clauses that follow the topic: for a convention the meaning of each behaviour, for a law
        the rule, under "holds". Departures bring their own.
    faults: behaviours that a convention rules out but a departure may declare.
    needs: features (`specs.features`) or occurrences without which a verdict would be vacuous.
    after: the claims that this one builds on, besides `ROOT`.
    ways: the verb whose ways (`Suite.ways`) are cases, or the ways themselves.
    ties, variants: the other parts of its cases; the cases are all combinations.
    stands_for: in words, the network that is really tried where the example only encodes it.
    in_subprocess: whether it also checks something in a fresh process.
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
        """The cases in which this claim is tried on a suite."""
        ways = self.ways_on(suite)
        kinds = product(self.ties or (None,), self.variants or (None,))
        return tuple(Case(way, tie, variant) for tie, variant in kinds for way in ways)

    def ways_on(self, suite: Suite) -> tuple[str | None, ...]:
        """The documented ways in which a suite does what the claim is about."""
        if not self.ways:
            return (None,)
        return suite.ways.get(self.ways, (ONLY_WAY,)) if isinstance(self.ways, str) else self.ways

    def edges_of(self, case: Case) -> Sequence[Example]:
        """The fixed examples that every run checks in this case."""
        keys = (*case.parts, None)
        return next((self.edges[key] for key in keys if key in self.edges), ())

    @property
    def group(self) -> str:
        """The part of the id before the dot."""
        return self.id.split(".")[0]


#: The way of a suite that documents only one and gives it no name.
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
        """Adds a claim; raises ValueError if its id is taken."""
        if claim.id in self._claims:
            raise ValueError(f"two claims are called {claim.id!r}")
        self._claims[claim.id] = claim

    def foundations(self, claim: Claim) -> tuple[Claim, ...]:
        """The claims that this one builds on, directly or indirectly, in topological order.

        Raises ValueError if one of them is unknown, CycleError if a claim builds on itself.
        """
        graph: dict[str, tuple[str, ...]] = {}
        pending = [claim.id]
        while pending:
            name = pending.pop()
            if name not in self._claims:
                raise ValueError(f"{claim.id} builds on {name!r}, which is not in the catalogue")
            if name not in graph:
                graph[name] = self._claims[name].after or ((ROOT,) if name != ROOT else ())
                pending += graph[name]
        ordered = TopologicalSorter(graph).static_order()
        return tuple(self._claims[name] for name in ordered if name != claim.id)

    def select(self, patterns: Iterable[str]) -> list[Claim]:
        """The claims that match any of the patterns (`tie.*` allowed), in catalogue order.

        Raises LookupError for a pattern that matches none.
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

    options: fields of `Claim`, and `rule`, the law as a clause that follows the topic.
    Raises ValueError without a rule or a docstring.
    """
    rule = options.pop("rule", None)
    if not rule:
        raise ValueError(f"{claim_id} has no rule: add the law as a clause that follows the topic")
    return _state(claim_id, LAW, {**options, "words": {HOLDS: rule}})


def convention(claim_id: str, **options: Any) -> Callable[[Check], Check]:
    """States a convention; the decorated function returns the behaviour that it observes.

    options: fields of `Claim`. Raises ValueError without a docstring.
    """
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
