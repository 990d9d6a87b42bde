"""Saving and loading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path as File
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import strategies as st

from paramlaws.specs import keeping, strategies, values
from paramlaws.specs.architecture import Activation, Architecture, Block, Dense
from paramlaws.specs.case import Case
from paramlaws.specs.claim import Violation, convention, law, require
from paramlaws.specs.claims._drawing import READER, USERS_BLOCKS, some_in_subprocess
from paramlaws.specs.compare import equal, same_bits
from paramlaws.specs.example import Example
from paramlaws.specs.reference import Array
from paramlaws.specs.strategies import PLAIN_EDGES
from paramlaws.specs.subject import Subject

_OPENING = "introduction of all editions"
UNCHANGED, PARTLY_LOADED = "unchanged", "partly-loaded"


def _containers_or_users_blocks(sizes: Sequence[int], case: Case) -> st.SearchStrategy[Example]:
    return st.one_of(strategies.examples(sizes), USERS_BLOCKS["draw"](sizes, case))


@law(
    "persist.roundtrip",
    topic="saving and loading",
    rule="gives back every value bit for bit",
    source=_OPENING,
    needs=("nested", "user's block", "bias", "no bias", "lazy", "explicit", "for another process"),
    after=("value.explicit-read", "construct.forward-value", "nested.custom-block"),
    ways="save",
    in_subprocess=True,
    **some_in_subprocess(
        {
            "draw": _containers_or_users_blocks,
            "edges": {None: (*PLAIN_EDGES, *USERS_BLOCKS["edges"][None])},
        }
    ),
)
def roundtrip(net: Subject) -> None:
    """Saving and loading gives back every value bit for bit and the same function, in this process
    and in another one.
    """
    saved = values.continuous(net.architecture, net.example.seed)
    net.fill(saved)
    net.event("for another process", keeping.also_in_subprocess(net))
    with TemporaryDirectory() as folder:
        keeping.save(net, folder)
        _comes_back(net, folder, saved)
        if keeping.also_in_subprocess(net):
            keeping.in_subprocess(net, _comes_back, folder, saved)


def _comes_back(net: Subject, folder: str, saved: dict[str, Array]) -> None:
    copy = keeping.loaded(net, folder)
    for key, value in copy.read_all().items():
        same_bits(value, saved[key], f"{key}, loaded")
    count, distinct = len(copy.listing()), len(saved)
    require(count == distinct, f"{count} parameters are loaded, not {distinct}")
    copy.assign_all(copy.integers)
    equal(copy.forward(), copy.expected_forward(copy.integers), "the output of what was loaded")


@law(
    "persist.partial",
    topic="carrying the first layers into another network",
    rule="leaves the rest of it as it was",
    source=_OPENING,
    needs=("nested", "several layers", "bias", "output compared"),
    after=("value.explicit-read", "construct.forward-value", "persist.roundtrip"),
    ways="carried",
    draw=lambda sizes, case: strategies.examples(sizes, least=2),
    edges={None: (*PLAIN_EDGES[1:], Example(Architecture(2, (Block((Dense(3),)),) * 2)))},
)
def partial(net: Subject) -> None:
    """The parameters of the first layers can be carried into another network, layer by layer, and
    the rest of it stays as it was.
    """
    head = (Dense(3), Dense(2))[: 1 + net.example.pick % 2]
    other = net.another(_with_head(net.architecture, *head))
    carried, own = net.fill(), {k: v + 1 for k, v in other.integers.items()}
    other.fill(own)
    for index in range(len(net.architecture.entries)):
        if any(use.path[0] == index for use in net.architecture.uses):
            path = net.native((index,))
            other.model = net.suite.carried(net.model, other.model, path, net.way)
    own.update(carried)
    for key, value in other.read_all().items():
        equal(value, own[key], f"{key} of the network that layers were carried into")
    if values.exact(other.architecture, own):
        net.event("output compared")
        equal(other.forward(), other.expected_forward(own), "its output")
    for key, value in net.read_all().items():
        equal(value, carried[key], f"{key} of the network that they come from")


#: What is wrong with the file.
_WRONG_SHAPE = "wrong shape"
_LAYER_MISSING, _EXTRA_LAYER = "layer missing from the file", "extra layer in the file"

#: With the layers that `mismatch` adds, indices have two digits; the first entry has no parameters.
_TEN_LAYERS = Example(Architecture(1, (Activation(), *(Dense(1),) * 4, Activation(), Dense(1))))


@convention(
    "persist.mismatch",
    topic="loading what does not fit",
    words={
        "unchanged": "is refused and changes nothing",
        "partly-loaded": "is refused, after a part of it was loaded",
    },
    source=READER,
    behaviours=(UNCHANGED, PARTLY_LOADED),
    faults=("accepted", "garbled"),
    needs=("nested", "bias"),
    after=("persist.roundtrip",),
    ways="load",
    variants=(_WRONG_SHAPE, _LAYER_MISSING, _EXTRA_LAYER),
    revision=2,
    draw=lambda sizes, case: strategies.examples(sizes),
    edges={None: (*PLAIN_EDGES, _TEN_LAYERS)},
)
def mismatch(net: Subject) -> str:
    """Loading the parameters of a network of another shape, of one without a layer, or of one
    with an extra layer raises an error; the network is then unchanged, or partly loaded.
    """
    # The layer that does not fit is between layers that do, so that loading by position, by number
    # as text, or backwards comes to one of those first.
    head = (Dense(3), Dense(2), Dense(2), Dense(3))
    # Wider, or so narrow that it could be broadcast.
    other = Dense(1 if net.example.pick % 2 else 4)
    heads = {
        _WRONG_SHAPE: (Dense(3), other, Dense(2), Dense(3)),
        _LAYER_MISSING: head[:-1],
        _EXTRA_LAYER: (*head, Dense(2)),
    }
    front = _behind(net.architecture, Dense(net.architecture.inputs))
    target = net.another(_with_head(front, *head))
    foreign = net.another(_with_head(front, *heads[str(net.case.variant)]))
    foreign.fill({key: value + 7 for key, value in foreign.integers.items()})
    with TemporaryDirectory() as folder:
        keeping.save(foreign, folder)
        return _what_it_holds(target, folder, foreign)


@convention(
    "persist.truncated",
    topic="loading a file cut short",
    words={
        "unchanged": "is refused and changes nothing",
        "partly-loaded": "is refused, after a part of it was loaded",
    },
    source=READER,
    behaviours=(UNCHANGED, PARTLY_LOADED),
    faults=("accepted", "garbled"),
    needs=("nested", "bias"),
    after=("persist.roundtrip",),
    ways="save",
    draw=lambda sizes, case: strategies.examples(sizes),
    edges={None: PLAIN_EDGES},
)
def truncated(net: Subject) -> str:
    """Loading a file that was cut off while it was written raises an error; the network is then
    unchanged, or partly loaded.
    """
    net.fill({key: value + 7 for key, value in net.integers.items()})
    with TemporaryDirectory() as folder:
        keeping.save(net, folder)
        files = [file for file in File(folder).rglob("*") if file.is_file()]
        longest = max(file.stat().st_size for file in files)
        for file in files:
            content = file.read_bytes()
            # A format may leave drafts behind, which are equally long and never read.
            if len(content) > longest / 2:
                # From an empty file to one that lacks a few bytes.
                file.write_bytes(content[: net.example.pick * (len(content) - 8) // 63])
        return _what_it_holds(net.another(net.architecture), folder, net)


def _what_it_holds(net: Subject, folder: str, foreign: Subject) -> str:
    """What the network holds after loading a file that must be refused, as a behaviour."""
    own = net.fill()
    refused = False
    try:
        net = keeping.loading(net, folder)
    except net.suite.refused_by("load", net.way):
        refused = True
    behaviour = UNCHANGED
    shapes = foreign.architecture.shapes
    for key, value in net.read_all().items():
        if np.array_equal(value, own[key]):
            continue
        loaded = key in shapes and shapes[key] == value.shape
        if not loaded or not np.array_equal(value, foreign.integers[key] + 7):
            raise Violation(f"{key} is {value.tolist()} after loading what does not fit", "garbled")
        behaviour = PARTLY_LOADED
    if not refused:
        raise Violation(f"it is loaded without an error; the network is {behaviour}", "accepted")
    return behaviour


def _behind(architecture: Architecture, dense: Dense) -> Architecture:
    return replace(architecture, entries=(dense, *architecture.entries))


def _with_head(architecture: Architecture, *head: Dense) -> Architecture:
    return replace(architecture, entries=(*architecture.entries, *head))
