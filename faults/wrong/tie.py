"""Wrong in ties."""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

import numpy as np

from paramlaws.faults.fault import Patch
from paramlaws.faults.wrong.narrowing import thrice, unbiased
from paramlaws.faults.wrong.networks import (
    Skipped,
    containers,
    layers,
    replace_uses,
)
from paramlaws.faults.wrong.variants import caught_by
from paramlaws.specs.architecture import Architecture, Path
from paramlaws.specs.suite import Floats, Listing
from paramlaws.suites import numpy_net as nn
from paramlaws.suites.reference import Reference


@caught_by("tie.same-parameter")
class CopiesSecondUse(Reference):
    """The second use is an equal copy."""

    def build(self, architecture: Architecture) -> nn.Sequential:
        return replace_uses(super().build(architecture), 1, copy.deepcopy)


@caught_by("tie.same-parameter")
class CopiesThirdUse(Reference):
    """The third use is an equal copy."""

    def build(self, architecture: Architecture) -> nn.Sequential:
        return replace_uses(super().build(architecture), 2, copy.deepcopy)


def _inside(module: nn.Module) -> list[nn.Linear]:
    return layers(module) if isinstance(module, nn.Sequential) else []


def _with_weight(value: Floats) -> Any:
    def make(layer: nn.Linear) -> nn.Linear:
        other = copy.copy(layer)
        other.weight = nn.Parameter(value.copy())
        return other

    return make


@caught_by("tie.same-parameter")
class WritingUnties(Reference):
    """Writing through a place inside a block gives that place a parameter of its own."""

    def assign(self, model: Any, handle: Any, value: Floats) -> Any:
        uses = [layer for inner in model.modules for layer in _inside(inner)]
        for layer in uses:
            if handle is layer.weight and len([u for u in layers(model) if u.weight is handle]) > 1:
                return replace_uses(model, 1, _with_weight(value))
        return super().assign(model, handle, value)


@caught_by("tie.mutation-visible", also=unbiased)
class ElementWritesLate(Reference):
    """A change of one element is read back, and not used in computing."""

    def assign(self, model: Any, handle: Any, value: Floats) -> Any:
        tied = len(layers(model)) > len(set(map(id, layers(model))))
        if tied and handle.value.size > 1 and np.sum(handle.value != value) == 1:
            handle.pending = value.copy()
            return model
        handle.pending = None
        return super().assign(model, handle, value)

    def read(self, model: Any, handle: Any) -> Floats:
        pending = getattr(handle, "pending", None)
        return super().read(model, handle) if pending is None else pending.copy()


@caught_by("tie.mutation-visible")
class CopyBehind(CopiesSecondUse):
    """The second use is an equal copy."""


@caught_by("tie.listed-once")
class ListsPerLevel(Reference):
    """A tied parameter is listed once for each container that it is in."""

    def parameters(self, model: Any) -> Listing:
        found: dict[tuple[str, int], tuple[str, nn.Parameter]] = {}
        for name, parameter in model.named_parameters():
            container = ".".join(name.split(".")[:-2])
            found.setdefault((container, id(parameter)), (name, parameter))
        return list(found.values())


@caught_by("tie.listed-once")
class OmitsTied(Reference):
    """A parameter that is used three times is not listed."""

    def parameters(self, model: Any) -> Listing:
        times = Counter(id(parameter) for _, parameter in model.named_parameters())
        return [(n, p) for n, p in super().parameters(model) if times[id(p)] < 3]


@caught_by("tie.state-dict", also=thrice)
class OncePerContainer(Reference):
    """The exported mapping has a tied parameter once on top, and per name in nested networks."""

    def exported(self, model: Any) -> dict[str, Floats]:
        if len(list(containers(model))) > 1:
            return super().exported(model)
        return {name: p.value for name, p in nn.distinct(model.named_parameters())}


@caught_by("tie.state-dict")
class ExportsTwoNames(Reference):
    """The exported mapping has two of three names."""

    def exported(self, model: Any) -> dict[str, Floats]:
        seen: Counter[int] = Counter()
        kept = {}
        for name, parameter in model.named_parameters():
            seen[id(parameter)] += 1
            if seen[id(parameter)] < 3:
                kept[name] = parameter.value
        return kept


@caught_by("tie.layer-listing")
class OnceInBlocks(Reference):
    """Blocks say that they hold a layer once, the outermost container per use."""

    def length(self, model: Any, path: Path) -> int:
        modules = self.layer(model, path).modules
        linear = [id(m) for m in modules if isinstance(m, nn.Linear)]
        return len(modules) - (len(linear) - len(set(linear)) if path else 0)


@caught_by("tie.applied-at-each-use")
class SkipsThirdUse(Reference):
    """A square layer is not applied for the third time."""

    def build(self, architecture: Architecture) -> nn.Sequential:
        return replace_uses(super().build(architecture), 2, Skipped)


@caught_by("tie.applied-at-each-use")
class DropsRepeats(Reference):
    """In computing, a container applies a repeated layer once."""

    def forward(self, model: Any, x: Floats) -> Floats:
        if not isinstance(model, nn.Sequential):
            return super().forward(model, x)
        shorter = copy.copy(model)
        kept: list[nn.Module] = []
        for module in model.modules:
            square = isinstance(module, nn.Linear) and module.units == module.weight.value.shape[1]
            if not (square and any(module is other for other in kept)):
                kept.append(module)
        shorter.modules = kept
        return super().forward(shorter, x)


class _Accumulating(Reference):
    """Chooses among the contributions to a parameter's gradient in one backward pass."""

    def takes(self, parameter: nn.Parameter, number: int, before: Floats | None) -> bool:
        """Whether contribution `number`, from 1, counts.

        before: the gradient that there was before the pass.
        """
        raise NotImplementedError

    def backward(self, model: Any, x: Floats, cotangent: Floats) -> Any:
        before = {parameter: parameter.grad for _, parameter in model.named_parameters()}
        uses: Counter[nn.Parameter] = Counter()
        right = nn.Parameter.accumulate

        def wrong(parameter: nn.Parameter, gradient: Floats) -> None:
            uses[parameter] += 1
            if self.takes(parameter, uses[parameter], before[parameter]):
                right(parameter, gradient)

        with Patch.context() as patch:
            patch.setattr(nn.Parameter, "accumulate", wrong)
            return super().backward(model, x, cotangent)


@caught_by("tie.gradients-add")
class LastUseWins(_Accumulating):
    """Of several uses in one backward pass, the last one's gradient is kept."""

    def takes(self, parameter: nn.Parameter, number: int, before: Floats | None) -> bool:
        if parameter.trainable:
            parameter.grad = before
        return True


@caught_by("tie.gradients-add")
class MeanOverUses(Reference):
    """The gradient of a tied parameter is the mean over its uses."""

    def gradient(self, model: Any, gradients: Any, handle: Any) -> Floats | None:
        uses = sum(parameter is handle for _, parameter in model.named_parameters())
        found = super().gradient(model, gradients, handle)
        return None if found is None else found / np.float32(uses)


@caught_by("tie.gradients-add")
class TwoUsesAtMost(_Accumulating):
    """The third contribution to a gradient is lost."""

    def takes(self, parameter: nn.Parameter, number: int, before: Floats | None) -> bool:
        return number <= 2


@caught_by("tie.untied-stay-apart")
class InternsEqualValues(Reference):
    """Parameters of equal values come to share memory, and are written in place."""

    def assign(self, model: Any, handle: Any, value: Floats) -> Any:
        for _, other in model.named_parameters():
            same = other is not handle and np.array_equal(other.value, value)
            if same and value.ndim == 2:
                handle.value = other.value
                return model
        if handle.value.shape == value.shape and value.ndim == 2:
            handle.value[...] = value
            return model
        return super().assign(model, handle, value)


@caught_by("tie.untied-stay-apart")
class InternsSingleNumbers(InternsEqualValues):
    """The same for single numbers only."""

    def assign(self, model: Any, handle: Any, value: Floats) -> Any:
        if value.shape == (1, 1):
            return super().assign(model, handle, value)
        return Reference.assign(self, model, handle, value)


@caught_by("tie.many-uses")
class CopiesFourthUse(Reference):
    """The fourth use is an equal copy."""

    def build(self, architecture: Architecture) -> nn.Sequential:
        return replace_uses(super().build(architecture), 3, copy.deepcopy)


@caught_by("tie.many-uses")
class ThreeUsesAtMost(_Accumulating):
    """The fourth contribution to a gradient is lost."""

    def takes(self, parameter: nn.Parameter, number: int, before: Floats | None) -> bool:
        return number <= 3
