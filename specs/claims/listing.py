"""All parameters at once."""

from __future__ import annotations

import re

import numpy as np

from paramlaws.specs import values
from paramlaws.specs.claim import law, require
from paramlaws.specs.claims._drawing import EDITIONS, LONG_EDITIONS, plain, with_ties
from paramlaws.specs.strategies import PLAIN_EDGES, deep
from paramlaws.specs.subject import Subject


@law(
    "listing.count",
    topic="number of parameters",
    rule="is two per distinct dense layer, one without bias",
    source=EDITIONS,
    needs=("no bias", "fused activation", "tie", "nested"),
    after=("tie.listed-once",),
    **with_ties(),
)
def count(net: Subject) -> None:
    """All parameters at once: two for each distinct dense layer, one without bias, none for
    activations.
    """
    found, expected = len(net.ready().listing()), len(net.architecture.shapes)
    require(found == expected, f"{found} parameters are listed instead of {expected}")


@law(
    "listing.element-count",
    topic="number of scalars",
    rule="counts each distinct layer once",
    source=EDITIONS,
    needs=("tie", "nested"),
    after=("listing.count",),
    **with_ties(),
)
def element_count(net: Subject) -> None:
    """The number of scalars is the sum of inputs times outputs plus outputs over all distinct
    layers.
    """
    found = sum(net.raw(handle).size for _, handle in net.ready().listing())
    expected = sum(int(np.prod(shape)) for shape in net.architecture.shapes.values())
    require(found == expected, f"{found} scalars are listed instead of {expected}")


@law(
    "listing.order",
    topic="order of the listing",
    rule="follows the layers, weight before bias",
    source=EDITIONS,
    needs=("nested", "several layers"),
    after=("listing.count", "value.explicit-read"),
    **plain(edges=(*PLAIN_EDGES, deep(12)), every_bias=True),
)
def order(net: Subject) -> None:
    """The flat listing of all parameters is in the order of the layers, weight before bias; a
    framework that documents another fixed order departs from that.
    """
    stamps = values.stamps(net.architecture)
    net.fill(stamps)
    key_of = {float(value.flat[0]): key for key, value in stamps.items()}
    listing = net.listing()
    keys = [key_of.get(mark) for mark in net.marks(listing)]
    names = [tuple(name.split("/")) for name, _ in listing]
    manner = "sorted-by-name" if names == sorted(names) else "other-order"
    require(keys == list(stamps), f"the order is {[name for name, _ in listing]}", manner)


@law(
    "listing.one-layer",
    topic="listing of one layer or block",
    rule="is its part of the network's listing",
    source=LONG_EDITIONS,
    needs=("nested", "tie"),
    after=("listing.count", "value.explicit-read"),
    **with_ties(),
)
def one_layer(net: Subject) -> None:
    """The listing of one layer or block is its part of the network's listing."""
    stamps = values.stamps(net.architecture)
    net.fill(stamps)
    listed = set(net.marks(net.listing()))
    for path in (*net.block_paths, *net.dense_paths):
        inside = [use for use in net.architecture.uses if use.path[: len(path)] == path]
        expected = {float(stamps[key].flat[0]) for use in inside for key in use.keys}
        found = net.marks(net.own_listing(path))
        require(set(found) <= listed, f"the entry at {path} lists what the network does not")
        require(len(set(found)) == len(found), f"the entry at {path} lists a parameter twice")
        missing = expected - set(found)
        shared = {float(stamps[key].flat[0]) for key in net.architecture.tied}
        manner = "omits-shared" if missing <= shared and set(found) < expected else "violated"
        require(
            set(found) == expected,
            f"the entry at {path} lists {len(found)} parameters and holds {len(expected)}",
            manner,
        )


#: How summaries label the number of scalars when each counts once.
_TOTAL = r"Total param\w*|Unique param\w*"


@law(
    "listing.summary",
    topic="printed summary",
    rule="shows every layer, and prints no wrong total",
    source=LONG_EDITIONS,
    needs=("nested", "tie"),
    after=("listing.count",),
    revision=2,
    **with_ties(),
)
def summary(net: Subject) -> None:
    """The printed summary of the network shows every layer. Where the framework documents that it
    prints the total of all scalars, each once, that total is right; elsewhere none is printed that
    is wrong.
    """
    text = net.ready().suite.summary(net.model, net.x.astype(np.float32))
    names = {
        type(net.suite.layer(net.model, net.native(path))).__name__ for path in net.dense_paths
    }
    shown = sum(len(re.findall(rf"\b{name}\b", text)) for name in names)
    distinct = len({use.keys for use in net.architecture.uses})
    uses = len(net.architecture.uses)
    require(shown >= distinct, f"{shown} layers are shown of {distinct}", "layers-missing")
    require(shown <= uses, f"{shown} layers are shown where {uses} are applied", "layers-repeated")
    words = net.suite.summary_total
    anywhere = re.findall(rf"({_TOTAL})[^:\n]*:\s*([\d,]+)", text, re.IGNORECASE)
    totals = [int(number.replace(",", "")) for said, number in anywhere if words in (None, said)]
    expected = sum(int(np.prod(shape)) for shape in net.architecture.shapes.values())
    require(totals or words is None, f"no total is printed behind {words!r}")
    require(set(totals) <= {expected}, f"totals {totals} are printed; {expected} is right")
