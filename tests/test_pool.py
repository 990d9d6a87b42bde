"""Networks that are used again: only where that is declared, and never to a finding."""

from __future__ import annotations

from typing import Any

import hypothesis
import numpy as np
import pytest

from paramlaws.runner import pool
from paramlaws.runner.pool import Pool
from paramlaws.runner.target import Target
from paramlaws.runner.trial import Trial
from paramlaws.specs.architecture import Architecture, Dense
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.record import Record
from paramlaws.specs.suite import VERBS
from paramlaws.suites.reference import Reference


class Slow(Reference):
    """Builds slowly, and counts how often it does."""

    name, slow_to_build, built = "slow", True, 0

    def build(self, architecture: Architecture) -> Any:
        """Counts."""
        self.built += 1
        return super().build(architecture)


class Quick(Slow):
    """Says that it builds quickly."""

    name, slow_to_build = "quick", False


class Wearing(Slow):
    """Networks compute nonsense from their third backward pass on."""

    name = "wearing"

    def backward(self, model: Any, x: Any, cotangent: Any) -> Any:
        """Counts the passes of each network."""
        model.passes = getattr(model, "passes", 0) + 1
        return super().backward(model, x, cotangent * (1 if model.passes < 3 else 2))


class Reshaping(Slow):
    """Takes a value of any shape, and then has it."""

    name = "reshaping"

    def assign(self, model: Any, handle: Any, value: Any) -> Any:
        """As it comes."""
        handle.value = np.array(value, np.float32)
        return model


@pytest.fixture(autouse=True)
def _few() -> None:
    hypothesis.settings.register_profile("few", max_examples=15, database=None, deadline=None)
    hypothesis.settings.load_profile("few")


def _target(suite: Reference) -> Target:
    return Target.of(suite, 5, ("--adapter", f"tests:{suite.name}"))


def _tried(target: Target, *claims: str) -> list[Record]:
    return [Trial(target, CATALOGUE[claim]).run() for claim in claims]


def test_networks_are_used_again_only_where_building_is_slow() -> None:
    """Claims about the same kind of networks draw the same ones there."""
    claims = ("construct.forward-value", "gradient.value", "gradient.shape")
    slow, quick = _target(Slow()), _target(Quick())
    assert {r.verdict for t in (slow, quick) for r in _tried(t, *claims)} == {"holds"}
    assert slow.pool.taken > 10 and quick.pool.taken == 0
    assert slow.suite.built < quick.suite.built  # type: ignore[attr-defined]


def test_what_fails_on_a_used_network_is_tried_on_a_new_one() -> None:
    """A network that wears out is no finding about another claim."""
    target = _target(Wearing())
    (gradient,) = _tried(target, "gradient.value")
    for _ in range(3):
        (again,) = _tried(target, "gradient.value")
        assert (again.verdict, again.message) == (gradient.verdict, gradient.message)
    assert gradient.verdict == "holds", gradient.message
    assert target.pool.taken > 10


def test_a_network_of_another_shape_is_not_given_to_another_claim() -> None:
    """A claim that ended otherwise than by holding gives nothing back."""
    target = _target(Reshaping())
    (wrong,) = _tried(target, "assign.wrong-shape")
    assert wrong.verdict == "violated"
    alone = _tried(_target(Reshaping()), "gradient.value", "construct.forward-value")
    after = _tried(target, "gradient.value", "construct.forward-value")
    assert [r.verdict for r in after] == [r.verdict for r in alone] == ["holds", "holds"]


def test_a_claim_that_does_more_gives_nothing_back() -> None:
    """What a step, a copy or a file leaves in a network is not known."""
    target = _target(Slow())
    (step,) = _tried(target, "train.step")
    assert step.verdict == "holds" and "sgd_step" in step.verbs
    assert not target.pool._models


def test_the_pool_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was used longest ago goes first; a network is given once."""
    monkeypatch.setattr(pool, "MOST", 2)
    nets = [Architecture(1, (Dense(units),)) for units in (1, 2, 3)]
    kept = Pool()
    for net in nets:
        kept.put(net, net.outputs)
    assert [kept.take(net) for net in nets] == [None, 2, 3]
    assert kept.take(nets[2]) is None
    assert kept.taken == 2


def test_what_is_called_harmless_are_verbs() -> None:
    """A mistyped one would never be asked for."""
    assert pool.HARMLESS <= VERBS
