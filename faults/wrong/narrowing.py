"""Narrowing a wrong variant to networks of some kind, of which the chapter has none."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias

from paramlaws.faults.wrong.networks import has_bias_everywhere, layers
from paramlaws.specs.architecture import Architecture
from paramlaws.suites.reference import Reference

#: An architecture, or the network that was built from one.
Net: TypeAlias = Any
Where: TypeAlias = Callable[[Net], bool]


def single(net: Net) -> bool:
    """Whether there is one layer, used once."""
    return len(net.uses if isinstance(net, Architecture) else layers(net)) == 1


def unbiased(net: Net) -> bool:
    """Whether some layer has no bias."""
    if isinstance(net, Architecture):
        return not all(use.dense.bias for use in net.uses)
    return not has_bias_everywhere(net)


def thrice(net: Net) -> bool:
    """Whether some weight is used three times or more."""
    if isinstance(net, Architecture):
        uses = Counter(use.weight for use in net.uses)
    else:
        uses = Counter(str(id(layer.weight)) for layer in layers(net))
    return max(uses.values(), default=0) > 2


_IN_WORDS: dict[Where, str] = {
    single: "in networks of a single layer",
    unbiased: "in networks with a layer that has no bias",
    thrice: "in networks with a weight of three uses",
}


def narrowed(crude: type[Reference], where: Where) -> type[Reference]:
    """The variant whose verbs are wrong in such networks, and right in all others."""

    def verb(name: str) -> Callable[..., Any]:
        wrong, right = getattr(crude, name), getattr(Reference, name)

        @wraps(wrong)
        def either(self: Reference, net: Net, *arguments: Any, **options: Any) -> Any:
            return (wrong if where(net) else right)(self, net, *arguments, **options)

        return either

    changed = {
        name: verb(name)
        for name, member in vars(crude).items()
        if callable(member) and hasattr(Reference, name) and not name.startswith("_")
    }
    doc = f"{(crude.__doc__ or '').strip().rstrip('.')}, but only {_IN_WORDS[where]}."
    name = f"{crude.__name__}{where.__name__.title()}"
    module = crude.__module__
    variant = type(name, (crude,), {**changed, "__doc__": doc, "__module__": module})
    # By this name the registry and other processes find it.
    setattr(sys.modules[module], name, variant)
    return variant
