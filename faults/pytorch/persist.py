"""Faults in PyTorch: saving and loading."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from paramlaws.faults.fault import Patch
from paramlaws.faults.pytorch.common import (
    ISSUES,
    InPyTorch,
    network,
    saved_and_loaded,
)


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
