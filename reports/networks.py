"""Networks for the report, as nested lists that a page shows as boxes in a row."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from markupsafe import Markup

Data: TypeAlias = dict[str, Any]

#: The most layers that are drawn; a longer drawing would not be clearer than the text.
MOST_LAYERS = 24
#: The number of colours for layers that share parameters, after which they repeat.
_COLOURS = 4
_NETWORK = Markup('<ol class="net" aria-label="Network"><li>{0} in</li>{1}</ol>')
_BLOCK = Markup('<li><ol aria-label="Block">{0}</ol></li>')
_LAYER = Markup('<li><span class="layer{0}">{1}</span></li>')


def network(outline: Data) -> Markup:
    """A network from left to right; layers that share parameters have one colour.

    Empty if there are more than `MOST_LAYERS` layers.
    """
    # Targets often depart on the same network.
    return _network(json.dumps(outline))


@lru_cache(None)
def _network(text: str) -> Markup:
    outline = json.loads(text)
    layers = list(_layers(outline["entries"]))
    if len(layers) > MOST_LAYERS:
        return Markup()
    ties = list(dict.fromkeys(tie for layer in layers if (tie := _tie(layer))))
    return _NETWORK.format(outline["inputs"], _items(outline["entries"], ties))


def _layers(entries: Sequence[Data]) -> Iterator[Data]:
    """The layers and activations, in the order in which they are applied."""
    for entry in entries:
        if entry["kind"] == "block":
            yield from _layers(entry["entries"])
        else:
            yield entry


def _items(entries: Sequence[Data], ties: Sequence[str]) -> Markup:
    return Markup().join(_item(entry, ties) for entry in entries)


def _item(entry: Data, ties: Sequence[str]) -> Markup:
    if entry["kind"] == "block":
        return _BLOCK.format(_items(entry["entries"], ties))
    tie = _tie(entry)
    colour = f" tie{1 + ties.index(tie) % _COLOURS}" if tie else ""
    return _LAYER.format(colour, Markup("<br>").join(_words(entry)))


def _tie(layer: Data) -> str | None:
    """The label of what a layer shares with others, None if it shares nothing."""
    if layer["kind"] == "activation":
        return None
    tie: str | None = layer["shared"] or layer["weight"] or layer["tied_bias"]
    return tie


def _words(layer: Data) -> Iterator[str]:
    if layer["kind"] == "activation":
        yield layer["name"]
        return
    yield f"dense {layer['units']}"
    if not layer["bias"]:
        yield "no bias"
    if layer["activation"]:
        yield layer["activation"]
    for key, said in (("shared", "layer"), ("weight", "weight"), ("tied_bias", "bias")):
        if layer[key]:
            yield f"{said} {layer[key]}"
