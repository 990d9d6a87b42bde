"""The small integers are exact in float32, whatever the order of summation."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from paramlaws.specs import reference, values
from paramlaws.specs.architecture import Architecture, Dense
from paramlaws.specs.example import Example
from paramlaws.specs.strategies import PLAIN_EDGES, deep
from tests.drawn import ANY


@given(ANY)
def test_float32_gives_the_same_numbers(example: Example) -> None:
    """Forward and backward in float32 equal float64, and so do they with everything reversed."""
    a = example.architecture
    parameters = values.parameters(a, example.seed)
    x = values.inputs(a, example.rows, example.seed)
    cotangent = values.cotangent(a, example.rows, example.seed)
    single = {key: value.astype(np.float32) for key, value in parameters.items()}
    for key, value in parameters.items():
        assert np.array_equal(value, np.round(value)), key
    exact = reference.gradients(a, parameters, x, cotangent)
    rough = reference.gradients(
        a,
        single,  # type: ignore[arg-type]
        x.astype(np.float32),
        cotangent.astype(np.float32),
    )
    y = reference.forward(a, single, x.astype(np.float32))  # type: ignore[arg-type]
    assert y.dtype == np.float32
    assert np.array_equal(y, reference.forward(a, parameters, x))
    assert np.array_equal(y[::-1], reference.forward(a, parameters, x[::-1].copy()))
    for key, gradient in exact.items():
        assert np.array_equal(gradient, rough[key])
        assert np.abs(gradient).max() < values.EXACT


def test_seeds_matter_and_most_draws_are_alive() -> None:
    """Different seeds give different values, and few of them a network that is dead."""
    architecture = PLAIN_EDGES[2].architecture
    drawn = [values.parameters(architecture, seed) for seed in range(50)]
    assert len({repr(sorted((k, v.tobytes()) for k, v in p.items())) for p in drawn}) > 40
    alive = 0
    for seed, parameters in enumerate(drawn):
        x, c = values.inputs(architecture, 2, seed), values.cotangent(architecture, 2, seed)
        gradients = reference.gradients(architecture, parameters, x, c)
        alive += all(gradient.any() for gradient in gradients.values())
    assert alive > 25


def test_a_deep_network_stays_exact() -> None:
    """Three hundred layers of one unit do not leave the exact range, nor die out."""
    architecture = deep(300).architecture
    parameters = values.parameters(architecture, 0)
    x, c = values.inputs(architecture, 2, 0), values.cotangent(architecture, 2, 0)
    gradients = reference.gradients(architecture, parameters, x, c)
    assert max(np.abs(g).max() for g in gradients.values()) < values.EXACT


def test_stamps_are_all_different() -> None:
    """No two elements of a network's stamps are equal."""
    stamps = values.stamps(PLAIN_EDGES[2].architecture)
    everything = np.concatenate([value.ravel() for value in stamps.values()])
    assert len(set(everything.tolist())) == everything.size


@given(ANY)
def test_continuous_values_are_of_float32_and_of_all_kinds(example: Example) -> None:
    """Nothing is lost by writing them as float32, and zeros of both signs are among many."""
    for value in values.continuous(example.architecture, example.seed).values():
        assert np.array_equal(value.astype(np.float32).astype(np.float64), value)
        assert np.isfinite(value).all()
        assert np.unique(value).size >= value.size - 1


def test_what_could_be_rounded_is_not_exact() -> None:
    """Values beyond the integers of float32."""
    architecture = Architecture(1, (Dense(1, bias=False),))
    assert values.exact(architecture, {"0 weight": np.array([[3.0]])})
    assert not values.exact(architecture, {"0 weight": np.array([[2.0**23]])})
