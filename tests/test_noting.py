"""A verb that returns nothing is to blame for what becomes of that, wherever it fails."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from paramlaws.runner.noting import NoAnswer, silence
from paramlaws.runner.target import Target
from paramlaws.runner.trial import Trial
from paramlaws.specs import smoke
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.example import Example, parse
from paramlaws.specs.suite import ANSWERING, VERBS
from paramlaws.suites.reference import Reference

_EXAMPLE = parse("Example(Architecture(1, (Dense(1, bias=False),)))")


def _silent(verb: str) -> Reference:
    """The reference, with a verb that does what it should and returns None."""

    def say(self: Reference, *arguments: Any) -> None:
        getattr(Reference, verb)(self, *arguments)

    return type("Silent", (Reference,), {"knowledge": None, verb: say})()


def _message(verb: str, claim: str, only: Example | None = None) -> str:
    target = Target.of(_silent(verb), 0, "--adapter silent:Silent")
    record = Trial(target, CATALOGUE[claim], only=only).run()
    assert record.verdict == "errored" and record.message is not None
    return record.message


@pytest.mark.parametrize("verb", ["build", "initialise", "read", "assign", "forward", "layer"])
def test_what_each_claim_needs_is_named_by_each(verb: str) -> None:
    """Where the adapter fails on the very first network, before anything is judged."""
    said = _message(verb, "value.explicit-read", _EXAMPLE)
    assert said.startswith(f"NoAnswer: Silent.{verb} returned None; what it must return: The ")
    assert said.endswith("(is a `return` missing?)")


@pytest.mark.parametrize(
    ("verb", "claim"),
    [
        ("copied", "persist.partial"),
        ("layer_parameters", "access.two-parameters"),
        ("parameters", "listing.count"),
        ("shape", "construct.before-first-forward"),
        ("summary", "listing.summary"),
    ],
)
def test_what_one_claim_needs_is_named_by_it(verb: str, claim: str) -> None:
    """Which would otherwise say what NumPy or another verb makes of None."""
    if verb == "copied":
        claim = "tie.survives-copy"
    target = Target.of(_silent(verb), 0, "--adapter silent:Silent")
    case = CATALOGUE[claim].cases_on(target.suite)[0]
    record = Trial(target, CATALOGUE[claim], case).run()
    assert record.message is not None and f"Silent.{verb} returned None" in record.message


def test_a_claim_that_does_not_mind_does_not_hold() -> None:
    """It is as if the claim had not been tried."""

    class Silent(Reference):
        knowledge, stores_gradients = None, False

        def native(self, model: Any, handle: Any) -> None:
            return None

    target = Target.of(Silent(), 0, "--adapter silent:Silent")
    record = Trial(target, CATALOGUE["value.parameter-class"]).run()
    assert record.verdict == "errored"
    assert record.message is not None and "Silent.native returned None" in record.message
    assert record.counterexample is not None


def test_nothing_is_blamed_where_every_verb_answers() -> None:
    """Neither for what holds nor for what fails for another reason."""
    assert silence(Reference(), smoke.check) is None
    assert silence(Reference(), lambda suite: suite.build(None)) is None  # type: ignore[arg-type]


def test_a_verb_that_another_verb_calls_is_named() -> None:
    """And not the one that was asked."""
    found = silence(
        _silent("layer"),
        lambda suite: suite.parameter(suite.build(_EXAMPLE.architecture), (0,), "weight"),
    )
    assert isinstance(found, NoAnswer) and "Silent.layer returned None" in str(found)


def test_some_verbs_may_return_nothing() -> None:
    """Where None says that there is none, or where nothing is asked."""
    assert {
        "backward",
        "backward_assigning",
        "forget",
        "gradient",
        "parameter",
        "save",
        "stored_gradient",
    } == VERBS - ANSWERING


def test_what_is_sent_to_a_subprocess_is_the_suite_itself() -> None:
    """There, nobody asks which verbs answer."""
    sent: list[Any] = []
    silence(Reference(), lambda suite: sent.append(pickle.loads(pickle.dumps(suite))))
    assert type(sent[0]) is Reference
