"""The reference suite: a miniature framework of our own (`numpy_net`) that satisfies every law."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import reduce
from operator import getitem
from pathlib import Path as File
from typing import Any
from zipfile import BadZipFile

import numpy as np

from paramlaws.specs.architecture import Architecture, Dense, Init, Path
from paramlaws.specs.naming import Naming
from paramlaws.specs.suite import Floats, Initialiser, Inputs, Listing, Suite
from paramlaws.suites import numpy_net as nn
from paramlaws.suites.building import assemble


class NestMLP(nn.Module):
    """A user's module: a container followed by a layer."""

    def __init__(self, net: nn.Module, linear: nn.Module) -> None:
        self.net = net
        self.linear = linear

    def forward(self, x: Floats) -> tuple[Floats, Any]:
        hidden, inner = self.net.forward(x)
        y, outer = self.linear.forward(hidden)
        return y, (inner, outer)

    def backward(self, context: Any, slope: Floats) -> Floats:
        return self.net.backward(context[0], self.linear.backward(context[1], slope))

    def children(self) -> list[tuple[str, nn.Module]]:
        return [("net", self.net), ("linear", self.linear)]


class TiedDecoder(nn.Module):
    """Word embeddings and a decoder that holds the same matrix."""

    def __init__(self, vocabulary: int, width: int) -> None:
        self.encoder = nn.Embedding(vocabulary, width)
        self.decoder = nn.Linear(vocabulary, bias=False)
        self.decoder.weight = self.encoder.weight

    def forward(self, x: Floats) -> tuple[Floats, Any]:
        hidden, tokens = self.encoder.forward(x)
        y, context = self.decoder.forward(hidden)
        return y, (tokens, context)

    def backward(self, context: Any, slope: Floats) -> Floats:
        return self.encoder.backward(context[0], self.decoder.backward(context[1], slope))

    def children(self) -> list[tuple[str, nn.Module]]:
        return [("encoder", self.encoder), ("decoder", self.decoder)]


class Reference(Suite):
    """The reference: NumPy with float32 arithmetic.

    Reading gives copies, and a reset leaves None for gradients.
    """

    name = "reference"
    framework = "Reference (NumPy)"
    naming = Naming("{place}.{role}", "suites/numpy_net.py")
    summary_total = "Total parameters"
    refusals = {
        "layer": (IndexError,),
        "shape": (AttributeError,),
        "assign": (ValueError,),
        "backward_assigning": (RuntimeError,),
        "load": (ValueError, EOFError, OSError, BadZipFile),
    }
    ways = {
        "added": ("assign",),
        "copied": ("deepcopy",),
        "save": ("npz",),
        "load": ("npz",),
    }
    knowledge = File(__file__).with_suffix(".toml")

    def versions(self) -> dict[str, str]:
        return {"numpy": np.__version__}

    def build(self, architecture: Architecture) -> nn.Sequential:
        return assemble(
            architecture,
            dense=_dense,
            container=lambda modules: nn.Sequential(*modules),
            activation=lambda kind: nn.ReLU(),
            fused=False,
            custom=NestMLP,
            named=lambda modules, names, own: nn.Sequential(*modules, names=names),
        )

    def build_embedding(self, vocabulary: int, width: int) -> nn.Module:
        return TiedDecoder(vocabulary, width)

    def initialise(self, model: Any, x: Inputs) -> Any:
        model.forward(x)
        return model

    def forward(self, model: Any, x: Inputs) -> Floats:
        return model.forward(x)[0]

    def length(self, model: Any, path: Path) -> int:
        return len(self.layer(model, path))

    def layer(self, model: Any, path: Path) -> Any:
        return reduce(_entry, path, model)

    def subscript(self, model: Any, path: Path) -> Listing:
        return nn.distinct(reduce(getitem, path, model).named_parameters())

    def layer_parameters(self, model: Any, path: Path) -> Listing:
        return nn.distinct(self.layer(model, path).named_parameters())

    def parameters(self, model: Any) -> Listing:
        return nn.distinct(model.named_parameters())

    def read_by_name(self, model: Any, name: str) -> Floats:
        return dict(model.named_parameters())[name].value

    def shape(self, model: Any, handle: Any) -> tuple[int, ...]:
        return handle.value.shape

    def summary(self, model: Any, x: Floats) -> str:
        return nn.describe(model)

    def read(self, model: Any, handle: Any) -> Floats:
        return handle.value.copy()

    def assign(self, model: Any, handle: Any, value: Floats) -> Any:
        handle.assign(value)
        return model

    def added(self, model: Any, handle: Any, amount: float, way: str) -> Any:
        return self.assign(model, handle, handle.value + np.float32(amount))

    def with_element(
        self, model: Any, handle: Any, index: tuple[int, ...], value: float, way: str
    ) -> Any:
        changed = handle.value.copy()
        changed[index] = value
        return self.assign(model, handle, changed)

    def native(self, model: Any, handle: Any) -> Any:
        return handle

    def array_type(self) -> type:
        return np.ndarray

    def backward(self, model: Any, x: Inputs, cotangent: Floats) -> Any:
        _, context = model.forward(x)
        model.backward(context, cotangent)

    def backward_assigning(
        self, model: Any, x: Floats, cotangent: Floats, handle: Any, value: Floats, late: bool
    ) -> Any:
        if late:
            # The context of a forward pass refers to the modules with their current values.
            raise RuntimeError("a parameter was changed between the forward and the backward pass")
        return self.backward(self.assign(model, handle, value), x, cotangent)

    def gradient(self, model: Any, gradients: Any, handle: Any) -> Floats | None:
        return handle.grad

    def stored_gradient(self, model: Any, handle: Any) -> Floats | None:
        return handle.grad

    def reset_gradients(self, model: Any) -> Any:
        for _, parameter in model.named_parameters():
            parameter.grad = None
        return model

    def freeze(self, model: Any, path: Path) -> Any:
        for _, parameter in self.layer(model, path).named_parameters():
            parameter.trainable = False
        return model

    def sgd_step(self, model: Any, x: Floats, cotangent: Floats, rate: float) -> Any:
        self.backward(self.reset_gradients(model), x, cotangent)
        for _, parameter in nn.distinct(model.named_parameters()):
            if parameter.grad is not None:
                parameter.value = parameter.value - np.float32(rate) * parameter.grad
        return model

    def seeded(self, architecture: Architecture, x: Floats, seed: int) -> Any:
        nn.seed(seed)
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
            self.layer(model, path).initialise(objects[init])
        return model

    def reinitialised(self, model: Any, x: Floats, seed: int) -> Any:
        nn.seed(seed)
        for layer in nn.layers(model):
            layer.reset()
        return model

    def copied(self, model: Any, way: str, x: Floats) -> Any:
        return copy.deepcopy(model)

    def save(self, model: Any, folder: str, way: str) -> None:
        np.savez(f"{folder}/model.npz", **dict[str, Any](self.exported(model)))

    def load(self, model: Any, folder: str, way: str) -> Any:
        with File(folder, "model.npz").open("rb") as opened, np.load(opened) as file:
            nn.load(model, dict(file))
        return model

    def carried(self, source: Any, target: Any, path: Path, way: str) -> Any:
        nn.load(self.layer(target, path), self.exported(self.layer(source, path)))
        return target

    def cast(self, model: Any, dtype: str) -> Any:
        for _, parameter in model.named_parameters():
            parameter.value = parameter.value.astype(dtype)
        return model

    def exported(self, model: Any) -> dict[str, Floats]:
        return {name: parameter.value for name, parameter in model.named_parameters()}


def _dense(dense: Dense, fan_in: int | None, ties: Mapping[str, Any]) -> nn.Linear:
    layer = nn.Linear(dense.units, dense.bias, fan_in)
    for role, holder in ties.items():
        setattr(layer, role, getattr(holder, role))
    return layer


def _initialiser(init: Init, custom: Initialiser) -> nn.Initialiser:
    native: dict[str, nn.Initialiser] = {
        "normal": nn.normal(init.value),
        "constant": nn.constant(init.value),
        "xavier": nn.xavier,
        "strange": _strange,
        "custom": custom,
    }
    return native[init.kind]


def _strange(shape: tuple[int, ...]) -> Floats:
    values = nn.uniform(10.0)(shape)
    return values * (np.abs(values) >= 5)


def _entry(block: Any, index: int) -> Any:
    return (block.net, block.linear)[index] if isinstance(block, NestMLP) else block[index]
