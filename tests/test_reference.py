"""The float64 reference against finite differences and against a formulation of its own kind."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from paramlaws.specs import reference, values
from paramlaws.specs.architecture import Activation, Architecture, Block, Dense, Entry
from paramlaws.specs.example import Example
from paramlaws.specs.smoke import check
from paramlaws.specs.subject import Subject
from paramlaws.suites.reference import Reference
from tests.drawn import ANY, TIED

Array = np.ndarray
Dual = tuple[Array, Array]


def _key(entry: Dense, role: str, path: tuple[int, ...]) -> str:
    """A parameter's key, from the labels alone."""
    label = entry.tied_weight if role == "weight" else entry.tied_bias
    if label:
        return f"{role} {label}"
    return f"layer {entry.shared} {role}" if entry.shared else f"{'.'.join(map(str, path))} {role}"


def dual_forward(
    entries: tuple[Entry, ...],
    point: Mapping[str, Array],
    direction: Mapping[str, Array],
    dual: Dual,
    prefix: tuple[int, ...] = (),
) -> Dual:
    """Value and directional derivative, pushed forward through the tree (dual numbers)."""
    value, slope = dual
    for index, entry in enumerate(entries):
        path = (*prefix, index)
        if isinstance(entry, Block):
            value, slope = dual_forward(entry.entries, point, direction, (value, slope), path)
            continue
        if isinstance(entry, Dense):
            weight, bias = _key(entry, "weight", path), _key(entry, "bias", path)
            slope = np.einsum("ni,oi->no", slope, point[weight]) + np.einsum(
                "ni,oi->no", value, direction[weight]
            )
            value = np.einsum("ni,oi->no", value, point[weight])
            if entry.bias:
                value, slope = value + point[bias], slope + direction[bias]
        if isinstance(entry, Activation) or entry.activation:
            value, slope = np.where(value > 0, value, 0.0), np.where(value > 0, slope, 0.0)
    return value, slope


def _integers(example: Example) -> tuple[Architecture, dict[str, Array], Array, Array]:
    a, rows, seed = example.architecture, example.rows, example.seed
    return (
        a,
        values.parameters(a, seed),
        values.inputs(a, rows, seed),
        values.cotangent(a, rows, seed),
    )


@given(ANY, st.integers(0, 2**32 - 1))
def test_gradients_equal_those_of_dual_numbers(example: Example, seed: int) -> None:
    """Reverse and forward mode agree exactly, in any direction, ties included."""
    architecture, parameters, x, cotangent = _integers(example)
    rng = np.random.default_rng(seed)
    direction = {
        key: rng.integers(-2, 3, shape).astype(float) for key, shape in architecture.shapes.items()
    }
    value, slope = dual_forward(architecture.entries, parameters, direction, (x, np.zeros_like(x)))
    np.testing.assert_array_equal(reference.forward(architecture, parameters, x), value)
    gradients = reference.gradients(architecture, parameters, x, cotangent)
    along = sum(float((gradients[key] * direction[key]).sum()) for key in gradients)
    assert along == float((cotangent * slope).sum())


@given(ANY, st.integers(0, 2**32 - 1))
def test_gradients_equal_finite_differences(example: Example, seed: int) -> None:
    """Central differences of the loss agree, away from the kinks of relu."""
    architecture, _, x, cotangent = _integers(example)
    rng = np.random.default_rng(seed)
    point = {key: rng.normal(size=shape) for key, shape in architecture.shapes.items()}
    kinks = [v for v in reference.trace(architecture, point, x)[1:] if v.size]
    assume(all(np.abs(v[v != 0]).min(initial=1.0) > 1e-3 for v in kinks))
    gradients = reference.gradients(architecture, point, x, cotangent)
    for key, shape in architecture.shapes.items():
        index = tuple(int(rng.integers(n)) for n in shape)
        losses = []
        for sign in (1, -1):
            moved = {name: value.copy() for name, value in point.items()}
            moved[key][index] += sign * 1e-7
            losses.append(float((cotangent * reference.forward(architecture, moved, x)).sum()))
        difference = (losses[0] - losses[1]) / 2e-7
        scale = 1 + abs(losses[0]) + abs(gradients[key][index])
        assert abs(difference - gradients[key][index]) < 1e-5 * scale


@given(TIED)
def test_the_gradient_of_a_tie_is_the_sum_over_its_uses(example: Example) -> None:
    """With every tie undone, at equal values, the gradients add up to the tied ones."""
    architecture, parameters, x, cotangent = _integers(example)
    untied = Architecture(architecture.inputs, _untie(architecture.entries))
    pairs = [
        (new_key, old_key)
        for new, old in zip(untied.uses, architecture.uses, strict=True)
        for new_key, old_key in zip(new.keys, old.keys, strict=True)
    ]
    separate = reference.gradients(
        untied, {new: parameters[old] for new, old in pairs}, x, cotangent
    )
    total = {key: np.zeros(shape) for key, shape in architecture.shapes.items()}
    for new, old in pairs:
        total[old] += separate[new]
    tied = reference.gradients(architecture, parameters, x, cotangent)
    for key, gradient in tied.items():
        np.testing.assert_array_equal(gradient, total[key])


def _untie(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return tuple(
        Block(_untie(entry.entries))
        if isinstance(entry, Block)
        else Dense(entry.units, entry.bias, entry.activation)
        if isinstance(entry, Dense)
        else entry
        for entry in entries
    )


def test_a_step_moves_a_tied_parameter_once() -> None:
    """Y = w(wx): from w = 3 and x = 1 the slope is 2w, and a step of 1/4 leaves 3 - 6/4."""
    tied = Dense(1, bias=False, shared="a")
    architecture = Architecture(1, (tied, tied))
    point = {"layer a weight": np.array([[3.0]])}
    one = np.ones((1, 1))
    after = reference.sgd_step(architecture, point, one, one, 0.25)
    assert after["layer a weight"].item() == 1.5


@given(ANY, st.integers(0, 2**32 - 1))
def test_the_error_bound_bounds_float32(example: Example, seed: int) -> None:
    """float32 arithmetic stays within the bound, which is not absurdly wide."""
    architecture, _, x, _ = _integers(example)
    rng = np.random.default_rng(seed)
    point = {
        key: rng.normal(size=shape).astype(np.float32) for key, shape in architecture.shapes.items()
    }
    exact = {key: value.astype(np.float64) for key, value in point.items()}
    single = reference.trace(architecture, point, x.astype(np.float32))[-1]  # type: ignore[arg-type]
    assert single.dtype == np.float32
    bound = reference.forward_error_bound(architecture, exact, x)
    assert np.all(np.abs(single - reference.forward(architecture, exact, x)) <= bound)
    size = np.abs(
        reference.trace(architecture, {k: np.abs(v) for k, v in exact.items()}, np.abs(x))[-1]
    )
    assert np.all(bound <= 1e-4 * (1 + size))


@given(ANY, st.integers(0, 2**32 - 1))
def test_the_bound_on_gradients_holds_for_float32(example: Example, seed: int) -> None:
    """Computed in float32 with random values, no gradient is further off than the bound."""
    architecture = example.architecture
    rng = np.random.default_rng(seed)
    parameters = {
        key: rng.standard_normal(shape).astype(np.float32).astype(np.float64)
        for key, shape in architecture.shapes.items()
    }
    x = rng.standard_normal((2, architecture.inputs)).astype(np.float32).astype(np.float64)
    cotangent = rng.standard_normal((2, architecture.outputs)).astype(np.float32)
    assume(reference.decides_safely(architecture, parameters, x))
    model = Subject(Reference(), example, check(Reference()))
    model.x, model.cotangent = x, cotangent.astype(np.float64)
    model.fill(parameters)
    gradients = model.backward()
    exact = reference.gradients(architecture, parameters, x, model.cotangent)
    bounds = reference.gradient_error_bound(architecture, parameters, x, model.cotangent)
    for use in architecture.uses:
        for key in use.keys:
            found = model.gradient(gradients, use, key)
            assert found is not None
            assert (np.abs(found - exact[key]) <= bounds[key]).all()


def test_a_relu_at_its_kink_is_not_safe() -> None:
    """An input of a relu within rounding of zero decides nothing."""
    architecture = Architecture(1, (Dense(1, bias=False, activation="relu"),))
    for weight, safe in ((0.0, False), (2.0**-10, True)):
        parameters = {"0 weight": np.array([[weight]])}
        assert reference.decides_safely(architecture, parameters, np.ones((1, 1))) is safe
