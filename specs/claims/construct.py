"""Building networks."""

from __future__ import annotations

import numpy as np

from paramlaws.specs.architecture import Architecture, Block, Dense
from paramlaws.specs.claim import convention, law, require
from paramlaws.specs.claims._drawing import EDITIONS, READER, plain
from paramlaws.specs.compare import equal
from paramlaws.specs.example import Example
from paramlaws.specs.reference import forward_error_bound
from paramlaws.specs.strategies import PLAIN_EDGES
from paramlaws.specs.subject import Subject

#: A square weight has the same shape as its transpose, so only values can tell them apart.
_SQUARE = Example(Architecture(3, (Dense(3), Block((Dense(3),)))), 2, 1)


@law(
    "construct.output-shape",
    topic="shape of the output",
    rule="is a row for each row of the input, as wide as the last layer",
    source=EDITIONS,
    needs=("nested", "lazy", "width 1"),
    **plain(),
)
def output_shape(net: Subject) -> None:
    """A batch of n rows through the network gives n rows of the last layer's width."""
    shape = net.start().forward().shape
    expected = (net.example.rows, net.architecture.outputs)
    require(shape == expected, f"the output has shape {shape} instead of {expected}")


@law(
    "construct.forward-value",
    topic="what a network computes",
    rule="follows from the parameters that are read",
    source=EDITIONS,
    needs=("no bias", "fused activation", "output not zero"),
    after=("construct.output-shape", "access.two-parameters"),
    **plain(edges=(*PLAIN_EDGES, _SQUARE)),
)
def forward_value(net: Subject) -> None:
    """The output equals the float64 reference computed from the very parameters that the access
    interface returns, so what is read is what is used.
    """
    initial = net.start().read_all()
    error = np.abs(net.forward() - net.expected_forward(initial))
    bound = forward_error_bound(net.architecture, initial, net.x)
    require(
        np.all(error <= bound),
        f"with the initial values, the output is off by {error.max()}; {bound.max()} is allowed",
    )
    net.fill()
    filled = net.read_all()
    for key, value in net.integers.items():
        equal(filled[key], value, f"{key}, read after it was assigned")
    expected = net.expected_forward(filled)
    net.event("output not zero", expected.any())
    equal(net.forward(), expected, "the output")


def _shapes(net: Subject) -> list[tuple[int, ...]]:
    """The shapes of all parameters of a new network, as the target has them."""
    read = net.start().read_all()
    return [net.shape_there(value.shape, key) for key, value in read.items()]


@law(
    "construct.lazy-shapes",
    topic="input widths left out",
    rule="are inferred from the first input",
    source=EDITIONS,
    needs=("lazy", "several layers", "nested"),
    after=("access.two-parameters",),
    **plain(lazy=True),
)
def lazy_shapes(net: Subject) -> None:
    """Input widths that were left out are inferred at the first forward pass or initialisation, and
    are then those of the same network with widths written out.
    """
    lazily = _shapes(net)
    net.architecture = net.architecture.with_lazy(False)
    explicitly = _shapes(net)
    described = [net.native_shape(key) for key in net.architecture.shapes]
    require(lazily == described, f"inferred shapes are {lazily} instead of {described}")
    require(explicitly == described, f"written out they are {explicitly}, not {described}")


@convention(
    "construct.before-first-forward",
    topic="parameters before the first forward pass",
    words={
        "absent": "do not exist yet",
        "unshaped": "exist, without shapes",
        "partly-shaped": "exist, with their output widths only",
        "error": "cannot be asked for",
    },
    source=READER,
    behaviours=("absent", "unshaped", "partly-shaped", "error"),
    needs=("lazy",),
    after=("access.two-parameters",),
    **plain(lazy=True),
)
def before_first_forward(net: Subject) -> str:
    """Before its first forward pass, a network with widths left out has its parameters absent,
    unshaped or partly shaped, or answers the question with an error.
    """
    model = net.build()
    if net.refuses("parameters", model):
        return "error"
    handles = [handle for _, handle in net.suite.parameters(model)]
    if not handles:
        return "absent"
    weights = [handle for handle in handles if net.refuses("shape", model, handle)]
    if weights:
        return "unshaped"
    shapes = [net.suite.shape(model, handle) for handle in handles]
    known = {len(shape): all(n is not None and n > 0 for n in shape) for shape in shapes}
    require(known.get(2) is False, f"before any input, the shapes are already {shapes}")
    return "partly-shaped"
