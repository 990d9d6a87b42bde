"""Faults of other variants that show in rare networks only, of which the chapter has none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any

from paramlaws.faults.wrong import access, basics, change, gradient, init, persist, tie, transfer
from paramlaws.faults.wrong.variants import caught_by, has_bias_everywhere, layers
from paramlaws.specs.architecture import Architecture
from paramlaws.suites.reference import Reference

#: An architecture, or the network that was built from one.
Net = Any


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


WHERE: dict[Callable[[Net], bool], str] = {
    single: "in networks of a single layer",
    unbiased: "in networks with a layer that has no bias",
    thrice: "in networks with a weight of three uses",
}


def _rarely(claim: str, crude: type[Reference], where: Callable[[Net], bool]) -> type[Reference]:
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
    doc = f"{(crude.__doc__ or '').strip().rstrip('.')}, but only {WHERE[where]}."
    name = f"{crude.__name__}{where.__name__.title()}"
    variant = type(name, (crude,), {**changed, "__doc__": doc, "__module__": __name__})
    # By this name the registry and other processes find it.
    globals()[name] = variant
    return caught_by(claim)(variant)


for _claim, _crude, _where in (
    ("access.activation-slot", access.FusesInLongNetworks, unbiased),
    ("access.by-qualified-name", access.StaleMapping, single),
    ("access.default-dtype", access.DoubleBias, single),
    ("access.index-versus-listing", access.ListsTwoLevels, thrice),
    ("access.name-stability", access.CountsWhenNested, unbiased),
    ("access.negative-index", access.NegativeOnTopOnly, unbiased),
    ("assign.wrong-shape", change.Broadcasts, unbiased),
    ("construct.before-first-forward", basics.AbsentWhenNested, unbiased),
    ("construct.forward-value", basics.ReadsHalves, single),
    ("construct.lazy-shapes", basics.LazyWithoutBias, single),
    ("gradient.frozen", gradient.FreezesWeightOnly, unbiased),
    ("gradient.reset", gradient.ForgetsTheLast, single),
    ("gradient.shape", gradient.RowOfBias, single),
    ("init.one-object", init.RepeatsInBlocks, unbiased),
    ("init.reinitialise", init.KeepsBiases, single),
    ("init.reproducible", init.UnseededBiases, single),
    ("listing.element-count", basics.ListsOneInPlaceOfAnother, unbiased),
    ("listing.one-layer", basics.BlocksListChildrenOnly, thrice),
    ("listing.summary", basics.CountsTiesTwice, unbiased),
    ("persist.partial", persist.CarriesWeightsOnly, unbiased),
    ("persist.truncated", persist.TakesAShortFileForAnOldOne, single),
    ("tie.mutation-visible", tie.ElementWritesLate, unbiased),
    ("tie.state-dict", tie.OncePerContainer, thrice),
    ("tie.survives-cast", persist.CastPerUse, unbiased),
    ("tie.survives-reinitialise", persist.DrawsPerUse, unbiased),
    ("tie.survives-training", change.StepsPerUse, unbiased),
    ("train.step", change.StandingBias, single),
    ("transfer.export", transfer.ReadsHalfPrecision, single),
    ("transfer.gradient", transfer.TiedGradientOffByAThousandth, unbiased),
    ("value.explicit-read", basics.ReadingWears, single),
    ("value.read-aliasing", basics.ViewOfWeights, single),
):
    _rarely(_claim, _crude, _where)
