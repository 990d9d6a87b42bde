"""Faults in PyTorch."""

from __future__ import annotations

import copy
import io
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import torch
from torch import nn

from paramlaws.faults.fault import Fault, Patch

_ISSUES = "https://github.com/pytorch/pytorch/issues"


class InPyTorch(Fault):
    """A fault in PyTorch."""

    suite = "pytorch"


def _net(*widths: int) -> nn.Sequential:
    return nn.Sequential(*(nn.Linear(a, b) for a, b in pairwise(widths)))


def _shared() -> nn.Sequential:
    layer = nn.Linear(2, 2)
    return nn.Sequential(layer, layer)


def _tied() -> nn.Sequential:
    net = _net(2, 2, 2)
    net[1].weight = net[0].weight
    return net


def _step(net: nn.Module) -> torch.Tensor:
    """How far one step with rate 1 moves the first parameter, in gradients."""
    parameter = next(net.parameters())
    before = parameter.detach().clone()
    net(torch.ones(1, 2)).sum().backward()
    torch.optim.SGD(net.parameters(), lr=1.0).step()
    return (before - parameter.detach()) / parameter.grad


def _saved(net: nn.Module) -> Any:
    buffer = io.BytesIO()
    torch.save(net.state_dict(), buffer)
    buffer.seek(0)
    return torch.load(buffer)


# -- reaching layers and parameters -------------------------------------------------------------
class NegativeIndexIsOffByOne(InPyTorch):
    """A negative index of a container leads to the entry before the right one."""

    about = ("access.negative-index",)

    def inject(self, patch: Patch) -> None:
        right = nn.Sequential.__getitem__

        def wrong(self: nn.Sequential, index: Any) -> Any:
            late = isinstance(index, int) and index < 0 and len(self) + index > 0
            return right(self, index - 1 if late else index)

        patch.setattr(nn.Sequential, "__getitem__", wrong)

    def shows(self) -> bool:
        net = _net(1, 2, 3)
        return net[-1] is net[0]


class IndexWrapsAround(InPyTorch):
    """An index behind the last entry begins again with the first one."""

    about = ("access.index-out-of-range",)

    def inject(self, patch: Patch) -> None:
        right = nn.Sequential.__getitem__

        def wrong(self: nn.Sequential, index: Any) -> Any:
            return right(self, index % len(self) if isinstance(index, int) and self else index)

        patch.setattr(nn.Sequential, "__getitem__", wrong)

    def shows(self) -> bool:
        net = _net(1, 2)
        return net[1] is net[0]


class ThirdEntryIsTheSecond(InPyTorch):
    """In containers of three entries, index 2 leads to the entry at 1."""

    about = ("access.layer-by-index", "nested.index-path", "access.negative-index")

    def inject(self, patch: Patch) -> None:
        right = nn.Sequential.__getitem__

        def wrong(self: nn.Sequential, index: Any) -> Any:
            return right(self, 1 if index == 2 and len(self) == 3 else index)

        patch.setattr(nn.Sequential, "__getitem__", wrong)

    def shows(self) -> bool:
        net = _net(1, 2, 3, 4)
        return net[2] is net[1]


def _listing(patch: Patch, keep: Any) -> None:
    """Lists only the parameters that are to be kept."""
    right = nn.Module.named_parameters

    def wrong(self: nn.Module, *arguments: Any, **options: Any) -> Iterator[Any]:
        return (p for p in right(self, *arguments, **options) if keep(*p))

    patch.setattr(nn.Module, "named_parameters", wrong)


class ListingOmitsDeepBiases(InPyTorch):
    """Biases in containers in containers are not listed."""

    about = ("listing.count", "listing.element-count")

    def inject(self, patch: Patch) -> None:
        _listing(patch, lambda name, _: not (name.endswith("bias") and name.count(".") > 2))

    def shows(self) -> bool:
        net = nn.Sequential(nn.Sequential(_net(1, 1)))
        return len(list(net.parameters())) == 1


class ListingOmitsSingleNumbers(InPyTorch):
    """Parameters of one element are not listed."""

    about = ("listing.count", "access.two-parameters")

    def inject(self, patch: Patch) -> None:
        _listing(patch, lambda _, parameter: parameter.numel() != 1)

    def shows(self) -> bool:
        return len(list(nn.Linear(2, 1).parameters())) == 1


class ListingDoublesTies(InPyTorch):
    """A tied parameter is listed once for each of its uses."""

    about = ("tie.listed-once",)

    def inject(self, patch: Patch) -> None:
        right = nn.Module.named_parameters

        def wrong(self: nn.Module, prefix: str = "", recurse: bool = True) -> Iterator[Any]:
            return right(self, prefix, recurse, remove_duplicate=False)

        patch.setattr(nn.Module, "named_parameters", wrong)

    def shows(self) -> bool:
        return len(list(_shared().parameters())) == 4


class NamesCollide(InPyTorch):
    """Names keep the last four of their parts only."""

    about = ("access.unique-names", "nested.names")

    def inject(self, patch: Patch) -> None:
        right = nn.Module.named_parameters

        def wrong(self: nn.Module, *arguments: Any, **options: Any) -> Iterator[Any]:
            for name, parameter in right(self, *arguments, **options):
                yield ".".join(name.split(".")[-4:]), parameter

        patch.setattr(nn.Module, "named_parameters", wrong)

    def shows(self) -> bool:
        inner = [nn.Sequential(nn.Sequential(_net(1, 1))) for _ in range(2)]
        names = [name for name, _ in nn.Sequential(*inner).named_parameters()]
        return len(set(names)) < len(names)


class NamesCollideFarBehind(InPyTorch):
    """From the hundredth entry of a container on, names are those of the entries before."""

    about = ("access.unique-names",)

    def inject(self, patch: Patch) -> None:
        right = nn.Module.named_parameters

        def wrong(self: nn.Module, *arguments: Any, **options: Any) -> Iterator[Any]:
            for name, parameter in right(self, *arguments, **options):
                first, point, rest = name.partition(".")
                short = str(int(first) % 100) if first.isdigit() else first
                yield short + point + rest, parameter

        patch.setattr(nn.Module, "named_parameters", wrong)

    def shows(self) -> bool:
        names = [name for name, _ in _net(*(1,) * 102).named_parameters()]
        return len(set(names)) < len(names)


# -- computing ----------------------------------------------------------------------------------
class SquareWeightsAreTransposed(InPyTorch):
    """A layer whose weight is square applies it transposed."""

    about = ("construct.forward-value",)

    def inject(self, patch: Patch) -> None:
        def wrong(self: nn.Linear, x: torch.Tensor) -> torch.Tensor:
            square = self.in_features == self.out_features
            return nn.functional.linear(x, self.weight.T if square else self.weight, self.bias)

        patch.setattr(nn.Linear, "forward", wrong)

    def shows(self) -> bool:
        layer, x = nn.Linear(2, 2), torch.eye(2)
        return not torch.allclose(layer(x), x @ layer.weight.T + layer.bias)


class SingleRowsLoseTheBias(InPyTorch):
    """A batch of one row is computed without the bias."""

    about = ("construct.forward-value",)

    def inject(self, patch: Patch) -> None:
        def wrong(self: nn.Linear, x: torch.Tensor) -> torch.Tensor:
            return nn.functional.linear(x, self.weight, self.bias if len(x) > 1 else None)

        patch.setattr(nn.Linear, "forward", wrong)

    def shows(self) -> bool:
        return not nn.Linear(2, 2)(torch.zeros(1, 2)).any()


def _forward(patch: Patch, from_use: int) -> None:
    """Detaches a layer's parameters from that use of it on, in one pass through a container."""

    def wrong(self: nn.Sequential, x: torch.Tensor) -> torch.Tensor:
        uses: dict[int, int] = {}
        for module in self:
            uses[id(module)] = uses.get(id(module), 0) + 1
            if uses[id(module)] >= from_use and isinstance(module, nn.Linear):
                bias = None if module.bias is None else module.bias.detach()
                x = nn.functional.linear(x, module.weight.detach(), bias)
            else:
                x = module(x)
        return x

    patch.setattr(nn.Sequential, "forward", wrong)


class TiedGradientCountsOnce(InPyTorch):
    """Only the first use of a layer contributes to its gradient."""

    about = ("tie.gradients-add",)

    def inject(self, patch: Patch) -> None:
        _forward(patch, from_use=2)

    def shows(self) -> bool:
        net = _shared()
        net(torch.ones(1, 2)).sum().backward()
        return bool((net[0].bias.grad == net[0].weight.detach().sum(0)).all())


class ThirdUseHasNoGradient(InPyTorch):
    """From the third use of a layer on, nothing is added to its gradient."""

    about = ("tie.gradients-add",)

    def inject(self, patch: Patch) -> None:
        _forward(patch, from_use=3)

    def shows(self) -> bool:
        layer = nn.Linear(1, 1, bias=False)
        nn.init.ones_(layer.weight)
        nn.Sequential(layer, layer, layer)(torch.ones(1, 1)).sum().backward()
        return layer.weight.grad.item() == 2


class BackwardForgets(InPyTorch):
    """A backward pass sets gradients, in place of adding to what is there."""

    about = ("gradient.second-backward",)

    def inject(self, patch: Patch) -> None:
        right = torch.Tensor.backward

        def leaves(function: Any) -> Iterator[Any]:
            for following, _ in function.next_functions if function else ():
                if hasattr(following, "variable"):
                    yield following.variable
                yield from leaves(following)

        def wrong(self: torch.Tensor, *arguments: Any, **options: Any) -> None:
            for leaf in leaves(self.grad_fn):
                leaf.grad = None
            right(self, *arguments, **options)

        patch.setattr(torch.Tensor, "backward", wrong)

    def shows(self) -> bool:
        layer = nn.Linear(1, 1)
        for _ in range(2):
            layer(torch.ones(1, 1)).sum().backward()
        return layer.weight.grad.item() == 1


class ResetKeepsBiases(InPyTorch):
    """Resetting gradients leaves those of biases as they are."""

    about = ("gradient.reset",)

    def inject(self, patch: Patch) -> None:
        def wrong(self: nn.Module, set_to_none: bool = True) -> None:
            for parameter in self.parameters():
                if parameter.dim() > 1:
                    parameter.grad = None

        patch.setattr(nn.Module, "zero_grad", wrong)

    def shows(self) -> bool:
        layer = nn.Linear(1, 1)
        layer(torch.ones(1, 1)).sum().backward()
        layer.zero_grad()
        return layer.bias.grad is not None


class FrozenBiasesTrain(InPyTorch):
    """Freezing a layer leaves its bias free."""

    about = ("gradient.frozen",)
    like = "https://github.com/facebookresearch/fairseq/issues/4702"

    def inject(self, patch: Patch) -> None:
        def wrong(self: nn.Module, requires_grad: bool = True) -> nn.Module:
            for parameter in self.parameters():
                if parameter.dim() > 1:
                    parameter.requires_grad_(requires_grad)
            return self

        patch.setattr(nn.Module, "requires_grad_", wrong)

    def shows(self) -> bool:
        return nn.Linear(1, 1).requires_grad_(False).bias.requires_grad


class TiesAreSteppedPerUse(InPyTorch):
    """The optimiser moves a tied parameter once for each of its uses."""

    about = ("tie.survives-training",)
    like = f"{_ISSUES}/40967"

    def inject(self, patch: Patch) -> None:
        def wrong(self: nn.Module, recurse: bool = True) -> Iterator[Any]:
            for _, parameter in self.named_parameters(remove_duplicate=False):
                yield parameter

        patch.setattr(nn.Module, "parameters", wrong)

    def shows(self) -> bool:
        return bool((_step(_shared()) > 1.5).all())


class StepIsHalved(InPyTorch):
    """The optimiser takes half a step."""

    about = ("train.step",)

    def inject(self, patch: Patch) -> None:
        right = torch.optim.SGD.__init__

        def wrong(self: Any, params: Any, lr: float = 1e-3, **options: Any) -> None:
            right(self, params, lr=lr / 2, **options)

        patch.setattr(torch.optim.SGD, "__init__", wrong)

    def shows(self) -> bool:
        return bool((_step(_net(2, 2)) < 0.75).all())


# -- initial values -----------------------------------------------------------------------------
class FanOutForFanIn(InPyTorch):
    """The default weights of a layer are scaled by its number of outputs."""

    about = ("init.default-weight",)

    def inject(self, patch: Patch) -> None:
        right = nn.Linear.reset_parameters

        def wrong(self: nn.Linear) -> None:
            right(self)
            if all(self.weight.shape):
                with torch.no_grad():
                    self.weight.mul_((self.in_features / self.out_features) ** 0.5)

        patch.setattr(nn.Linear, "reset_parameters", wrong)

    def shows(self) -> bool:
        return bool((nn.Linear(4, 100).weight.abs() <= 0.1).all())


class GainIsSquared(InPyTorch):
    """The default weights are drawn from too wide a range, by a factor of the square root of 3."""

    about = ("init.default-weight",)
    like = f"{_ISSUES}/30947"

    def inject(self, patch: Patch) -> None:
        right = nn.Linear.reset_parameters

        def wrong(self: nn.Linear) -> None:
            right(self)
            with torch.no_grad():
                self.weight.mul_(3**0.5)

        patch.setattr(nn.Linear, "reset_parameters", wrong)

    def shows(self) -> bool:
        return bool((nn.Linear(100, 100).weight.abs() > 0.11).any())


class BiasesBeginAtZero(InPyTorch):
    """The default bias is zero, where it was drawn."""

    about = ("init.default-bias",)

    def inject(self, patch: Patch) -> None:
        right = nn.Linear.reset_parameters

        def wrong(self: nn.Linear) -> None:
            right(self)
            if self.bias is not None:
                nn.init.zeros_(self.bias)

        patch.setattr(nn.Linear, "reset_parameters", wrong)

    def shows(self) -> bool:
        return not nn.Linear(2, 2).bias.any()


class DeviationIsTheVariance(InPyTorch):
    """Drawing from a normal distribution takes the deviation for the variance."""

    about = ("init.normal",)

    def inject(self, patch: Patch) -> None:
        right = nn.init.normal_

        def wrong(tensor: Any, mean: float = 0.0, std: float = 1.0) -> Any:
            return right(tensor, mean, std**0.5)

        patch.setattr(nn.init, "normal_", wrong)

    def shows(self) -> bool:
        return nn.init.normal_(torch.empty(1000), std=0.01).std().item() > 0.05


class XavierSeesOneSide(InPyTorch):
    """Xavier's initialisation scales by the number of inputs alone."""

    about = ("init.per-block",)

    def inject(self, patch: Patch) -> None:
        def wrong(tensor: Any, gain: float = 1.0) -> Any:
            bound = (3 / tensor.shape[1]) ** 0.5
            return nn.init.uniform_(tensor, -bound, bound)

        patch.setattr(nn.init, "xavier_uniform_", wrong)

    def shows(self) -> bool:
        return nn.init.xavier_uniform_(torch.empty(900, 100)).abs().max().item() > 0.1


class ReinitialisingSkipsBiases(InPyTorch):
    """Drawing a layer's parameters again leaves its bias as it is."""

    about = ("init.reinitialise",)

    def inject(self, patch: Patch) -> None:
        right = nn.Linear.reset_parameters

        def wrong(self: nn.Linear) -> None:
            kept = None if self.bias is None else self.bias.detach().clone()
            drawn = getattr(self, "_drawn", False)
            right(self)
            if drawn and kept is not None:
                with torch.no_grad():
                    self.bias.copy_(kept)
            self._drawn = bool(all(self.weight.shape))

        patch.setattr(nn.Linear, "reset_parameters", wrong)

    def shows(self) -> bool:
        layer = nn.Linear(2, 2)
        nn.init.constant_(layer.bias, 7)
        layer.reset_parameters()
        return bool((layer.bias == 7).all())


class SeedsAreHalved(InPyTorch):
    """Two seeds that follow each other are the same."""

    about = ("init.reproducible",)

    def inject(self, patch: Patch) -> None:
        right = torch.manual_seed
        patch.setattr(torch, "manual_seed", lambda seed: right(seed // 4))

    def shows(self) -> bool:
        torch.manual_seed(4)
        first = torch.rand(1)
        torch.manual_seed(5)
        return bool(torch.rand(1) == first)


# -- copying, casting, saving -------------------------------------------------------------------
class CopyUntiesLayers(InPyTorch):
    """A deep copy has a layer of its own for each use."""

    about = ("tie.survives-copy",)

    def inject(self, patch: Patch) -> None:
        def wrong(self: nn.Sequential, memo: Any) -> nn.Sequential:
            return nn.Sequential(*(copy.deepcopy(module) for module in self))

        patch.setattr(nn.Sequential, "__deepcopy__", wrong, raising=False)

    def shows(self) -> bool:
        net = copy.deepcopy(_shared())
        return net[0] is not net[1]


class CopyUntiesParameters(InPyTorch):
    """A deep copy has a parameter of its own for each of the layers that share one."""

    about = ("tie.survives-copy",)
    like = f"{_ISSUES}/79788"

    def inject(self, patch: Patch) -> None:
        def wrong(self: nn.Linear, memo: Any) -> nn.Linear:
            new = nn.Linear(self.in_features, self.out_features, self.bias is not None)
            new.load_state_dict(self.state_dict())
            return new

        patch.setattr(nn.Linear, "__deepcopy__", wrong, raising=False)

    def shows(self) -> bool:
        net = copy.deepcopy(_tied())
        return net[0].weight is not net[1].weight


class CopySharesBiases(InPyTorch):
    """A deep copy has the biases of the original."""

    about = ("tie.survives-copy",)

    def inject(self, patch: Patch) -> None:
        right = nn.Parameter.__deepcopy__

        def wrong(self: nn.Parameter, memo: Any) -> Any:
            return right(self, memo) if self.dim() > 1 else self

        patch.setattr(nn.Parameter, "__deepcopy__", wrong)

    def shows(self) -> bool:
        net = _net(1, 1)
        return copy.deepcopy(net)[0].bias is net[0].bias


class CastingUnties(InPyTorch):
    """Casting makes a new parameter for each of the layers that share one."""

    about = ("tie.survives-cast",)
    like = "https://github.com/torch/nn/issues/187"

    def inject(self, patch: Patch) -> None:
        before = torch.__future__.get_overwrite_module_params_on_conversion()
        patch.setattr(torch.__future__, "_overwrite_module_params_on_conversion", not before)

    def shows(self) -> bool:
        net = _tied().half()
        return net[0].weight is not net[1].weight


class SavingRounds(InPyTorch):
    """What is saved has the precision of half as many bits."""

    about = ("persist.roundtrip",)

    def inject(self, patch: Patch) -> None:
        right = torch.save

        def wrong(saved: Any, *arguments: Any, **options: Any) -> None:
            if isinstance(saved, dict):
                saved = {name: value.bfloat16().float() for name, value in saved.items()}
            right(saved, *arguments, **options)

        patch.setattr(torch, "save", wrong)

    def shows(self) -> bool:
        net = _net(4, 4)
        return not torch.equal(_saved(net)["0.weight"], net[0].weight)


class LoadingSkipsTheLast(InPyTorch):
    """Loading leaves the last parameter as it is."""

    about = ("persist.roundtrip", "persist.partial")

    def inject(self, patch: Patch) -> None:
        right = nn.Module.load_state_dict

        def wrong(self: nn.Module, state_dict: Any, *arguments: Any, **options: Any) -> Any:
            last = list(state_dict)[-1]
            kept = {**state_dict, last: self.state_dict().get(last, state_dict[last])}
            return right(self, kept, *arguments, **options)

        patch.setattr(nn.Module, "load_state_dict", wrong)

    def shows(self) -> bool:
        net, other = _net(1, 1), _net(1, 1)
        other.load_state_dict(net.state_dict())
        return not torch.equal(other[0].bias, net[0].bias)


class LoadingIsNotStrict(InPyTorch):
    """Loading ignores what is missing and what there is too much."""

    about = ("persist.mismatch",)
    like = "https://github.com/pytorch/pytorch/pull/451"

    def inject(self, patch: Patch) -> None:
        right = nn.Module.load_state_dict

        def wrong(self: nn.Module, state_dict: Any, *arguments: Any, **options: Any) -> Any:
            return right(self, state_dict, strict=False)

        patch.setattr(nn.Module, "load_state_dict", wrong)

    def shows(self) -> bool:
        _net(1, 1).load_state_dict({})
        return True


class LoadingBroadcasts(InPyTorch):
    """A parameter of another shape is loaded, repeated, where that can be done."""

    about = ("persist.mismatch",)
    like = f"{_ISSUES}/8282"

    def inject(self, patch: Patch) -> None:
        right = nn.Module.load_state_dict

        def fitting(value: torch.Tensor, shape: Any) -> torch.Tensor:
            try:
                return value.expand(shape)
            except RuntimeError:
                return value

        def wrong(self: nn.Module, state_dict: Any, *arguments: Any, **options: Any) -> Any:
            own = self.state_dict()
            fit = {k: fitting(v, own[k].shape) if k in own else v for k, v in state_dict.items()}
            return right(self, fit, *arguments, **options)

        patch.setattr(nn.Module, "load_state_dict", wrong)

    def shows(self) -> bool:
        nn.Linear(3, 2).load_state_dict(nn.Linear(3, 1).state_dict())
        return True


class SavedNamesLoseSingleNumbers(InPyTorch):
    """What is exported lacks parameters of one element."""

    about = ("persist.roundtrip", "tie.state-dict", "access.by-qualified-name")

    def inject(self, patch: Patch) -> None:
        right = nn.Module.state_dict

        def wrong(self: nn.Module, *arguments: Any, **options: Any) -> Any:
            state = right(self, *arguments, **options)
            for name in [name for name, value in state.items() if value.numel() == 1]:
                del state[name]
            return state

        patch.setattr(nn.Module, "state_dict", wrong)

    def shows(self) -> bool:
        return "bias" not in nn.Linear(2, 1).state_dict()


# -- writing ------------------------------------------------------------------------------------
class WritingAnElementWritesItsRow(InPyTorch):
    """Assigning one element of a matrix assigns the whole row."""

    about = ("assign.everything",)

    def inject(self, patch: Patch) -> None:
        right = torch.Tensor.__setitem__

        def wrong(self: torch.Tensor, index: Any, value: Any) -> None:
            row = isinstance(index, tuple) and len(index) == 2
            right(self, index[0] if row else index, value)

        patch.setattr(torch.Tensor, "__setitem__", wrong)

    def shows(self) -> bool:
        matrix = torch.zeros(2, 2)
        matrix[0, 0] = 1
        return bool(matrix[0, 1] == 1)


class LazyLayersBeginAtZero(InPyTorch):
    """Layers whose input width is inferred begin with zeros, undrawn."""

    about = ("init.default-weight", "init.reproducible")
    like = f"{_ISSUES}/147389"

    def inject(self, patch: Patch) -> None:
        right = nn.LazyLinear.initialize_parameters

        def wrong(self: nn.LazyLinear, x: torch.Tensor) -> None:
            right(self, x)
            with torch.no_grad():
                self.weight.zero_()

        patch.setattr(nn.LazyLinear, "initialize_parameters", wrong)

    def shows(self) -> bool:
        layer = nn.LazyLinear(2)
        layer(torch.ones(1, 2))
        return not layer.weight.any()
