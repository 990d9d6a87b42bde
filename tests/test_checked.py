"""A change of what is checked is noticed, and one of words is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from paramlaws.specs import compare
from paramlaws.specs.claim import Claim
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.example import Example, parse
from paramlaws.specs.subject import Subject
from tests.checked import FILE, digest, now


def test_what_is_checked_is_what_was_written_down() -> None:
    """A claim that means something else has another revision, so that older results are told."""
    known = json.loads(FILE.read_text(encoding="utf-8"))
    changed = sorted(name for name, found in now().items() if found != known.get(name))
    gone = sorted(known.keys() - now().keys())
    assert not changed and not gone, (
        f"what is checked has changed: {', '.join([*changed, *gone])}. Where a claim now means "
        "something else, raise its revision; then `python -m tests.checked` writes the digests down"
    )


def _empty(net: Subject) -> None:
    """Checks nothing."""


@pytest.mark.parametrize(
    "changed",
    [
        lambda claim: replace(claim, check=_empty),
        lambda claim: replace(claim, needs=()),
        lambda claim: replace(claim, edges={None: ()}),
        lambda claim: replace(claim, draw=CATALOGUE["tie.embedding"].draw),
    ],
    ids=["check", "needs", "edges", "draw"],
)
def test_a_change_of_a_claim_is_noticed(changed: Callable[[Claim], Claim]) -> None:
    """Whichever part of what it checks it is."""
    claim = CATALOGUE["listing.order"]
    assert digest(changed(claim)) != digest(claim)


def test_a_change_of_what_claims_compare_with_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A comparison that says yes to everything, say, wherever it is defined."""
    claim = CATALOGUE["gradient.value"]
    before = digest(claim)

    def equal(found: Any, expected: Any, what: str) -> None:
        return

    equal.__module__ = compare.__name__
    monkeypatch.setitem(claim.check.__globals__, "equal", equal)
    assert digest(claim) != before


def test_words_do_not_count() -> None:
    """A comma in the statement, or another topic, makes no result stale."""
    claim = CATALOGUE["listing.order"]
    worded = replace(claim, statement=f"{claim.statement}, indeed", topic="order", words={})
    assert digest(worded) == digest(claim)


def test_a_text_is_an_example() -> None:
    """The digest of edges rests on their text, which says everything about them."""
    for claim in CATALOGUE:
        for examples in claim.edges.values():
            for example in examples:
                assert isinstance(example, Example)
                assert parse(repr(example)) == example
