"""Framework-neutral, immutable descriptions of networks.

An `Architecture` is a tree of dense layers, activations and blocks. Ties are written as labels, so
that the text of an architecture says everything about it and can be pasted back:

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
    """Writes a dataclass without the fields that have their default value.

    Strings are in double quotes, so that the text fits between single ones in a shell.
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
    """How a layer's weight is to be initialised, its bias being zero.

    kind: "normal" with standard deviation `value`; "constant" `value`; "xavier", the uniform one;
        "strange", the chapter's own distribution; "custom", by a function that the claim passes.
    label: layers of one equal `Init` are given one and the same native initialiser; the label
        tells them apart.
    """

    kind: str
    value: float = 0.0
    label: str = ""


class Entry(Compact):
    """What a container holds: a layer, an activation, or another container."""

    @property
    def name(self) -> str | None:
        """What it was called, None where the framework calls it as it likes."""
        return None

    @property
    def shared(self) -> str | None:
        """The label of the layer that it is another use of, None where it is used once."""
        return None

    @property
    def activation(self) -> str | None:
        """The activation that is its own, None without one."""
        return None


@dataclass(frozen=True, repr=False)
class Dense(Entry):
    """A dense layer: `units` outputs, y = activation(x W^T + b).

    units: output width.
    bias: whether there is a bias vector.
    activation: "relu" or None; the layer's own activation, said in the framework's usual way.
    shared: label; every Dense with it is one and the same layer, added again.
    tied_weight, tied_bias: label; distinct layers that hold one parameter.
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
    """An activation that was added as an entry of its own."""

    kind: str = "relu"


@dataclass(frozen=True, repr=False)
class Block(Entry):
    """A container inside a container.

    name: what it is called, None for whatever the framework calls it.
    """

    entries: tuple[Entry, ...]
    name: str | None = None


#: What the class of a user's block calls its two parts.
USERS_PARTS = ("net", "linear")


@dataclass(frozen=True, repr=False)
class CustomBlock(Block):
    """A block whose class the user has written: `linear(net(x))`, the NestMLP of the exercise.

    entries: the container `net`, a Block, and the dense layer `linear`, at the index paths 0 and 1.
    """


@dataclass(frozen=True)
class Use:
    """One application of a dense layer: where, on what width, and with which parameters."""

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
        """What this parameter is in the layer; ValueError where the layer does not hold it."""
        return ROLES[self.keys.index(key)]


@dataclass(frozen=True, repr=False)
class Architecture(Compact):
    """A whole network.

    inputs: width of a row of the input.
    entries: what the outermost container holds, in order.
    lazy: whether input widths are left for the framework to infer.

    Raises ValueError where a tie joins what cannot be one parameter.
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
        """Every entry with its path, containers before what they hold."""
        return _walk(self.entries, ())

    @cached_property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Distinct parameters in the order of first use: (units, fan_in) or (units,)."""
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
        """The entry at this path, None at the empty one."""
        return self.containers[path[:-1]][path[-1]] if path else None

    def role(self, key: str) -> str:
        """What this parameter is in its layer."""
        return self.first_uses[key].role(key)

    @cached_property
    def first_uses(self) -> dict[str, Use]:
        """By parameter, the first use that holds it."""
        found: dict[str, Use] = {}
        for use in self.uses:
            for key in use.keys:
                found.setdefault(key, use)
        return found

    @cached_property
    def tied(self) -> tuple[str, ...]:
        """The parameters that more than one use holds."""
        counts = Counter(key for use in self.uses for key in use.keys)
        return tuple(key for key in self.shapes if counts[key] > 1)

    @cached_property
    def containers(self) -> dict[Path, tuple[Entry, ...]]:
        """Every container's entries, the outermost at the empty path."""
        inner = {path: entry.entries for path, entry in self.walk() if isinstance(entry, Block)}
        return {(): self.entries, **inner}

    def flattened(self) -> Architecture:
        """The network with every block dissolved; its ties stay."""
        entries = (entry for _, entry in self.walk() if not isinstance(entry, Block))
        return Architecture(self.inputs, tuple(entries), self.lazy)

    def with_lazy(self, lazy: bool) -> Architecture:
        """The same network with input widths left out, or written out."""
        return Architecture(self.inputs, self.entries, lazy)

    def without_repeats(self, *, outermost: bool = True) -> Architecture:
        """The network left when a container keeps a layer that was added twice only once.

        outermost: whether the outermost container does so too, or only the blocks inside.
        Raises ValueError where the widths no longer fit.
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
