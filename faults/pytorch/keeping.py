"""Faults in PyTorch: copying, casting, saving, writing."""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import nn

from paramlaws.faults.fault import Patch
from paramlaws.faults.pytorch.common import (
    ISSUES,
    InPyTorch,
    network,
    saved_and_loaded,
    sharing,
    tying,
)


class CopyUntiesLayers(InPyTorch):
    """A deep copy has a layer of its own for each use."""

    about = ("tie.survives-copy",)

    def inject(self, patch: Patch) -> None:
        def wrong(self: nn.Sequential, memo: Any) -> nn.Sequential:
            return nn.Sequential(*(copy.deepcopy(module) for module in self))

        patch.setattr(nn.Sequential, "__deepcopy__", wrong, raising=False)

    def shows(self) -> bool:
        net = copy.deepcopy(sharing())
        return net[0] is not net[1]


class CopyUntiesParameters(InPyTorch):
    """A deep copy has a parameter of its own for each of the layers that share one."""

    about = ("tie.survives-copy",)
    like = f"{ISSUES}/79788"

    def inject(self, patch: Patch) -> None:
        def wrong(self: nn.Linear, memo: Any) -> nn.Linear:
            new = nn.Linear(self.in_features, self.out_features, self.bias is not None)
            new.load_state_dict(self.state_dict())
            return new

        patch.setattr(nn.Linear, "__deepcopy__", wrong, raising=False)

    def shows(self) -> bool:
        net = copy.deepcopy(tying())
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
        net = network(1, 1)
        return copy.deepcopy(net)[0].bias is net[0].bias


class CastingUnties(InPyTorch):
    """Casting makes a new parameter for each of the layers that share one."""

    about = ("tie.survives-cast",)
    like = "https://github.com/torch/nn/issues/187"

    def inject(self, patch: Patch) -> None:
        before = torch.__future__.get_overwrite_module_params_on_conversion()
        patch.setattr(torch.__future__, "_overwrite_module_params_on_conversion", not before)

    def shows(self) -> bool:
        net = tying().half()
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
        net = network(4, 4)
        return not torch.equal(saved_and_loaded(net)["0.weight"], net[0].weight)


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
        net, other = network(1, 1), network(1, 1)
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
        network(1, 1).load_state_dict({})
        return True


class LoadingBroadcasts(InPyTorch):
    """A parameter of another shape is loaded, repeated, where that can be done."""

    about = ("persist.mismatch",)
    like = f"{ISSUES}/8282"

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
    like = f"{ISSUES}/147389"

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
