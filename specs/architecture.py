"""Framework-neutral, immutable descriptions of networks.

An `Architecture` is a tree of dense layers, activations and blocks. Ties are written as labels, so
that its text describes an architecture completely and can be pasted back:

>>> Architecture(4, (Dense(4, shared="a"), Dense(4, shared="a")))
Architecture(4, (Dense(4, shared="a"), Dense(4, shared="a")))
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields, replace
from functools import cached_property
from typing import TypeAlias

Path: TypeAlias = tuple[int, ...]

#: What a parameter is in its layer.
WEIGHT, BIAS = "weight", "bias"
ROLES = (WEIGHT, BIAS)

#: The ways of tying, each a case of its own in the claims about ties.
SAME_LAYER = "same-layer"
BOTH_PARAMETERS = "both-parameters"
ONE_PARAMETER = "one-parameter"
TIE_CASES = (SAME_LAYER, BOTH_PARAMETERS, ONE_PARAMETER)


class Compact:
    """A `repr` for dataclasses that omits fields with their default value.

    Strings are in double quotes, so that a shell can quote the text in single ones.
    """

    def __repr__(self) -> str:
        shown = []
        for field in fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            if value != field.default:
                text = json.dumps(value) if isinstance(value, str) else repr(value)
                named = field.default is not MISSING
                shown.append(f"{field.name}={text}" if named else text)
        return f"{type(self).__name__}({', '.join(shown)})"


@dataclass(frozen=True, repr=False)
class Init(Compact):
    """How a layer's weight is to be initialised; its bias becomes zero.

    kind: "normal" with standard deviation `value`; "constant" `value`; "xavier" uniform;
        "strange", the chapter's own distribution; "custom", by a function that the claim passes.
    label: layers with equal `Init` are given one native initialiser object; different labels give
        them one each.
    """

    kind: str
    value: float = 0.0
    label: str = ""


class Entry(Compact):
    """What a container holds: a layer, an activation, or another container."""

    @property
    def name(self) -> str | None:
        """The name that it was given, None if the framework chooses one."""
        return None

    @property
    def shared(self) -> str | None:
        """The label that all uses of one shared layer have, None for a layer used once."""
        return None

    @property
    def activation(self) -> str | None:
        """The layer's own activation, None if it has none."""
        return None


@dataclass(frozen=True, repr=False)
class Dense(Entry):
    """A dense layer, y = activation(x W^T + b).

    units: output width.
    bias: whether there is a bias vector.
    activation: "relu" or None; the layer's own activation, given in the framework's usual way.
    shared: label; all entries with this label are one layer, added again.
    tied_weight, tied_bias: label; distinct layers with this label hold one parameter.
    init: how the weight is initialised, None for the framework's default.
    """

    units: int
    bias: bool = True
    activation: str | None = None
    shared: str | None = None
    tied_weight: str | None = None
    tied_bias: str | None = None
    init: Init | None = None


@dataclass(frozen=True, repr=False)
class Activation(Entry):
    """An activation added as an entry of its own."""

    kind: str = "relu"


@dataclass(frozen=True, repr=False)
class Block(Entry):
    """A container inside a container.

    name: the name that it is given, None if the framework chooses one.
    """

    entries: tuple[Entry, ...]
    name: str | None = None


#: The attributes that hold the two parts of a user's block.
USERS_PARTS = ("net", "linear")


@dataclass(frozen=True, repr=False)
class CustomBlock(Block):
    """A block of a class written by the user: `linear(net(x))`, the NestMLP of the exercise.

    entries: the container `net`, a Block, at index 0 and the dense layer `linear` at index 1.
    """


@dataclass(frozen=True)
class Use:
    """One application of a dense layer.

    path: the index path of its entry.
    dense: the layer.
    fan_in: the width of its input.
    weight, bias: the keys of its parameters; bias is None for a layer without one.
    """

    path: Path
    dense: Dense
    fan_in: int
    weight: str
    bias: str | None

    @property
    def keys(self) -> tuple[str, ...]:
        """The layer's parameters, weight first."""
        return (self.weight,) if self.bias is None else (self.weight, self.bias)

    def role(self, key: str) -> str:
        """The role of this parameter; raises ValueError if the layer does not hold it."""
        return ROLES[self.keys.index(key)]


@dataclass(frozen=True, repr=False)
class Architecture(Compact):
    """A whole network.

    inputs: width of a row of the input.
    entries: what the outermost container holds, in order.
    lazy: whether input widths are left for the framework to infer.

    Raises ValueError if a tie joins parameters of different shapes.
    """

    inputs: int
    entries: tuple[Entry, ...]
    lazy: bool = False

    def __post_init__(self) -> None:
        for path, entry in self.walk():
            if isinstance(entry, CustomBlock):
                kinds = [type(inner) for inner in entry.entries]
                if kinds != [Block, Dense]:
                    raise ValueError(f"the user's block at {path} needs a Block and a Dense")
        shapes: dict[str, tuple[int, ...]] = {}
        shared: dict[str, Dense] = {}
        for use in self.uses:
            pairs: list[tuple[str, tuple[int, ...]]] = [(use.weight, (use.dense.units, use.fan_in))]
            if use.bias is not None:
                pairs.append((use.bias, (use.dense.units,)))
            for key, shape in pairs:
                if shapes.setdefault(key, shape) != shape:
                    raise ValueError(f"{key} is tied across shapes {shapes[key]} and {shape}")
            label = use.dense.shared
            if label is not None and shared.setdefault(label, use.dense) != use.dense:
                raise ValueError(f"the layer {label!r} is described in two ways")

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """Every application of a dense layer, in the order of computation."""
        found: list[Use] = []
        width = self.inputs
        for path, entry in self.walk():
            if isinstance(entry, Dense):
                found.append(_use(path, entry, width))
                width = entry.units
        return tuple(found)

    def walk(self) -> Iterator[tuple[Path, Entry]]:
        """Every entry with its path, containers before their entries."""
        return _walk(self.entries, ())

    @cached_property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Shapes of the distinct parameters in order of first use: (units, fan_in) or (units,)."""
        found: dict[str, tuple[int, ...]] = {}
        for use in self.uses:
            found[use.weight] = (use.dense.units, use.fan_in)
            if use.bias is not None:
                found[use.bias] = (use.dense.units,)
        return found

    @property
    def outputs(self) -> int:
        """Width of a row of the output."""
        return self.uses[-1].dense.units if self.uses else self.inputs

    def places(self, key: str) -> tuple[Use, ...]:
        """The uses that hold this parameter."""
        return tuple(use for use in self.uses if key in use.keys)

    def entry(self, path: Path) -> Entry | None:
        """The entry at this path, None for the empty path."""
        return self.containers[path[:-1]][path[-1]] if path else None

    def role(self, key: str) -> str:
        """The role of this parameter in its layer."""
        return self.first_uses[key].role(key)

    @cached_property
    def first_uses(self) -> dict[str, Use]:
        """The first use of each parameter, by key."""
        found: dict[str, Use] = {}
        for use in self.uses:
            for key in use.keys:
                found.setdefault(key, use)
        return found

    @cached_property
    def tied(self) -> tuple[str, ...]:
        """The keys of the parameters that more than one use holds."""
        counts = Counter(key for use in self.uses for key in use.keys)
        return tuple(key for key in self.shapes if counts[key] > 1)

    @cached_property
    def containers(self) -> dict[Path, tuple[Entry, ...]]:
        """The entries of every container by its path, the outermost at the empty one."""
        inner = {path: entry.entries for path, entry in self.walk() if isinstance(entry, Block)}
        return {(): self.entries, **inner}

    def flattened(self) -> Architecture:
        """The network without blocks, its layers in the same order and with the same ties."""
        entries = (entry for _, entry in self.walk() if not isinstance(entry, Block))
        return Architecture(self.inputs, tuple(entries), self.lazy)

    def with_lazy(self, lazy: bool) -> Architecture:
        """The same network with input widths left out (`lazy`) or written out."""
        return Architecture(self.inputs, self.entries, lazy)

    def without_repeats(self, *, outermost: bool = True) -> Architecture:
        """The network that results if containers keep a repeated layer only once.

        outermost: whether the outermost container does so too, or only the blocks inside.
        Raises ValueError if the widths no longer fit.
        """
        return Architecture(self.inputs, _once(self.entries, here=outermost), self.lazy)


def _walk(entries: tuple[Entry, ...], prefix: Path) -> Iterator[tuple[Path, Entry]]:
    for index, entry in enumerate(entries):
        yield (*prefix, index), entry
        if isinstance(entry, Block):
            yield from _walk(entry.entries, (*prefix, index))


def _use(path: Path, dense: Dense, fan_in: int) -> Use:
    own = f"layer {dense.shared}" if dense.shared else ".".join(map(str, path))
    weight = f"weight {dense.tied_weight}" if dense.tied_weight else f"{own} weight"
    bias = f"bias {dense.tied_bias}" if dense.tied_bias else f"{own} bias"
    return Use(path, dense, fan_in, weight, bias if dense.bias else None)


def _once(entries: tuple[Entry, ...], *, here: bool) -> tuple[Entry, ...]:
    kept: list[Entry] = []
    seen: set[str] = set()
    for entry in entries:
        if isinstance(entry, Block):
            kept.append(replace(entry, entries=_once(entry.entries, here=True)))
            continue
        if entry.shared is None or entry.shared not in seen or not here:
            kept.append(entry)
        seen.add(entry.shared or "")
    return tuple(kept)
