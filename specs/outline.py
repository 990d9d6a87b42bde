"""Architectures as plain data, from which a picture can be drawn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from paramlaws.specs.architecture import Activation, Architecture, Block, CustomBlock, Dense, Entry


def outline(architecture: Architecture) -> dict[str, Any]:
    """The architecture as dictionaries and lists; ties are given by their labels."""
    return {"inputs": architecture.inputs, "entries": _entries(architecture.entries)}


def _entries(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    return [_entry(entry) for entry in entries]


def _entry(entry: Entry) -> dict[str, Any]:
    if isinstance(entry, (Block, CustomBlock)):
        return {"kind": "block", "entries": _entries(entry.entries)}
    if isinstance(entry, Activation):
        return {"kind": "activation", "name": entry.kind}
    assert isinstance(entry, Dense)
    return {
        "kind": "dense",
        "units": entry.units,
        "bias": entry.bias,
        "activation": entry.activation,
        "shared": entry.shared,
        "weight": entry.tied_weight,
        "tied_bias": entry.tied_bias,
    }
