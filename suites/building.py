"""Building native networks: the walk over an architecture that all adapters share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from paramlaws.specs.architecture import (
    Activation,
    Architecture,
    Block,
    CustomBlock,
    Dense,
    Entry,
    Path,
)

#: (description, input width or None if it is to be inferred, by role the earlier layers whose
#: parameter this one shares) -> the native layer.
MakeDense = Callable[[Dense, "int | None", Mapping[str, Any]], Any]
#: (native entries, their names or None, the container's own name or None) -> the container.
Named = Callable[[list[Any], list["str | None"], "str | None"], Any]


def assemble(
    architecture: Architecture,
    *,
    dense: MakeDense,
    container: Callable[[list[Any]], Any],
    activation: Callable[[str], Any],
    fused: bool,
    outermost: Callable[[list[Any]], Any] | None = None,
    custom: Callable[[Any, Any], Any] | None = None,
    named: Named | None = None,
) -> Any:
    """The native network of an architecture.

    dense, activation: make the native entries.
    container: makes a container of native entries. A shared layer is made once and given to
        containers again.
    fused: whether `dense` handles a layer's own activation; otherwise it becomes the next entry.
    outermost: makes the outermost container, if it differs from the inner ones.
    custom: makes a user's block from a container and a layer.
    named: makes a container that has a name or holds named ones.

    Raises NotImplementedError if the architecture needs `custom` or `named` and there is none.
    """
    fan_in = {use.path: use.fan_in for use in architecture.uses}
    shared: dict[str, Any] = {}
    holders: dict[str, Any] = {}

    def layer(entry: Dense, path: Path) -> Any:
        if entry.shared in shared:
            return shared[entry.shared]
        labels = {"weight": entry.tied_weight, "bias": entry.tied_bias}
        keys = {role: f"{role} {label}" for role, label in labels.items() if label}
        ties = {role: holders[key] for role, key in keys.items() if key in holders}
        made = dense(entry, None if architecture.lazy else fan_in[path], ties)
        for key in keys.values():
            holders.setdefault(key, made)
        if entry.shared:
            shared[entry.shared] = made
        return made

    def inside(entries: tuple[Entry, ...], prefix: Path) -> tuple[list[Any], list[str | None]]:
        natives: list[Any] = []
        names: list[str | None] = []
        for index, entry in enumerate(entries):
            path = (*prefix, index)
            if isinstance(entry, CustomBlock):
                if custom is None:
                    raise NotImplementedError("this adapter has no user's block")
                natives.append(custom(*inside(entry.entries, path)[0]))
            elif isinstance(entry, Block):
                natives.append(block(*inside(entry.entries, path), entry.name))
            elif isinstance(entry, Activation):
                natives.append(activation(entry.kind))
            else:
                assert isinstance(entry, Dense)
                natives.append(layer(entry, path))
                if entry.activation and not fused:
                    natives.append(activation(entry.activation))
            names += [entry.name] + [None] * (len(natives) - len(names) - 1)
        return natives, names

    def block(natives: list[Any], names: list[str | None], own: str | None) -> Any:
        if not any((own, *names)):
            return container(natives)
        if named is None:
            raise NotImplementedError("this adapter has no named blocks")
        return named(natives, names, own)

    natives, names = inside(architecture.entries, ())
    return outermost(natives) if outermost else block(natives, names, None)
