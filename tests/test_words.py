"""What a claim says in the report, as topic and words, is a sentence of its own."""

from __future__ import annotations

import pytest

from paramlaws.specs.claim import CONVENTION, LAW, Claim, law
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.verdict import HOLDS

LAWS = [claim for claim in CATALOGUE if claim.kind == LAW]
CONVENTIONS = [claim for claim in CATALOGUE if claim.kind == CONVENTION]


@pytest.mark.parametrize("claim", LAWS, ids=lambda claim: claim.id)
def test_each_law_is_restated(claim: Claim) -> None:
    """As a clause that follows its topic, with nothing beside it."""
    assert list(claim.words) == [HOLDS]


@pytest.mark.parametrize("claim", CONVENTIONS, ids=lambda claim: claim.id)
def test_each_behaviour_has_words(claim: Claim) -> None:
    """Of a closed set, that is; of the families of distributions, those that were ever seen."""
    drawn = claim.id.startswith("init.default")
    missing = [] if drawn else [name for name in claim.behaviours if name not in claim.words]
    assert claim.words and not missing


@pytest.mark.parametrize("claim", list(CATALOGUE), ids=lambda claim: claim.id)
def test_words_follow_the_topic(claim: Claim) -> None:
    """What a report joins is no sentence by itself, and no two answers look alike."""
    for part in (claim.topic, *claim.words.values()):
        assert part.strip() and not part.endswith(".")
    assert all(words[0].islower() for words in claim.words.values())
    assert len(set(claim.words.values())) == len(claim.words)


def test_a_law_without_a_rule_is_an_error() -> None:
    """Said when it is stated."""
    with pytest.raises(ValueError, match=r"listing\.nothing has no rule"):
        law("listing.nothing")
