"""Apache MXNet 1.7 to 1.9 with Gluon: `nn.Sequential` of `Dense`.

Idioms: https://mxnet.apache.org/versions/1.9.1/api/python/docs/tutorials/packages/gluon/
"""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from functools import reduce
from io import StringIO
from operator import getitem
from pathlib import Path as File
from typing import Any

import mxnet as mx
from mxnet import autograd, gluon, np, npx
from mxnet.gluon import nn

from paramlaws.specs.architecture import Architecture, Dense, Init, Path
from paramlaws.specs.naming import Naming
from paramlaws.specs.spelling import Spelling
from paramlaws.specs.suite import Floats, Initialiser, Inputs, Listing, Suite
from paramlaws.suites.building import assemble

npx.set_np()


class NestMLP(nn.Block):
    """A user's block: a container followed by a layer."""

    def __init__(self, net: nn.Block, linear: nn.Block) -> None:
        super().__init__()
        self.net = net
        self.linear = linear

    def forward(self, x: Any) -> Any:
        return self.linear(self.net(x))


class TiedDecoder(nn.Block):
    """Word embeddings and a decoder that holds the same matrix."""

    def __init__(self, vocabulary: int, width: int) -> None:
        super().__init__()
        self.encoder = nn.Embedding(vocabulary, width)
        self.decoder = nn.Dense(
            vocabulary, use_bias=False, in_units=width, params=self.encoder.params
        )

    def forward(self, tokens: Any) -> Any:
        return self.decoder(self.encoder(tokens))


def _spelled(name: str, dense: Dense, fan_in: int | None, ties: Mapping[str, str]) -> list[str]:
    options = f"activation={dense.activation!r}, use_bias={dense.bias}, in_units={fan_in or 0}"
    params = f", params={ties['weight']}.params" if "weight" in ties else ""
    return [f"{name} = nn.Dense({dense.units}, {options}{params})"]


SPELLING = Spelling(
    imports="""import numpy
from mxnet import autograd, np, npx
from mxnet.gluon import nn

npx.set_np()


def sequential(*blocks):
    made = nn.Sequential()
    made.add(*blocks)
    return made

""",
    # Its own arrays are called `np`.
    numpy="numpy",
    layer=_spelled,
    container="sequential({})",
    activation="nn.Activation({!r})",
    fused=True,
    then="""net.initialize()
with autograd.record():
    y = net(np.array(x))
y.backward(np.array(slope))
print("output", y)
for name, parameter in net.collect_params().items():
    print(name, parameter.data(), "gradient", parameter.grad())""",
)


class MXNet(Suite):
    """MXNet: parameters belong to blocks and hold their gradients."""

    name = "mxnet"
    framework = "MXNet (Gluon)"
    documentation = (
        "https://mxnet.apache.org/versions/1.9.1/api/python/docs/tutorials/packages/gluon/"
    )
    requires = {"mxnet": ">=1.7,<2"}
    naming = Naming(
        "dense{number}_{role}",
        "https://mxnet.apache.org/versions/1.9.1/api/python/docs/tutorials/packages/gluon/blocks/"
        "naming.html",
    )
    summary_total = "Unique parameters"
    refusals = {
        "layer": (IndexError,),
        # Asked for its gradient, a parameter without one, such as a frozen one, raises.
        "gradient": (RuntimeError,),
        # `set_data` asserts that the shape is right.
        "assign": (AssertionError,),
        "backward_assigning": (mx.MXNetError,),
        "load": (AssertionError, ValueError, mx.MXNetError),
    }
    ways = {
        "added": ("data", "set-data"),
        "carried": ("values", "file"),
        "copied": ("deepcopy",),
        "save": ("save-parameters", "save-parameters-once", "parameter-dict"),
        "load": ("save-parameters", "save-parameters-once"),
    }
    knowledge = File(__file__).with_suffix(".toml")
    spelling = SPELLING

    def versions(self) -> dict[str, str]:
        return {"mxnet": mx.__version__}

    def build(self, architecture: Architecture) -> nn.Sequential:
        return assemble(
            architecture,
            dense=_dense,
            container=_container,
            activation=nn.Activation,
            fused=True,
            custom=NestMLP,
            named=lambda blocks, names, own: _container(blocks, own and f"{own}_"),
        )

    def build_embedding(self, vocabulary: int, width: int) -> nn.Block:
        return TiedDecoder(vocabulary, width)

    def initialise(self, model: Any, x: Inputs) -> Any:
        model.initialize()
        model(np.array(x))
        return model

    def forward(self, model: Any, x: Inputs) -> Floats:
        return model(np.array(x)).asnumpy()

    def length(self, model: Any, path: Path) -> int:
        return len(self.layer(model, path))

    def layer(self, model: Any, path: Path) -> Any:
        return reduce(_entry, path, model)

    def subscript(self, model: Any, path: Path) -> Listing:
        return list(reduce(getitem, path, model).collect_params().items())

    def layer_parameters(self, model: Any, path: Path) -> Listing:
        return list(self.layer(model, path).collect_params().items())

    def parameters(self, model: Any) -> Listing:
        return list(model.collect_params().items())

    def read_by_name(self, model: Any, name: str) -> Floats:
        return model.collect_params()[name].data().asnumpy()

    def shape(self, model: Any, handle: Any) -> tuple[int, ...]:
        return handle.shape

    def summary(self, model: Any, x: Floats) -> str:
        with redirect_stdout(StringIO()) as printed:
            model.summary(np.array(x))
        return printed.getvalue()

    def read(self, model: Any, handle: Any) -> Floats:
        return handle.data().asnumpy()

    def assign(self, model: Any, handle: Any, value: Floats) -> Any:
        handle.set_data(np.array(value))
        return model

    def added(self, model: Any, handle: Any, amount: float, way: str) -> Any:
        if way == "data":
            handle.data()[:] += amount
        else:
            handle.set_data(handle.data() + amount)
        return model

    def with_element(
        self, model: Any, handle: Any, index: tuple[int, ...], value: float, way: str
    ) -> Any:
        if way == "data":
            handle.data()[index] = value
        else:
            changed = handle.data().copy()
            changed[index] = value
            handle.set_data(changed)
        return model

    def native(self, model: Any, handle: Any) -> Any:
        return handle

    def array_type(self) -> type:
        return np.ndarray

    def backward(self, model: Any, x: Inputs, cotangent: Floats) -> Any:
        with autograd.record():
            y = model(np.array(x))
        y.backward(np.array(cotangent))

    def backward_assigning(
        self, model: Any, x: Floats, cotangent: Floats, handle: Any, value: Floats, late: bool
    ) -> Any:
        with autograd.record():
            y = model(np.array(x)) if late else None
            handle.set_data(np.array(value))
            y = model(np.array(x)) if y is None else y
        y.backward(np.array(cotangent))

    def gradient(self, model: Any, gradients: Any, handle: Any) -> Any:
        return handle.grad().asnumpy()

    def stored_gradient(self, model: Any, handle: Any) -> Any:
        return handle.grad().asnumpy()

    def reset_gradients(self, model: Any) -> Any:
        model.collect_params().zero_grad()
        return model

    def freeze(self, model: Any, path: Path) -> Any:
        self.layer(model, path).collect_params().setattr("grad_req", "null")
        return model

    def sgd_step(self, model: Any, x: Floats, cotangent: Floats, rate: float) -> Any:
        trainer = gluon.Trainer(model.collect_params(), "sgd", {"learning_rate": rate})
        self.backward(model, x, cotangent)
        trainer.step(batch_size=1)
        return model

    def seeded(self, architecture: Architecture, x: Floats, seed: int) -> Any:
        mx.random.seed(seed)
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
            self.layer(model, path).initialize(init=objects[init], force_reinit=True)
        return model

    def reinitialised(self, model: Any, x: Floats, seed: int) -> Any:
        mx.random.seed(seed)
        model.initialize(force_reinit=True)
        return model

    def copied(self, model: Any, way: str, x: Floats) -> Any:
        return copy.deepcopy(model)

    def save(self, model: Any, folder: str, way: str) -> None:
        if way == "parameter-dict":
            model.collect_params().save(f"{folder}/model.params")
        else:
            once = way == "save-parameters-once"
            model.save_parameters(f"{folder}/model.params", deduplicate=once)

    def load(self, model: Any, folder: str, way: str) -> Any:
        if way == "parameter-dict":
            model.collect_params().load(f"{folder}/model.params")
        else:
            model.load_parameters(f"{folder}/model.params")
        return model

    def carried(self, source: Any, target: Any, path: Path, way: str) -> Any:
        if way == "file":
            with tempfile.TemporaryDirectory() as folder:
                self.layer(source, path).save_parameters(f"{folder}/layer.params")
                self.layer(target, path).load_parameters(f"{folder}/layer.params")
            return target
        given, taken = (self.layer(m, path).collect_params().values() for m in (source, target))
        for one, other in zip(given, taken, strict=True):
            other.set_data(one.data())
        return target

    def cast(self, model: Any, dtype: str) -> Any:
        model.cast(dtype)
        return model

    def exported(self, model: Any) -> dict[str, Floats]:
        with tempfile.TemporaryDirectory() as folder:
            model.save_parameters(f"{folder}/model.params")
            loaded = npx.load(f"{folder}/model.params")
        return {name: value.asnumpy() for name, value in loaded.items()}


def _dense(dense: Dense, fan_in: int | None, ties: Mapping[str, Any]) -> nn.Dense:
    params = ties["weight"].params if ties else None
    return nn.Dense(
        dense.units,
        activation=dense.activation,
        use_bias=dense.bias,
        in_units=fan_in or 0,
        params=params,
    )


def _container(blocks: list[Any], prefix: str | None = None) -> nn.Sequential:
    net = nn.Sequential(prefix=prefix)
    net.add(*blocks)
    return net


class _Strange(mx.init.Initializer):
    def _init_weight(self, name: str, data: Any) -> None:
        data[:] = np.random.uniform(-10, 10, data.shape)
        data *= np.abs(data) >= 5


class _Custom(mx.init.Initializer):
    def __init__(self, custom: Initialiser) -> None:
        super().__init__()
        self.custom = custom

    def _init_weight(self, name: str, data: Any) -> None:
        data[:] = np.array(self.custom(data.shape))


def _initialiser(init: Init, custom: Initialiser) -> mx.init.Initializer:
    made: dict[str, Callable[[], mx.init.Initializer]] = {
        "normal": lambda: mx.init.Normal(sigma=init.value),
        "constant": lambda: mx.init.Constant(init.value),
        "xavier": mx.init.Xavier,
        "strange": _Strange,
        "custom": lambda: _Custom(custom),
    }
    return made[init.kind]()


def _entry(block: Any, index: int) -> Any:
    return (block.net, block.linear)[index] if isinstance(block, NestMLP) else block[index]
