"""Each claim holds of the reference, and catches what is wrong in its own way."""

from __future__ import annotations

from contextlib import suppress

import hypothesis
import pytest

from paramlaws.faults.wrong import WRONG
from paramlaws.runner.target import Target
from paramlaws.runner.trial import Trial
from paramlaws.specs.claim import Claim
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.outcome import Inapplicable
from paramlaws.suites.reference import Reference

SEED = 20


def _verdicts(claim: Claim, suite: Reference, *, blaming: bool = True) -> dict[str, str]:
    target = Target.of(suite, SEED)
    trials = [Trial(target, claim, case, blaming=blaming) for case in claim.cases_on(suite)]
    return {f"{trial.case}: {r.message}": r.verdict for trial in trials if (r := trial.run())}


@pytest.fixture(autouse=True)
def _profile() -> None:
    hypothesis.settings.register_profile(
        "wrong", max_examples=50, database=None, deadline=None, phases=[hypothesis.Phase.generate]
    )
    hypothesis.settings.load_profile("wrong")


@pytest.mark.parametrize("claim", list(CATALOGUE), ids=lambda claim: claim.id)
def test_the_reference_satisfies_it(claim: Claim) -> None:
    """Nothing is wrong with the reference."""
    assert set(_verdicts(claim, Reference()).values()) == {"holds"}


@pytest.mark.parametrize("claim", list(CATALOGUE), ids=lambda claim: claim.id)
def test_what_is_always_tried_meets_what_it_needs(claim: Claim) -> None:
    """No verdict is vacuous because little was drawn."""
    target = Target.of(Reference(), SEED)
    for case in claim.cases_on(target.suite):
        trial = Trial(target, claim, case)
        for example in claim.edges_of(case):
            with suppress(Inapplicable):
                trial.examine(example)
        assert [need for need in claim.needs if not trial.seen.occurred[need]] == []


@pytest.mark.parametrize("claim", list(CATALOGUE), ids=lambda claim: claim.id)
def test_some_fault_is_known_that_it_catches(claim: Claim) -> None:
    """No claim without a wrong variant."""
    assert claim.id in {claim_id for claim_id, _ in WRONG}


def test_variants_are_found_by_the_claim_that_catches_them() -> None:
    """In the module that is named like its group, or a part of it; and each has its own name."""
    names = [variant.__name__ for _, variant in WRONG]
    assert len(set(names)) == len(names)
    for claim_id, variant in WRONG:
        module = variant.__module__.rpartition(".")[2]
        assert module.partition("_")[0] == claim_id.partition(".")[0], variant


@pytest.mark.parametrize(
    ("claim_id", "variant"), WRONG, ids=[f"{c}-{variant.__name__}" for c, variant in WRONG]
)
def test_it_catches(claim_id: str, variant: type[Reference]) -> None:
    """The wrong variant is violated, by the law or by its closed set of behaviours.

    Where a claim that it builds on sees it, too, that one is to blame in a run.
    """
    verdicts = _verdicts(CATALOGUE[claim_id], variant(), blaming=False)
    assert "violated" in verdicts.values(), verdicts
    assert "errored" not in verdicts.values(), verdicts
