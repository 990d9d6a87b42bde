"""Blame: which claim is at fault when several fail on one example.

When a claim fails on an example, the claims that it builds on are tried on that very example, and
it is to blame only if all of them hold. A claim whose own examples never have some feature (a tie,
a user's block, an initialiser) is tried on the example without it: if it fails even so, the fault
is not about that feature, and if it holds, it is. So a claim never blocks another one for a fault
that its own examples could not show. Nor does it if its check is not made for the example, as one
of constant weights is not for random weights: then it fails on the reference, too, which says
nothing about the target.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial

from paramlaws.runner import subprocesses
from paramlaws.runner.attempt import Attempt, attempt
from paramlaws.runner.target import Target
from paramlaws.specs.architecture import Architecture, Block, CustomBlock, Dense, Entry
from paramlaws.specs.case import Case
from paramlaws.specs.claim import CONVENTION, Claim
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.example import Example
from paramlaws.specs.features import FEATURES, features
from paramlaws.specs.subject import Subject
from paramlaws.suites.reference import Reference

_TIES = ("shared layer", "tied weight", "tied bias")
_BLOCK, _NAME, _INIT = "user's block", "named block", "initialiser"
_USES, _GROUPS, _LAYERS = "four uses", "several groups", "hundreds of layers"
#: Features that the examples of some claims have and those of others do not. All but the number of
#: layers can be removed; claims whose examples have few layers are not tried on hundreds.
SPECIAL = frozenset((*_TIES, _BLOCK, _NAME, _INIT, _USES, _GROUPS, _LAYERS))
#: With how many other seeds a claim is tried if it does not apply to an example.
OTHER_VALUES = 3


@dataclass(frozen=True)
class Blocker:
    """A claim that also fails on an example and so blocks another one.

    example: the example that it was tried on, which may be reduced to the claim's domain.
    message: its failure; None if something is declared about such examples.
    """

    claim: str
    case: Case
    example: Example
    message: str | None


def blocker(target: Target, claim: Claim, case: Case, example: Example) -> Blocker | None:
    """The claim that this one builds on and that also fails on this example, None if all hold.

    A claim with a declaration for such examples is asked first, as it mostly is the one; of the
    others, it is one whose own foundations hold.
    """
    asked = [
        (foundation, each)
        for foundation in foundations(claim.id)
        for each in _cases(target, foundation, case, example)
    ]
    asked.sort(key=lambda pair: not _is_explained(target, pair[0], pair[1], example))
    found = (_failure(target, *pair, example) for pair in asked)
    return next(filter(None, found), None)


@cache
def foundations(claim_id: str) -> tuple[Claim, ...]:
    """The claims that a claim builds on, directly or indirectly, in topological order."""
    return CATALOGUE.foundations(CATALOGUE[claim_id])


def _cases(target: Target, claim: Claim, case: Case, example: Example) -> list[Case]:
    """The supported cases of a claim that another claim's case builds on."""
    supported = [
        own
        for own in claim.cases_on(target.suite)
        if target.knowledge.unsupported_by(claim, own) is None
    ]
    same_way = [own for own in supported if own.way == case.way] or supported
    able = [own for own in same_way if special(example) <= domain(claim, own)]
    # What is declared about one way of tying need not hold for another that the example also fits.
    same_tie = [own for own in able if own.tie == case.tie]
    chosen = same_tie or able or [own for own in same_way if own.tie == case.tie] or same_way
    same_variant = [own for own in chosen if own.variant in (None, case.variant)]
    return same_variant or chosen


def _failure(target: Target, claim: Claim, case: Case, example: Example) -> Blocker | None:
    """How a claim fails on an example reduced to the claim's domain; None if it holds.

    If the claim does not apply, because all gradients are zero, say, it is tried with other values.
    """
    reduced = without(example, special(example) - domain(claim, case))
    if _is_explained(target, claim, case, example):
        # What is declared about such examples need not show on smaller ones.
        reduced = example
    elif not special(reduced) <= domain(claim, case):
        return None
    key = (claim.id, case, reduced)
    if key not in target.blamed:
        target.blamed[key] = _failure_with_some_values(target, claim, case, reduced)
    return target.blamed[key]


def _is_explained(target: Target, claim: Claim, case: Case, example: Example) -> bool:
    """Whether a declaration about the claim covers this example."""
    departures = target.knowledge.departures_of(claim, case)
    untried = target.knowledge.untried_by(claim, case)
    departs = any(departure.covers(example) for departure in departures)
    return departs or any(entry.covers(example) for entry in untried)


def _failure_with_some_values(
    target: Target, claim: Claim, case: Case, example: Example
) -> Blocker | None:
    occurrences = [need for need in claim.needs if need not in FEATURES]
    for seed in range(example.seed, example.seed + 1 + OTHER_VALUES):
        asked = replace(example, seed=seed)
        made = _tried(target, claim, case, asked)
        if _fails(claim, made):
            if not _is_sound(claim.id, case, asked):
                return None
            untried = target.knowledge.untried_by(claim, case)
            declared = made.error is None or any(entry.covers(example) for entry in untried)
            message = None if declared else str(made.error) or repr(made.error)
            return Blocker(claim.id, case, asked, message)
        if made.applicable and all(made.occurred[need] for need in occurrences):
            return None
    return None


@lru_cache(4096)
def _is_sound(claim_id: str, case: Case, example: Example) -> bool:
    """Whether the claim holds for the example on the reference, where nothing is wrong."""
    right, claim = _reference(), CATALOGUE[claim_id]
    cases = claim.cases_on(right.suite)
    own = replace(case, way=next((each.way for each in cases), None))
    made = _tried(right, claim, own, example)
    return made.applicable and not _fails(claim, made)


@cache
def _reference() -> Target:
    return Target.of(Reference(), None)


def _tried(target: Target, claim: Claim, case: Case, example: Example) -> Attempt:
    subject = Subject(
        target.suite,
        example,
        target.conventions,
        case=case,
        subprocess=partial(subprocesses.run, target.suite),
    )
    knowledge = target.knowledge
    departures = knowledge.departures_of(claim, case)
    return attempt(claim, example, subject, departures, knowledge.expected(claim, case))


def _fails(claim: Claim, made: Attempt) -> bool:
    """Whether the claim does not hold, be it by a declared departure or otherwise.

    A convention that departs to another of its own behaviours does not fail.
    """
    if made.departure is None:
        return made.error is not None
    return not (claim.kind == CONVENTION and made.behaviour in claim.behaviours)


def special(example: Example) -> frozenset[str]:
    """The features in `SPECIAL` that an example has."""
    return _special(example.architecture)


@lru_cache(4096)
def _special(net: Architecture) -> frozenset[str]:
    found = features(net) & SPECIAL
    return found | {_INIT} if any(use.dense.init for use in net.uses) else found


def domain(claim: Claim, case: Case) -> frozenset[str]:
    """The features in `SPECIAL` that the fixed examples of a case have, so that every run does."""
    return _united(tuple(claim.edges_of(case)))


@lru_cache(4096)
def _united(examples: tuple[Example, ...]) -> frozenset[str]:
    return frozenset().union(*map(special, examples))


@lru_cache(4096)
def without(example: Example, features: frozenset[str]) -> Example:
    """The example without these features: ties are cut, user's blocks become plain, names go.

    features: some of `SPECIAL`.
    """
    if not features:
        return example
    net = example.architecture
    entries = tuple(_reduced(net.entries, features, Counter()))
    return replace(example, architecture=replace(net, entries=entries))


def _reduced(
    entries: Iterable[Entry], features: frozenset[str], seen: Counter[tuple[str | None, ...]]
) -> Iterable[Entry]:
    """The entries without these features.

    seen: how often a layer with each label has occurred so far.
    """
    for entry in entries:
        if isinstance(entry, Dense):
            labels = (entry.shared, entry.tied_weight, entry.tied_bias)
            if any(labels):
                seen[labels] += 1
            too_often = _USES in features and seen[labels] > 3
            another = _GROUPS in features and next(iter(seen), labels) != labels
            cut = too_often or another
            yield replace(
                entry,
                shared=None if cut or "shared layer" in features else entry.shared,
                tied_weight=None if cut or "tied weight" in features else entry.tied_weight,
                tied_bias=None if cut or "tied bias" in features else entry.tied_bias,
                init=None if _INIT in features else entry.init,
            )
        elif isinstance(entry, Block):
            inner = tuple(_reduced(entry.entries, features, seen))
            if isinstance(entry, CustomBlock) and _BLOCK not in features:
                yield replace(entry, entries=inner)
            else:
                yield Block(inner, None if _NAME in features else entry.name)
        else:
            yield entry
