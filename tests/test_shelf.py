"""Networks that are used again: by whom, and that nothing is overlooked for it."""

from __future__ import annotations

from typing import Any

import hypothesis
import pytest

from paramlaws.faults.wrong import WRONG
from paramlaws.specs.architecture import Architecture, Dense
from paramlaws.specs.claim import Claim
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.shelf import GRADIENTS, VALUES, Shelf
from paramlaws.specs.suite import Floats
from paramlaws.suites.reference import Reference
from paramlaws.suites.target import Target
from paramlaws.suites.trial import Trial

REUSING = [claim for claim in CATALOGUE if claim.reuse]
#: What leaves a network as fit as it was: looking, assigning, and taking a copy or another one.
LOOKING = {
    "array_type",
    "assign",
    "added",
    "build",
    "carried",
    "copied",
    "exported",
    "forward",
    "initialise",
    "layer",
    "layer_parameters",
    "length",
    "load",
    "native",
    "parameters",
    "pickled",
    "read",
    "read_by_name",
    "save",
    "seeded",
    "shape",
    "stored_gradient",
    "summary",
    "unpickled",
    "with_element",
}
DIFFERENTIATING = {
    "backward",
    "backward_assigning",
    "gradient",
    "reset_gradients",
    "sgd_step",
}


@pytest.fixture(autouse=True)
def _profile() -> None:
    hypothesis.settings.register_profile("shelf", max_examples=60, database=None, deadline=None)
    hypothesis.settings.load_profile("shelf")


def _target(suite: Reference) -> Target:
    return Target.of(suite, 3, "--suite reference")


def _records(claim_id: str, target: Target) -> list[dict[str, Any]]:
    claim = CATALOGUE[claim_id]
    return [Trial(target, claim, case).run() for case in claim.cases_on(target.suite)]


def test_what_was_used_last_is_kept() -> None:
    """A network is taken by one at a time, and the oldest ones make room."""
    shelf = Shelf(limit=2)
    networks = [Architecture(width, (Dense(1),)) for width in (1, 2, 3)]
    for number, network in enumerate(networks):
        shelf.put(network, number)
    assert shelf.take(networks[0]) is None
    assert list(shelf) == [1, 2] and len(shelf) == 2
    assert (shelf.take(networks[1]), shelf.take(networks[1])) == (1, None)
    shelf.put(networks[2], 3)
    assert len(shelf) == 2
    assert [shelf.take(networks[2]) for _ in range(3)] == [3, 2, None]


class Counting(Reference):
    """Counts what it builds."""

    built = 0

    def build(self, architecture: Architecture) -> Any:
        self.built += 1
        return super().build(architecture)


def test_the_next_claim_takes_what_the_last_one_left() -> None:
    """Two claims about the same examples build each network once."""
    suite = Counting()
    target = _target(suite)
    (first,) = _records("access.layer-by-index", target)
    once = suite.built
    (second,) = _records("access.two-parameters", target)
    assert first["verdict"] == second["verdict"] == "holds"
    assert second["examples"] >= 60
    assert suite.built - once < 5


def test_what_carries_gradients_is_not_used_again() -> None:
    """Unless the suite says that they are values apart; the reference's networks carry them."""
    claim = CATALOGUE["gradient.value"]
    assert claim.reuse == GRADIENTS
    suite = Counting()
    assert Trial(_target(suite), claim).shelf is None
    suite.gradients_apart = True  # type: ignore[misc]
    assert Trial(_target(suite), claim).shelf is not None


class WearsOut(Reference):
    """A parameter can be assigned twenty times."""

    def assign(self, model: Any, handle: Any, value: Floats) -> Any:
        handle.times = getattr(handle, "times", 0) + 1
        return model if handle.times > 20 else super().assign(model, handle, value)


def test_a_network_that_suffers_from_use_is_a_violation_of_its_own() -> None:
    """A new one is as it should be: then it is the use that is shown."""
    target = _target(WearsOut())
    records = [_records("access.layer-by-index", target)[0] for _ in range(30)]
    assert records[0]["verdict"] == "holds"
    violated = [record for record in records if record["verdict"] == "violated"]
    assert violated
    for record in violated:
        assert "as it should be on a new network of this example" in record["message"]


class ReadsZero(Reference):
    """Every value is read as zero."""

    def read(self, model: Any, handle: Any) -> Floats:
        return 0 * super().read(model, handle)


def test_what_is_wrong_with_a_new_network_is_shown_on_one() -> None:
    """With the message that a new one gives, which the example alone can show again."""
    target = _target(Reference())
    _records("tie.same-parameter", target)
    assert len(target.shelf)
    target.suite = ReadsZero()
    for record in _records("tie.same-parameter", target):
        assert record["verdict"] == "violated"
        assert "new network" not in record["message"]


class Spying(Reference):
    """Notes the verbs that are said."""

    def __init__(self) -> None:
        self.said: set[str] = set()

    def __getattribute__(self, name: str) -> Any:
        if name in SAID:
            self.said.add(name)
        return super().__getattribute__(name)


SAID = {name for name in vars(Reference) if not name.startswith("_")} - {
    "name",
    "framework",
    "knowledge",
    "refusals",
    "versions",
    "ways",
    "forget",
}


@pytest.mark.parametrize("claim", REUSING, ids=lambda claim: claim.id)
def test_who_uses_again_leaves_a_network_fit(claim: Claim) -> None:
    """What such a claim does, it does by verbs that leave nothing but values behind."""
    suite = Spying()
    target = _target(suite)
    _ = target.conventions
    suite.said.clear()
    assert {record["verdict"] for record in _records(claim.id, target)} == {"holds"}
    allowed = LOOKING | (DIFFERENTIATING if claim.reuse == GRADIENTS else set())
    assert suite.said <= allowed


AGAIN = [(claim, variant) for claim, variant in WRONG if CATALOGUE[claim].reuse == VALUES]


@pytest.mark.parametrize(
    ("claim_id", "variant"), AGAIN, ids=[f"{c}-{variant.__name__}" for c, variant in AGAIN]
)
def test_wrong_variants_are_caught_on_used_networks(
    claim_id: str, variant: type[Reference]
) -> None:
    """A fault of the suite shows on networks that others have used as it does on new ones."""
    target = _target(variant())
    for claim in ("access.two-parameters", "tie.same-parameter", "nested.names"):
        _records(claim, target)
    target.verdicts.clear()
    for _ in range(2):
        records = {record["verdict"]: record["message"] for record in _records(claim_id, target)}
        assert "violated" in records and "errored" not in records, records
