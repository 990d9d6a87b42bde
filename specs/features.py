"""Named features of architectures, in which claims and departures state their conditions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from paramlaws.specs.architecture import Activation, Architecture, Block, CustomBlock, Dense

#: Every feature by name, with its meaning as a clause that follows "if".
FEATURES = {
    "lazy": "input widths are left to be inferred",
    "explicit": "input widths are given",
    "width 1": "a layer has a single unit",
    "bias": "a layer has a bias",
    "no bias": "a layer has no bias",
    "every bias": "every layer has a bias",
    "fused activation": "a dense layer has an activation of its own",
    "activation entry": "an activation was added as a layer",
    "not square": "a weight has two different widths",
    "nested": "there is a block in the outermost container",
    "nested twice": "there is a block in a block",
    "dense at the top": "the outermost container holds a dense layer itself",
    "named block": "a block was given a name",
    "user's block": "a block is of a class that the user has written",
    "begins with a container": "a container whose input width is not given begins with another",
    "several layers in a block": "a block holds two distinct dense layers or more",
    "several layers": "there are two dense layers or more",
    "hundreds of layers": "there are 200 dense layers or more",
    "tie": "a parameter is used more than once",
    "shared layer": "a layer was added more than once",
    "tied weight": "two distinct layers hold one weight",
    "tied bias": "two distinct layers hold one bias",
    "three uses": "a parameter is used three times or more",
    "four uses": "a parameter is used four times or more",
    "several groups": "there are two separate groups of tied layers or more",
    "tie across levels": "a parameter is used in several containers",
    "repeated in a container": "a container was given the same layer more than once",
    "repeated at the top": "the outermost container was given the same layer more than once",
    "repeated in a block": "a block was given the same layer more than once",
    "layer after a repeat": "a further layer comes behind a repeated one in its container",
    "repeat not square": "a layer that a container was given more than once is not square",
    "partly tied": "a layer shares one of its two parameters, and not the other",
}


def condition(names: Iterable[str]) -> str:
    """The conjunction of these features as a clause that follows "if".

    Empty if there are none; raises KeyError for an unknown feature.
    """
    clauses = {name: FEATURES[name] for name in names}
    return " and ".join(clauses[name] for name in FEATURES if name in clauses)


@lru_cache(4096)
def features(architecture: Architecture) -> frozenset[str]:
    """The features of `architecture`, a subset of FEATURES."""
    uses = architecture.uses
    dense = [use.dense for use in uses]
    depth = max((len(path) for path, _ in architecture.walk()), default=0)
    entries = [entry for _, entry in architecture.walk()]
    per_container = Counter((use.path[:-1], use.dense.shared) for use in uses if use.dense.shared)
    groups = {(d.shared, d.tied_weight, d.tied_bias) for d in dense} - {(None, None, None)}
    repeats = {place for place, n in per_container.items() if n > 1}
    tied = set(architecture.tied)
    in_block: dict[int, set[object]] = {}
    for use in uses:
        if len(use.path) > 1:
            in_block.setdefault(use.path[0], set()).add(use.dense.shared or use.path)
    inner = [e for e in entries if isinstance(e, Block) and not isinstance(e, CustomBlock)]
    # Only the outermost container is ever given a width.
    widthless = [b.entries for b in inner] + ([architecture.entries] if architecture.lazy else [])
    places = [architecture.places(key) for key in architecture.tied]
    present = {
        "lazy": architecture.lazy,
        "explicit": not architecture.lazy,
        "width 1": any(d.units == 1 for d in dense),
        "bias": any(d.bias for d in dense),
        "no bias": any(not d.bias for d in dense),
        "every bias": all(d.bias for d in dense),
        "fused activation": any(d.activation for d in dense),
        "activation entry": any(isinstance(entry, Activation) for entry in entries),
        "not square": any(use.fan_in != use.dense.units for use in uses),
        "nested": depth > 1,
        "nested twice": depth > 2,
        "dense at the top": any(isinstance(e, Dense) for e in architecture.entries),
        "named block": any(entry.name for entry in entries),
        "user's block": any(isinstance(entry, CustomBlock) for entry in entries),
        "begins with a container": any(held and held[0] in inner for held in widthless),
        "several layers in a block": any(len(group) > 1 for group in in_block.values()),
        "several layers": len(uses) > 1,
        "hundreds of layers": len(uses) >= 200,
        "tie": bool(architecture.tied),
        "shared layer": any(n > 1 for n in Counter(d.shared for d in dense if d.shared).values()),
        "tied weight": any(n > 1 for n in _labels(d.tied_weight for d in dense)),
        "tied bias": any(n > 1 for n in _labels(d.tied_bias for d in dense)),
        "three uses": any(len(group) > 2 for group in places),
        "four uses": any(len(group) > 3 for group in places),
        "several groups": len(groups) > 1,
        "tie across levels": any(len({u.path[:-1] for u in group}) > 1 for group in places),
        "repeated in a container": bool(repeats),
        "repeated at the top": any(not container for container, _ in repeats),
        "repeated in a block": any(container for container, _ in repeats),
        "layer after a repeat": any(
            _goes_on([e for e in held if isinstance(e, Dense)])
            for held in architecture.containers.values()
        ),
        "repeat not square": any(
            use.fan_in != use.dense.units
            for use in uses
            if (use.path[:-1], use.dense.shared) in repeats
        ),
        "partly tied": any(
            use.bias is not None and (use.weight in tied) != (use.bias in tied) for use in uses
        ),
    }
    return frozenset(name for name, is_present in present.items() if is_present)


def _goes_on(layers: Sequence[Dense]) -> bool:
    """Whether a new layer comes after a repeated one."""
    seen: set[str] = set()
    repeated = False
    for layer in layers:
        if layer.shared is not None and layer.shared in seen:
            repeated = True
        elif repeated:
            return True
        seen.add(layer.shared or "")
    return False


def _labels(labels: object) -> list[int]:
    return list(Counter(label for label in labels if label).values())  # type: ignore[attr-defined]
