"""Parameters that leave one framework for another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

from paramlaws.specs import reference, strategies, values
from paramlaws.specs.architecture import SAME_LAYER
from paramlaws.specs.case import ONLY, Case
from paramlaws.specs.claim import Inapplicable, Violation, law, require
from paramlaws.specs.claims._drawing import USERS_BLOCKS
from paramlaws.specs.compare import near, same_bits
from paramlaws.specs.example import Example
from paramlaws.specs.reference import Array
from paramlaws.specs.strategies import NESTED_EDGES, TIE_EDGES
from paramlaws.specs.subject import Subject
from paramlaws.specs.transfer import Carried

_OPENING = "introduction of all editions"
#: In one environment, the other framework is the reference; see `runner.exchange` for the pairs.
_FROM_REFERENCE = "from the reference"
#: The examples that every exchange begins with and every run of these claims tries.
EDGES = (*NESTED_EDGES, *TIE_EDGES[SAME_LAYER], *USERS_BLOCKS["edges"][None])


def networks(sizes: Sequence[int], case: Case = ONLY) -> st.SearchStrategy[Example]:
    """All kinds of networks that every framework can build."""
    return st.one_of(
        strategies.examples(sizes),
        strategies.examples(sizes, tie=SAME_LAYER),
        USERS_BLOCKS["draw"](sizes, case),
    )


@law(
    "transfer.export",
    topic="export of all parameters",
    rule="is complete, bit for bit",
    revision=2,
    source=_OPENING,
    needs=("tie", "nested", "user's block", "no bias"),
    after=("value.explicit-read", "tie.same-parameter", "nested.custom-block"),
    draw=networks,
    edges={None: EDGES},
)
def export(net: Subject) -> None:
    """What the framework exports has every parameter bit for bit and nothing else, and the values
    that were read, assigned in a new network, are read there bit for bit.
    """
    saved = values.continuous(net.architecture, net.example.seed)
    net.fill(saved)
    found = {_bits(value) for value in net.suite.exported(net.model).values()}
    expected = {_bits(net.oriented(value, key)): key for key, value in saved.items()}
    missing = [key for bits, key in expected.items() if bits not in found]
    # -0.0 + 0.0 is 0.0.
    unsigned = {_bits(net.oriented(value, key) + 0.0) for key, value in saved.items()}
    manner = "signs-of-zeros" if found == unsigned else "violated"
    require(not missing, f"{', '.join(missing)} is not among what is exported", manner)
    require(found <= expected.keys(), f"{len(found - expected.keys())} other values are exported")
    copy = net.another(net.architecture)
    copy.fill(net.read_all())
    for use, key, handle in copy.each_use():
        same_bits(copy.value(handle, key), saved[key], f"{key} at {use.path}, in another network")


def _bits(value: Any) -> tuple[tuple[int, ...], bytes]:
    native = np.asarray(value, np.float32)
    return native.shape, native.tobytes()


def _names(net: Subject) -> dict[str, str]:
    """Each parameter's name in the network-wide listing, identified by its values."""
    stamps = values.stamps(net.architecture)
    net.fill(stamps)
    listing = net.listing()
    by_mark = dict(zip(net.marks(listing), (name for name, _ in listing), strict=True))
    return {key: by_mark[float(stamp.flat[0])] for key, stamp in stamps.items()}


def exported(net: Subject, origin: str, *, exact: bool) -> Carried:
    """The network with everything that a file holds of it.

    exact: whether its values are small integers; otherwise they are random.
    Raises Inapplicable if rounding could decide about the gradients of random values.
    """
    names = _names(net)
    chosen = net.integers if exact else values.normal(net.architecture, net.example.seed)
    if not exact and not reference.decides_safely(net.architecture, chosen, net.x):
        raise Inapplicable
    net.assign_all(chosen)
    return Carried(
        origin,
        net.example,
        names,
        net.read_all(),
        net.x,
        net.cotangent,
        net.forward(),
        _gradients(net),
        exact,
    )


def _gradients(net: Subject) -> dict[str, Array]:
    gradients = net.backward()
    found = {}
    for key, handle in net.each_parameter():
        gradient = net.gradient_of(gradients, handle, key)
        if gradient is None:
            raise Violation(f"{key} has no gradient")
        found[key] = gradient
    return found


def _given(net: Subject) -> list[Carried]:
    """The network of the file being imported, or else networks of the reference."""
    if net.carried is not None:
        return [net.carried]
    found = []
    for exact in (True, False):
        chosen = net.integers if exact else values.normal(net.architecture, net.example.seed)
        slopes = net.expected_gradients(chosen)
        output = net.expected_forward(chosen)
        parts = (chosen, net.x, net.cotangent, output, slopes, exact)
        found.append(Carried("the reference", net.example, {}, *parts))
    return found


@law(
    "transfer.forward",
    topic="outputs with another framework's parameters",
    rule="are the same, within rounding",
    source=_OPENING,
    needs=("tie", "nested", "exact", "rounded"),
    after=("transfer.export", "tie.applied-at-each-use"),
    variants=(_FROM_REFERENCE,),
    draw=networks,
    edges={None: EDGES},
)
def forward(net: Subject) -> None:
    """Parameters that were carried here from another framework give the same outputs: exactly where
    they are small integers, else within what rounding to float32 explains.
    """
    for carried in _given(net):
        parameters = dict(carried.parameters)
        net.fill(parameters)
        net.event("exact" if carried.exact else "rounded")
        bound = np.zeros_like(carried.output)
        if not carried.exact:
            # Both sides are within the bound of the exact value.
            bound = 2 * reference.forward_error_bound(net.architecture, parameters, carried.x)
        near(net.forward(), carried.output, bound, f"the output, from {carried.origin}")


@law(
    "transfer.gradient",
    topic="gradients with another framework's parameters",
    rule="are the same, within rounding",
    source=_OPENING,
    needs=("tie", "nested", "exact", "rounded"),
    after=("transfer.forward", "tie.gradients-add"),
    variants=(_FROM_REFERENCE,),
    draw=networks,
    edges={None: EDGES},
)
def gradient(net: Subject) -> None:
    """Parameters that were carried here from another framework give the same gradients, those of
    tied ones included: exactly where they are small integers, else within what rounding explains.
    """
    for carried in _given(net):
        parameters = dict(carried.parameters)
        if not carried.exact and not reference.decides_safely(
            net.architecture, parameters, carried.x
        ):
            continue
        net.fill(parameters)
        net.event("exact" if carried.exact else "rounded")
        found = _gradients(net)
        bounds = reference.gradient_error_bound(
            net.architecture, parameters, carried.x, carried.cotangent
        )
        for key, expected in carried.gradients.items():
            bound = np.zeros_like(expected) if carried.exact else 2 * bounds[key]
            near(found[key], expected, bound, f"gradient of {key}, from {carried.origin}")
