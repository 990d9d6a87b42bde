"""Initial values: by default, on demand, by layer, by a user's function, again, and from a seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from paramlaws.specs import distributions, starting, strategies, values
from paramlaws.specs.architecture import Architecture, Block, Dense, Entry, Init
from paramlaws.specs.case import Case
from paramlaws.specs.claim import convention, law, require
from paramlaws.specs.claims._drawing import LONG_EDITIONS, READER, plain
from paramlaws.specs.compare import equal
from paramlaws.specs.distributions import FAMILIES, SAMPLE, ZEROS
from paramlaws.specs.example import Example
from paramlaws.specs.strategies import PLAIN_EDGES
from paramlaws.specs.subject import Subject

#: (fan_in, units) of layers that have enough weights for a test, and for which the known families
#: differ enough to be told apart.
_WIDE = ((64, 256), (256, 64), (64, 512), (512, 128))
#: (fan_in, units) of layers that have enough biases for a test.
_MANY_UNITS = ((2, SAMPLE), (4, SAMPLE), (8, SAMPLE))


def _drawn(
    examples: Callable[[], st.SearchStrategy[Example]], inputs: int, *entries: Entry
) -> dict[str, Any]:
    """Examples that do not depend on the widths of the run.

    inputs, entries: the network that every run tries, with input widths left out and written out.
    """
    edges = [Example(Architecture(inputs, entries, lazy), 1, 7) for lazy in (True, False)]
    return {"draw": lambda sizes, case: examples(), "edges": {None: edges}}


@st.composite
def _wide(
    draw: st.DrawFn, shapes: Sequence[tuple[int, int]] = _WIDE, init: Init | None = None
) -> Example:
    fan_in, units = draw(st.sampled_from(shapes))
    layer = Dense(units, init=init)
    entry: Entry = Block((layer,)) if draw(st.booleans()) else layer
    return _example(draw, fan_in, (entry,))


def _example(draw: st.DrawFn, inputs: int, entries: tuple[Entry, ...]) -> Example:
    architecture = Architecture(inputs, entries, draw(st.booleans()))
    return Example(architecture, 1, draw(st.integers(0, 255)), draw(st.integers(0, 63)))


def _each_layer(example: Example, init: Callable[[int], Init]) -> Example:
    """The example with `init(number)` as the initialiser of each layer, in their order."""
    numbers = iter(range(len(example.architecture.uses)))

    def put(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        return tuple(
            replace(e, entries=put(e.entries))
            if isinstance(e, Block)
            else replace(e, init=init(next(numbers)))
            if isinstance(e, Dense)
            else e
            for e in entries
        )

    old = example.architecture
    return replace(example, architecture=Architecture(old.inputs, put(old.entries), old.lazy))


def _weight(net: Subject, position: int = 0) -> Any:
    use = net.architecture.uses[position]
    return net.read(use, use.weight)


@convention(
    "init.default-weight",
    topic="distribution of default weights",
    words={
        "uniform-0.07": "is uniform on [-0.07, 0.07]",
        "uniform-by-fan-in": "is uniform, in a range set by the input width",
        "uniform-by-fan-out": "is uniform, in a range set by the output width",
        "uniform-by-both-widths": "is uniform, in a range set by both widths (Glorot)",
        "uniform-he": "is uniform, in a range set by the input width (He)",
        "normal-0.01": "is normal, of deviation 0.01",
        "normal-by-fan-in": "is normal, of a deviation set by the input width",
        "truncated-normal-by-fan-in": "is truncated normal, scaled by the input width (LeCun)",
        "truncated-normal-by-both-widths": "is truncated normal, scaled by both widths",
    },
    source=LONG_EDITIONS,
    behaviours=tuple(FAMILIES),
    needs=("enough values", "lazy", "explicit"),
    after=("value.explicit-read",),
    **_drawn(_wide, 64, Dense(256)),
)
def default_weight(net: Subject) -> str:
    """The distribution that weights come from by default, and how it depends on the two widths.

    A Kolmogorov-Smirnov test on 16,384 weights or more (`specs.distributions`): a false alarm has a
    probability of at most 1e-9, and a scale that is wrong by 25 % is found with near certainty.
    """
    use = net.architecture.uses[0]
    weight = _weight(starting.seeded(net, net.example.randomness))
    net.event("enough values", weight.size >= SAMPLE)
    found = distributions.family_of(weight, use.fan_in, use.dense.units)
    families = (found, net.expected)
    net.shown["histogram"] = distributions.histogram(weight, use.fan_in, use.dense.units, families)
    return found


@convention(
    "init.default-bias",
    topic="distribution of default biases",
    words={
        "zeros": "is zero throughout",
        "uniform-by-fan-in": "is uniform, in a range set by the input width",
        "uniform-by-both-widths": "is uniform, in a range set by both widths",
    },
    source=LONG_EDITIONS,
    behaviours=(ZEROS, *FAMILIES),
    needs=("enough values", "lazy", "explicit"),
    after=("value.explicit-read",),
    **_drawn(lambda: _wide(_MANY_UNITS), 4, Dense(SAMPLE)),
)
def default_bias(net: Subject) -> str:
    """Biases are zero by default, or come from a distribution that depends on the widths."""
    (use,) = net.architecture.uses
    bias = starting.seeded(net, net.example.randomness).read(use, str(use.bias))
    net.event("enough values", bias.size >= SAMPLE)
    return distributions.family_of(bias, use.fan_in, use.dense.units)


@st.composite
def _normal(draw: st.DrawFn) -> Example:
    deviation = draw(st.sampled_from((0.01, 0.5, 2.0)))
    inputs, units = draw(st.sampled_from(_WIDE))
    layers = [Dense(w, init=Init("normal", deviation, n)) for w, n in ((units, "a"), (inputs, "b"))]
    return _example(draw, inputs, (Block((layers[0],)), layers[1]))


@law(
    "init.normal",
    topic="weights from a normal distribution",
    rule="are a sample of it, and biases are zero",
    source=LONG_EDITIONS,
    needs=("enough values", "nested", "bias"),
    after=("value.explicit-read",),
    **_drawn(_normal, 64, Block((Dense(256, init=Init("normal", 0.01)),))),
)
def normal(net: Subject) -> None:
    """Asked for a normal distribution of a given deviation and zero bias, the weights are a sample
    of just that, and every bias is 0.
    """
    starting.initialised(net)
    for position, use in enumerate(net.architecture.uses):
        weight, init = _weight(net, position), use.dense.init
        assert init is not None
        net.event("enough values", weight.size >= SAMPLE)
        what = f"{use.weight} is not normal with deviation {init.value}; it has {weight.std():.6f}"
        require(distributions.fits(weight, distributions.normal(init.value)), what)
        equal(net.read(use, str(use.bias)), np.zeros(use.dense.units), str(use.bias))


@st.composite
def _constant(draw: st.DrawFn, sizes: Sequence[int], case: Case) -> Example:
    value = draw(st.sampled_from((1.0, 42.0, -0.5, 0.0)))
    return _each_layer(draw(strategies.examples(sizes)), lambda n: Init("constant", value))


@law(
    "init.constant",
    topic="constant weights",
    rule="are exactly that constant, and biases are zero",
    source=LONG_EDITIONS,
    needs=("nested", "bias", "no bias", "lazy", "explicit"),
    after=("value.explicit-read",),
    draw=_constant,
    edges={None: [_each_layer(e, lambda n: Init("constant", 1.0)) for e in PLAIN_EDGES]},
)
def constant(net: Subject) -> None:
    """Asked for a constant, every weight is exactly that and every bias 0."""
    starting.initialised(net)
    for use in net.architecture.uses:
        assert use.dense.init is not None
        weight = np.full((use.dense.units, use.fan_in), use.dense.init.value)
        equal(net.read(use, use.weight), weight, use.weight)
        if use.bias is not None:
            equal(net.read(use, use.bias), np.zeros(use.dense.units), use.bias)


@st.composite
def _per_block(draw: st.DrawFn) -> Example:
    """Three layers in any order: one Xavier, one constant, one with the default."""
    narrow, wide = draw(st.sampled_from(((64, 256), (128, 512))))
    inits = draw(st.permutations((Init("xavier"), Init("constant", 42.0), None)))
    layers: list[Entry] = [
        Dense(wide if position % 2 == 0 else narrow, init=init)
        for position, init in enumerate(inits)
    ]
    if draw(st.booleans()):
        layers[1:] = [Block(tuple(layers[1:]))]
    return _example(draw, narrow, tuple(layers))


@law(
    "init.per-block",
    topic="an initialiser for each layer",
    rule="affects its own layer alone",
    source=LONG_EDITIONS,
    needs=("nested", "told apart", "lazy", "explicit"),
    after=("init.default-weight", "init.constant"),
    **_drawn(
        _per_block,
        64,
        Dense(256, init=Init("xavier")),
        Block((Dense(64, init=Init("constant", 42.0)), Dense(256))),
    ),
)
def per_block(net: Subject) -> None:
    """Different initialisers on different layers affect their own layer only: Xavier on one, a
    constant on another, and a third keeps the default.
    """
    default = starting.seeded(net.another(net.architecture), net.example.randomness)
    starting.initialised(net)
    for position, use in enumerate(net.architecture.uses):
        weight, init, widths = _weight(net, position), use.dense.init, (use.fan_in, use.dense.units)
        if init is None:
            wanted = distributions.family_of(_weight(default, position), *widths)
            found = distributions.family_of(weight, *widths)
            require(found == wanted, f"{use.weight}, left alone, is {found} instead of {wanted}")
        elif init.kind == "constant":
            equal(weight, np.full_like(weight, init.value), use.weight)
        else:
            net.event("told apart", weight.size >= SAMPLE)
            fits = distributions.fits(weight, distributions.xavier(*widths))
            require(fits, f"{use.weight} is not Xavier's uniform distribution")


@st.composite
def _written(draw: st.DrawFn, sizes: Sequence[int], case: Case) -> Example:
    if case.variant == "chapter's distribution":
        return draw(_wide(init=Init("strange")))
    one = draw(st.booleans())
    example = draw(strategies.examples(sizes))
    return _each_layer(example, lambda n: Init("custom", label="" if one else str(n)))


@law(
    "init.custom",
    topic="a user's own initialiser",
    rule="is called once for each weight, and its values are used",
    source=LONG_EDITIONS,
    needs=("every value checked",),
    after=("value.explicit-read",),
    variants=("recorded", "chapter's distribution"),
    draw=_written,
    edges={
        "recorded": [_each_layer(e, lambda n: Init("custom", label=str(n))) for e in PLAIN_EDGES],
        "chapter's distribution": [Example(Architecture(64, (Dense(256, init=Init("strange")),)))],
    },
)
def custom(net: Subject) -> None:
    """A user's own initialiser is called once for each weight, with its shape, and what it returns
    is what the layer holds; with the chapter's distribution every weight is 0 or of magnitude 5 to
    10, in the stated proportions.
    """
    if net.case.variant == "recorded":
        _called_once_per_weight(net)
    else:
        _has_stated_proportions(net)


def _called_once_per_weight(net: Subject) -> None:
    calls: list[Any] = []

    def custom(shape: tuple[int, ...]) -> Any:
        # The elements of all calls are distinct.
        start = 1 + sum(call.size for call in calls)
        size = int(np.prod(shape))
        calls.append(np.arange(start, start + size, dtype=np.float32).reshape(shape))
        return calls[-1]

    starting.initialised(net, custom)
    uses = net.architecture.uses
    require(len(calls) == len(uses), f"it is called {len(calls)} times for {len(uses)} weights")
    for use in uses:
        held = net.read(use, use.weight)
        net.event("every value checked", held.size)
        returned = [net.oriented(call, use.weight) for call in calls]
        same = sum(np.array_equal(held, call) for call in returned)
        require(same == 1, f"{use.weight} holds {held.tolist()}, which it returned {same} times")


def _has_stated_proportions(net: Subject) -> None:
    weight = _weight(starting.initialised(net)).ravel()
    size = np.abs(weight[weight != 0])
    net.event("every value checked", weight.size >= SAMPLE)
    require(((size >= 5) & (size <= 10)).all(), "some weight is neither 0 nor of magnitude 5 to 10")
    for name, count, share in (
        ("zero", weight.size - size.size, 0.5),
        ("positive", int((weight > 0).sum()), 0.25),
        ("beyond 7.5", int((size > 7.5).sum()), 0.25),
    ):
        fits = distributions.share_fits(count, weight.size, share)
        require(fits, f"{count} of {weight.size} weights are {name}, not {share:.0%} of them")


def _twins(example: Example, inside: bool) -> Architecture:
    """The example's network followed by two layers that share one initialiser."""
    twin = Dense(4, init=Init("normal", 1.0))
    twins: tuple[Entry, ...] = (Dense(4), Block((twin, twin))) if inside else (Dense(4), twin, twin)
    old = example.architecture
    return Architecture(old.inputs, old.entries + twins, old.lazy)


@convention(
    "init.one-object",
    topic="one initialiser object for two layers",
    words={"independent": "draws for each of them", "identical": "gives both the same values"},
    source=READER,
    behaviours=("independent", "identical"),
    needs=("equal shapes", "lazy", "explicit"),
    after=("value.explicit-read",),
    draw=lambda sizes, case: st.builds(
        lambda example, inside: replace(example, architecture=_twins(example, inside)),
        strategies.examples(sizes, most=1),
        st.booleans(),
    ),
    edges={None: [replace(e, architecture=_twins(e, True)) for e in PLAIN_EDGES]},
)
def one_object(net: Subject) -> str:
    """One initialiser object without a seed that is given to two layers of one shape draws for each
    of them, or gives both the same values.
    """
    starting.initialised(net)
    first, second = (net.read(use, use.weight) for use in net.architecture.uses[-2:])
    net.event("equal shapes", first.shape == second.shape)
    return "identical" if np.array_equal(first, second) else "independent"


@law(
    "init.reinitialise",
    topic="initialising again",
    rule="draws every value again",
    source=LONG_EDITIONS,
    needs=("nested", "bias", "no bias"),
    after=("value.explicit-read",),
    **plain(edges=PLAIN_EDGES),
)
def reinitialise(net: Subject) -> None:
    """Initialising again in the documented way, with force where the framework requires it or as a
    new network where that is the way, replaces every value.
    """
    # Values that no initialiser draws.
    stamps = {key: 1000 + stamp for key, stamp in values.stamps(net.architecture).items()}
    net.fill(stamps)
    starting.reinitialised(net, net.example.randomness)
    for key, value in net.read_all().items():
        kept = int((value == stamps[key]).sum())
        require(not kept, f"{kept} of {value.size} values of {key} are what they were")
        require(np.abs(value).max() < 1000, f"{key} is {value.tolist()} when initialised again")


@law(
    "init.reproducible",
    topic="initial values",
    rule="are the same from the same seed, and others from another",
    source=READER,
    needs=("nested", "bias", "lazy", "explicit"),
    after=("value.explicit-read",),
    **plain(),
)
def reproducible(net: Subject) -> None:
    """The same seed gives bit-identical parameters, and another seed different ones."""
    seed = net.example.randomness
    first = starting.seeded(net, seed).read_all()
    again = starting.seeded(net, seed).read_all()
    for key, value in first.items():
        equal(again[key], value, f"{key}, from the same seed")
    same = [key for key in first if key.endswith("weight")]
    # Up to three other seeds: two of them give a single weight the same value once in 2^24 times.
    for step in (1, 2, 3):
        other = starting.seeded(net, seed + step).read_all() if same else {}
        same = [key for key in same if np.array_equal(other[key], first[key])]
    require(not same, f"the same from other seeds: {', '.join(same)}")
