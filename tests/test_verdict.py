"""Verdicts, in each branch, and through trials on suites that misbehave in known ways."""

from __future__ import annotations

from typing import Any

import pytest

from paramlaws.runner.target import Target
from paramlaws.runner.trial import Trial
from paramlaws.specs import verdict
from paramlaws.specs.architecture import Architecture, Dense, Path
from paramlaws.specs.case import ONLY, Case
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.example import Example, parse
from paramlaws.specs.features import features
from paramlaws.specs.outcome import Blocked, Stale, Violation
from paramlaws.specs.suite import Floats
from paramlaws.specs.verdict import Observation, judge
from paramlaws.suites.knowledge import Departure, Documented, Knowledge, Unsupported, Untried
from paramlaws.suites.reference import Reference

SMALLEST = Example(Architecture(1, (Dense(1),)))


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (Observation(None, False, 0), "holds"),
        (Observation(None, True, 3), "departs"),
        (Observation(None, True, 0), "stale"),
        (Observation(Violation("no"), False, 0), "violated"),
        (Observation(Violation("no"), True, 2), "violated"),
        (Observation(Stale("gone"), True, 2), "stale"),
        (Observation(Blocked("another"), False, 0), "errored"),
        (Observation(None, False, 0, ["tie"], {"another": 3}), "errored"),
        (Observation(None, True, 0, [], {"another": 3}), "errored"),
        (Observation(None, False, 0, [], {"another": 3}), "holds"),
        (Observation(KeyError("weight"), False, 0), "errored"),
        (Observation(None, False, 0, ["tie"]), "errored"),
        (Observation(None, True, 3, ["tie"]), "errored"),
    ],
)
def test_each_branch(seen: Observation, expected: str) -> None:
    """What was seen gives the verdict, and a message wherever it fails."""
    found, message = judge(seen)
    assert found == expected
    assert (message is None) == (expected in ("holds", "departs"))


class Counting(Reference):
    """The reference, with knowledge of its own."""

    name = "counting"


def run(
    claim: str,
    suite: Reference | None = None,
    knowledge: Knowledge | None = None,
    case: Case = ONLY,
    only: Example | None = None,
) -> dict[str, Any]:
    """The record of one claim on a suite."""
    target = Target.of(suite or Counting(), 7, ("--adapter", "tests:Counting"))
    target.knowledge = knowledge or Knowledge({}, ())
    return Trial(target, CATALOGUE[claim], case, only).run().line()


def departure(claim: str, **rest: Any) -> Knowledge:
    """Knowledge of one departure."""
    facts = {"reason": "because", "link": "https://example.org", "smallest": SMALLEST}
    return Knowledge({}, (), (Departure(claim, **facts, versions={}, **rest),))


class Late(Reference):
    """Lists the bias before the weight, always, under names that are not sorted either."""

    name = "late"

    def parameters(self, model: Any) -> Any:
        reversed_listing = super().parameters(model)[::-1]
        return [(f"{999 - i}", p) for i, (_, p) in enumerate(reversed_listing)]


class Broken(Reference):
    """Cannot list the parameters of networks that are not square."""

    name = "broken"

    def parameters(self, model: Any) -> Any:
        if any(
            p.value.ndim == 2 and len(set(p.value.shape)) > 1 for _, p in super().parameters(model)
        ):
            raise RuntimeError("only squares, please")
        return super().parameters(model)


def test_an_adapter_that_raises_is_errored_and_says_where() -> None:
    """The exception, the place and the smallest example are in the record."""
    record = run("tie.listed-once", Broken(), case=Case(tie="same-layer"))
    assert record["verdict"] == "errored"
    assert "RuntimeError: only squares, please" in record["message"]
    assert "in parameters (test_verdict.py:" in record["message"]
    assert features(parse(record["counterexample"]).architecture) >= {"not square"}
    assert "--example" in record["reproduce"]


def test_a_violation_is_the_smallest() -> None:
    """A fault that any network shows is shown on one layer of width 1."""
    record = run("listing.order", Late())
    assert record["verdict"] == "violated"
    assert parse(record["counterexample"]) == SMALLEST
    again = run("listing.order", Late(), only=parse(record["counterexample"]))
    assert (again["verdict"], again["message"]) == ("violated", record["message"])


def test_a_declared_departure_that_is_seen_departs() -> None:
    """On every example that can show it."""
    known = departure("listing.order", behaviour="other-order", words="by something else")
    record = run("listing.order", Late(), known)
    assert (record["verdict"], record["behaviour"]) == ("departs", "other-order")
    assert record["departures"][0]["words"] == "by something else"
    assert record["departures"][0]["reason"] == "because"


def test_a_declared_departure_that_is_not_seen_is_stale() -> None:
    """And names what was seen instead."""
    record = run("listing.order", None, departure("listing.order", behaviour="other-order"))
    assert record["verdict"] == "stale"
    assert "'other-order'" in record["message"]


def test_a_departure_outside_its_features_is_violated() -> None:
    """Declared for lazy networks only, it is a violation on others."""
    lazy = Example(Architecture(1, (Dense(1),), lazy=True))
    facts = {"reason": "r", "link": "https://example.org", "smallest": lazy, "versions": {}}
    declared = Departure(
        "listing.order", **facts, behaviour="other-order", where=frozenset({"lazy"})
    )
    record = run("listing.order", Late(), Knowledge({}, (), (declared,)))
    assert record["verdict"] == "violated"
    assert "lazy" not in features(parse(record["counterexample"]).architecture)


def test_a_departure_in_another_manner_is_violated() -> None:
    """Another behaviour than the declared one is undeclared."""
    record = run("listing.order", Late(), departure("listing.order", behaviour="sorted-by-name"))
    assert record["verdict"] == "violated"


def test_a_declared_exception_departs_and_any_other_is_errored() -> None:
    """The name and a part of the message must both be right."""
    square = {"where": frozenset({"not square"})}
    wide = Example(Architecture(1, (Dense(2),)))
    for exception, matching, expected in (
        ("RuntimeError", "squares", "departs"),
        ("RuntimeError", "circles", "errored"),
        ("ValueError", "squares", "errored"),
    ):
        facts = {"reason": "r", "link": "https://example.org", "smallest": wide, "versions": {}}
        declared = Departure(
            "listing.count", **facts, exception=exception, matching=(matching,), **square
        )
        assert run("listing.count", Broken(), Knowledge({}, (), (declared,)))["verdict"] == expected


def test_unsupported_runs_nothing() -> None:
    """A notion that is lacking is declared with reason and link."""
    lacking = Unsupported("gradient.*", "no notion", "https://example.org", {})
    record = run("gradient.reset", knowledge=Knowledge({}, (), (), (lacking,)))
    assert (record["verdict"], record["examples"]) == ("unsupported", 0)
    assert record["unsupported"] == {"reason": "no notion", "link": "https://example.org"}


def test_a_claim_that_never_met_what_it_needs_is_vacuous() -> None:
    """Where nothing with a bias may be tried, a claim about biases does not hold."""
    untried = Untried("access.two-parameters", "for the test", frozenset({"bias"}), {})
    record = run("access.two-parameters", knowledge=Knowledge({}, (), (), (), (untried,)))
    assert record["verdict"] == "errored"
    assert "'bias'" in record["message"]
    assert record["counterexample"] is None


def test_an_example_that_says_nothing_is_errored() -> None:
    """One that is asked for by name, and on which the claim is not tried."""
    record = run("gradient.frozen", only=SMALLEST)
    assert record["verdict"] == "errored"
    assert "not tried: the claim says nothing about this example" in record["message"]


def test_an_unexpected_behaviour_is_violated() -> None:
    """A convention is measured against what the book says."""
    record = run("gradient.reset", knowledge=Knowledge({"gradient.reset": "zeros"}))
    assert record["verdict"] == "violated"
    assert "'none' is observed, and 'zeros' expected" in record["message"]


def test_a_behaviour_that_varies_is_violated() -> None:
    """Where nothing is expected, the message does not say that something was."""

    class Varying(Reference):
        """Gives large parameters themselves, and copies of small ones."""

        def read(self, model: Any, handle: Any) -> Floats:
            value: Floats = handle.value
            return value if value.size > 4 else value.copy()

    record = run("value.read-aliasing", Varying())
    assert record["verdict"] == "violated" and record["expected"] is None
    assert "on earlier examples; neither is documented" in record["message"]
    assert "expected" not in record["message"]


def test_a_smallest_example_about_which_the_claim_says_nothing_is_errored() -> None:
    """Otherwise the departure would be looked for on what is drawn alone."""
    knowledge = departure("gradient.frozen", behaviour="untouched")
    record = run("gradient.frozen", knowledge=knowledge)
    assert record["verdict"] == "errored"
    assert "the smallest example of the departure 'untouched' is Example(" in record["message"]
    assert "about which the claim says nothing; it is tried on, for ex" in record["message"]


def test_a_departure_in_another_way_names_the_declared_one() -> None:
    """A mistyped behaviour would leave its author looking for a fault."""
    known = departure("listing.order", behaviour="sortd")
    record = run("listing.order", Late(), known)
    assert record["verdict"] == "violated"
    assert "; declared for such an example is 'sortd', and this is '" in record["message"]


def test_the_record_says_who_states_what_is_expected() -> None:
    """The framework, with a link; else the book; nobody where nothing is expected."""
    book, link = {"gradient.reset": "none"}, "https://example.org/reset"
    documented = (Documented("gradient.reset", "none", link, {}),)
    for knowledge, expected, source in (
        (Knowledge(book, documented), "none", {"source": "documented", "link": link}),
        (Knowledge(book), "none", {"source": "book"}),
        (Knowledge({}), None, None),
    ):
        record = run("gradient.reset", knowledge=knowledge)
        assert (record["verdict"], record["behaviour"]) == ("holds", "none")
        assert (record["expected"], record["expected_source"]) == (expected, source)


def test_a_broken_adapter_is_blamed_first() -> None:
    """When a fixed network is not computed, the record says that the adapter fails."""

    class Wrong(Reference):
        name = "wrong"

        def forward(self, model: Any, x: Floats) -> Floats:
            return super().forward(model, x) + 1

    record = run("listing.count", Wrong())
    assert record["verdict"] == "errored"
    assert "SmokeFailure: the adapter fails on" in record["message"]


def test_a_missing_verb_names_the_way_out() -> None:
    """An optional verb that is reached without being declared unsupported."""

    class Silent(Reference):
        name = "silent"

        def freeze(self, model: Any, path: Path) -> Any:
            raise NotImplementedError(self.missing("freeze"))

    record = run("gradient.frozen", Silent())
    assert record["verdict"] == "errored"
    assert "does not implement 'freeze': implement the verb, or declare" in record["message"]


def test_every_verdict_is_one_of_the_words() -> None:
    """The words are those that reports know."""
    words = {v for n, v in vars(verdict).items() if n.isupper() and isinstance(v, str)}
    assert words == set(verdict.VERDICTS) == set(verdict.WORST_FIRST)
