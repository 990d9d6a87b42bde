"""PyTorch: `torch.nn.Sequential` of `Linear` or `LazyLinear`.

Idioms: https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Mapping
from functools import reduce
from operator import getitem
from pathlib import Path as File
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import nn

from paramlaws.specs.architecture import Architecture, Dense, Init, Path
from paramlaws.specs.naming import Naming
from paramlaws.specs.spelling import Spelling
from paramlaws.specs.suite import Floats, Initialiser, Inputs, Listing, Suite
from paramlaws.suites.building import assemble


class NestMLP(nn.Module):
    """A user's module: a container followed by a layer."""

    def __init__(self, net: nn.Module, linear: nn.Module) -> None:
        super().__init__()
        self.net = net
        self.linear = linear

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(self.net(x))


class TiedDecoder(nn.Module):
    """Word embeddings and a decoder that holds the same matrix."""

    def __init__(self, vocabulary: int, width: int) -> None:
        super().__init__()
        self.encoder = nn.Embedding(vocabulary, width)
        self.decoder = nn.Linear(width, vocabulary, bias=False)
        self.decoder.weight = self.encoder.weight

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return self.decoder(self.encoder(tokens))


def _spelled(name: str, dense: Dense, fan_in: int | None, ties: Mapping[str, str]) -> list[str]:
    kind = "nn.LazyLinear(" if fan_in is None else f"nn.Linear({fan_in}, "
    tied = [f"{name}.{role} = {holder}.{role}" for role, holder in ties.items()]
    return [f"{name} = {kind}{dense.units}, bias={dense.bias})", *tied]


SPELLING = Spelling(
    imports="import numpy as np\nimport torch\nfrom torch import nn",
    numpy="np",
    layer=_spelled,
    container="nn.Sequential({})",
    activation="nn.ReLU()",
    fused=False,
    then="""y = net(torch.tensor(x))
y.backward(torch.tensor(slope))
print("output", y.detach().numpy())
for name, parameter in net.named_parameters():
    print(name, parameter.detach().numpy(), "gradient", parameter.grad)""",
)


class PyTorch(Suite):
    """PyTorch: parameters belong to modules and hold their gradients."""

    name = "pytorch"
    framework = "PyTorch"
    documentation = "https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html"
    requires = {"torch": ">=2.1"}
    # An UninitializedParameter raises RuntimeError when it is asked for its shape.
    naming = Naming("{place}.{role}", "https://docs.pytorch.org/docs/stable/notes/modules.html")
    refusals = {
        "layer": (IndexError,),
        "shape": (RuntimeError,),
        "assign": (RuntimeError,),
        # A tensor that the backward pass needs was changed in place.
        "backward_assigning": (RuntimeError,),
        "load": (
            RuntimeError,
            EOFError,
            OSError,
            pickle.UnpicklingError,
            safetensors.SafetensorError,
        ),
    }
    ways = {
        "added": ("data", "no-grad"),
        "copied": ("deepcopy",),
        "save": ("state-dict", "safetensors", "whole-module"),
        "load": ("state-dict", "safetensors"),
    }
    whole = ("whole-module",)
    knowledge = File(__file__).with_suffix(".toml")
    spelling = SPELLING

    def versions(self) -> dict[str, str]:
        return {"torch": torch.__version__}

    def build(self, architecture: Architecture) -> nn.Sequential:
        return assemble(
            architecture,
            dense=_dense,
            container=lambda modules: nn.Sequential(*modules),
            activation=lambda kind: nn.ReLU(),
            fused=False,
            custom=NestMLP,
            named=_named,
        )

    def build_embedding(self, vocabulary: int, width: int) -> nn.Module:
        return TiedDecoder(vocabulary, width)

    def initialise(self, model: Any, x: Inputs) -> Any:
        model(torch.from_numpy(x))
        return model

    def forward(self, model: Any, x: Inputs) -> Floats:
        return model(torch.from_numpy(x)).detach().numpy()

    def length(self, model: Any, path: Path) -> int:
        return len(self.layer(model, path))

    def layer(self, model: Any, path: Path) -> Any:
        return reduce(_entry, path, model)

    def subscript(self, model: Any, path: Path) -> Listing:
        return list(reduce(getitem, path, model).named_parameters())

    def layer_parameters(self, model: Any, path: Path) -> Listing:
        return list(self.layer(model, path).named_parameters())

    def parameters(self, model: Any) -> Listing:
        return list(model.named_parameters())

    def read_by_name(self, model: Any, name: str) -> Floats:
        return model.state_dict()[name].numpy()

    def shape(self, model: Any, handle: Any) -> tuple[int, ...]:
        return tuple(handle.shape)

    def summary(self, model: Any, x: Floats) -> str:
        return str(model)

    def read(self, model: Any, handle: Any) -> Floats:
        return handle.detach().numpy()

    def assign(self, model: Any, handle: Any, value: Floats) -> Any:
        handle.data[...] = torch.from_numpy(value)
        return model

    def added(self, model: Any, handle: Any, amount: float, way: str) -> Any:
        if way == "data":
            handle.data[:] += amount
        else:
            with torch.no_grad():
                handle.add_(amount)
        return model

    def with_element(
        self, model: Any, handle: Any, index: tuple[int, ...], value: float, way: str
    ) -> Any:
        if way == "data":
            handle.data[index] = value
        else:
            with torch.no_grad():
                handle[index] = value
        return model

    def native(self, model: Any, handle: Any) -> Any:
        return handle

    def array_type(self) -> type:
        return torch.Tensor

    def backward(self, model: Any, x: Inputs, cotangent: Floats) -> Any:
        model(torch.from_numpy(x)).backward(gradient=torch.from_numpy(cotangent))

    def backward_assigning(
        self, model: Any, x: Floats, cotangent: Floats, handle: Any, value: Floats, late: bool
    ) -> Any:
        y = model(torch.from_numpy(x)) if late else None
        with torch.no_grad():
            handle.copy_(torch.from_numpy(value))
        y = model(torch.from_numpy(x)) if y is None else y
        y.backward(gradient=torch.from_numpy(cotangent))

    def gradient(self, model: Any, gradients: Any, handle: Any) -> Floats | None:
        return self.stored_gradient(model, handle)

    def stored_gradient(self, model: Any, handle: Any) -> Floats | None:
        return None if handle.grad is None else handle.grad.numpy()

    def reset_gradients(self, model: Any) -> Any:
        model.zero_grad()
        return model

    def freeze(self, model: Any, path: Path) -> Any:
        self.layer(model, path).requires_grad_(False)
        return model

    def sgd_step(self, model: Any, x: Floats, cotangent: Floats, rate: float) -> Any:
        optimizer = torch.optim.SGD(model.parameters(), lr=rate)
        optimizer.zero_grad()
        self.backward(model, x, cotangent)
        optimizer.step()
        return model

    def seeded(self, architecture: Architecture, x: Floats, seed: int) -> Any:
        torch.manual_seed(seed)
        return self.initialise(self.build(architecture), x)

    def initialised(
        self,
        architecture: Architecture,
        x: Floats,
        seed: int,
        layers: Mapping[Path, Init],
        custom: Initialiser,
    ) -> Any:
        model = self.seeded(architecture, x, seed)
        objects = {init: _initialiser(init, custom) for init in layers.values()}
        for path, init in layers.items():
            self.layer(model, path).apply(objects[init])
        return model

    def reinitialised(self, model: Any, x: Floats, seed: int) -> Any:
        torch.manual_seed(seed)
        return model.apply(_reset)

    def copied(self, model: Any, way: str, x: Floats) -> Any:
        return copy.deepcopy(model)

    def save(self, model: Any, folder: str, way: str) -> None:
        if way == "safetensors":
            safetensors.torch.save_model(model, f"{folder}/model.safetensors")
        else:
            saved = model if way == "whole-module" else model.state_dict()
            torch.save(saved, f"{folder}/model.pt")

    def load(self, model: Any, folder: str, way: str) -> Any:
        if way == "whole-module":
            return torch.load(f"{folder}/model.pt", weights_only=False)
        if way == "safetensors":
            safetensors.torch.load_model(model, f"{folder}/model.safetensors")
        else:
            model.load_state_dict(torch.load(f"{folder}/model.pt"))
        return model

    def carried(self, source: Any, target: Any, path: Path, way: str) -> Any:
        self.layer(target, path).load_state_dict(self.layer(source, path).state_dict())
        return target

    def cast(self, model: Any, dtype: str) -> Any:
        return model.to(getattr(torch, dtype))

    def exported(self, model: Any) -> dict[str, Floats]:
        return {name: tensor.numpy() for name, tensor in model.state_dict().items()}


def _named(modules: list[Any], names: list[str | None], own: str | None) -> nn.Sequential:
    net = nn.Sequential()
    for index, (name, module) in enumerate(zip(names, modules, strict=True)):
        net.add_module(name or str(index), module)
    return net


def _dense(dense: Dense, fan_in: int | None, ties: Mapping[str, Any]) -> nn.Module:
    if fan_in is None:
        layer: nn.Module = nn.LazyLinear(dense.units, bias=dense.bias)
    else:
        layer = nn.Linear(fan_in, dense.units, bias=dense.bias)
    for role, holder in ties.items():
        setattr(layer, role, getattr(holder, role))
    return layer


def _initialiser(init: Init, custom: Initialiser) -> Callable[[nn.Module], None]:
    fills: dict[str, Callable[[torch.Tensor], Any]] = {
        "normal": lambda w: nn.init.normal_(w, std=init.value),
        "constant": lambda w: nn.init.constant_(w, init.value),
        "xavier": nn.init.xavier_uniform_,
        "strange": _strange,
        "custom": lambda w: w.copy_(torch.from_numpy(custom(tuple(w.shape)))),
    }

    @torch.no_grad()
    def initialise(module: nn.Module) -> None:
        if isinstance(module, nn.Linear):
            fills[init.kind](module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)

    return initialise


def _strange(weight: torch.Tensor) -> None:
    nn.init.uniform_(weight, -10, 10)
    weight *= weight.abs() >= 5


def _reset(module: nn.Module) -> None:
    if isinstance(module, nn.Linear):
        module.reset_parameters()


def _entry(block: Any, index: int) -> Any:
    return (block.net, block.linear)[index] if isinstance(block, NestMLP) else block[index]
