"""JAX with Flax linen: `nn.Sequential` of `Dense`, with the parameters in a separate tree.

Idioms: https://flax-linen.readthedocs.io/en/latest/guides/flax_fundamentals/flax_basics.html
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from functools import partial, reduce
from operator import getitem
from pathlib import Path as File
from typing import Any, NamedTuple

import flax
import jax
import jax.numpy as jnp
import numpy as np
import optax
import orbax.checkpoint
from flax import linen as nn
from flax.traverse_util import flatten_dict, unflatten_dict
from jax.tree_util import tree_leaves_with_path

from paramlaws.specs.architecture import Architecture, Dense, Init, Path
from paramlaws.specs.naming import Naming
from paramlaws.specs.spelling import Spelling
from paramlaws.specs.suite import Floats, Initialiser, Inputs, Listing, Suite
from paramlaws.suites.building import assemble


class NestMLP(nn.Module):
    """A user's module: a container followed by a layer."""

    net: Any
    linear: Any

    def __call__(self, x: Any) -> Any:
        return self.linear(self.net(x))


class TiedDecoder(nn.Module):
    """Word embeddings whose matrix also decodes."""

    vocabulary: int
    width: int

    @nn.compact
    def __call__(self, tokens: Any) -> Any:
        encoder = nn.Embed(self.vocabulary, self.width)
        return encoder.attend(encoder(tokens))


class Model(NamedTuple):
    """A module and its variables, {} before initialisation."""

    module: nn.Module
    variables: Mapping[str, Any]


def _spelled(name: str, dense: Dense, fan_in: int | None, ties: Mapping[str, str]) -> list[str]:
    return [f"{name} = nn.Dense({dense.units}, use_bias={dense.bias})"]


SPELLING = Spelling(
    imports="import jax\nimport jax.numpy as jnp\nimport numpy as np\nfrom flax import linen as nn",
    numpy="np",
    layer=_spelled,
    container="nn.Sequential([{}])",
    activation="nn.relu",
    fused=False,
    then="""params = net.init(jax.random.key(0), jnp.asarray(x))
y, backward = jax.vjp(lambda p: net.apply(p, jnp.asarray(x)), params)
print("output", y)
print("parameters", params)
print("gradients", *backward(jnp.asarray(slope)))""",
)


class Jax(Suite):
    """Flax linen: parameters are arrays in a tree, by path; gradients are trees of that form."""

    name = "jax"
    framework = "Flax linen (JAX)"
    documentation = (
        "https://flax-linen.readthedocs.io/en/latest/guides/flax_fundamentals/flax_basics.html"
    )
    requires = {"flax": ">=0.8"}
    naming = Naming(
        "params/{place}/{role}",
        "https://flax-linen.readthedocs.io/en/latest/api_reference/flax.linen/module.html",
        entry="layers_{index}",
        separator="/",
        # A module passed as an argument gets the name of the attribute that holds it.
        keeps_given=False,
    )
    summary_total = "Total Parameters"
    refusals = {
        "layer": (IndexError,),
        # A container is not subscriptable; its layers are in the sequence `layers`.
        "subscript": (TypeError,),
        "load": (ValueError, KeyError),
        # Modules hold local functions, which cannot be pickled.
        "pickled": (AttributeError, pickle.PicklingError),
    }
    roles = {"weight": "kernel", "bias": "bias"}
    stores_gradients = False
    sizes = 4
    ways = {
        "added": ("at",),
        "copied": ("tree-map",),
        "save": ("to-bytes", "orbax"),
        "load": ("to-bytes", "orbax"),
    }
    knowledge = File(__file__).with_suffix(".toml")
    spelling = SPELLING

    def versions(self) -> dict[str, str]:
        return {
            "flax": flax.__version__,
            "jax": jax.__version__,
            "orbax-checkpoint": orbax.checkpoint.__version__,
        }

    def build(self, architecture: Architecture) -> Model:
        return self._network(architecture, {})

    def _network(self, architecture: Architecture, initialisers: Mapping[Any, Any]) -> Model:
        module = assemble(
            architecture,
            dense=partial(_dense, initialisers),
            container=nn.Sequential,
            activation=lambda kind: nn.relu,
            fused=False,
            custom=NestMLP,
            named=lambda layers, names, own: nn.Sequential(layers, name=own),
        )
        return Model(module, {})

    def build_embedding(self, vocabulary: int, width: int) -> Model:
        return Model(TiedDecoder(vocabulary, width), {})

    def initialise(self, model: Any, x: Inputs) -> Model:
        return Model(model.module, model.module.init(jax.random.key(0), x))

    def forward(self, model: Any, x: Inputs) -> Floats:
        return np.asarray(model.module.apply(model.variables, x))

    def length(self, model: Any, path: Path) -> int:
        return len(self.layer(model, path).layers)

    def layer(self, model: Any, path: Path) -> Any:
        bound = model.module.bind(model.variables)
        return reduce(_entry, path, bound)

    def parameter(self, model: Any, path: Path, role: str) -> tuple[str, ...]:
        return ("params", *self.layer(model, path).path, self.roles[role])

    def subscript(self, model: Any, path: Path) -> Listing:
        return _own(reduce(getitem, path, self.layer(model, ())))

    def layer_parameters(self, model: Any, path: Path) -> Listing:
        return _own(self.layer(model, path))

    def parameters(self, model: Any) -> Listing:
        leaves = tree_leaves_with_path(model.variables)
        paths = [tuple(key.key for key in path) for path, _ in leaves]
        return [("/".join(path), path) for path in paths]

    def read_by_name(self, model: Any, name: str) -> Floats:
        return np.asarray(flatten_dict(model.variables, sep="/")[name])

    def shape(self, model: Any, handle: Any) -> tuple[int, ...]:
        return self.native(model, handle).shape

    def summary(self, model: Any, x: Floats) -> str:
        return model.module.tabulate(jax.random.key(0), x, console_kwargs={"width": 200})

    def read(self, model: Any, handle: Any) -> Floats:
        return np.asarray(self.native(model, handle))

    def assign(self, model: Any, handle: Any, value: Floats) -> Model:
        flat = flatten_dict(model.variables)
        return Model(model.module, unflatten_dict({**flat, handle: jnp.asarray(value)}))

    def added(self, model: Any, handle: Any, amount: float, way: str) -> Model:
        return self.assign(model, handle, self.native(model, handle).at[:].add(amount))

    def with_element(
        self, model: Any, handle: Any, index: tuple[int, ...], value: float, way: str
    ) -> Model:
        return self.assign(model, handle, self.native(model, handle).at[index].set(value))

    def native(self, model: Any, handle: Any) -> Any:
        return flatten_dict(model.variables)[handle]

    def array_type(self) -> type:
        return jax.Array

    def backward(self, model: Any, x: Inputs, cotangent: Floats) -> Any:
        def loss(variables: Any) -> Any:
            return jnp.sum(model.module.apply(variables, x) * cotangent)

        return jax.grad(loss)(model.variables)

    def gradient(self, model: Any, gradients: Any, handle: Any) -> Any:
        return flatten_dict(gradients)[handle]

    def sgd_step(self, model: Any, x: Floats, cotangent: Floats, rate: float) -> Model:
        optimizer = optax.sgd(rate)
        gradients = self.backward(model, x, cotangent)
        updates, _ = optimizer.update(gradients, optimizer.init(model.variables))
        return Model(model.module, optax.apply_updates(model.variables, updates))

    def seeded(self, architecture: Architecture, x: Floats, seed: int) -> Model:
        return self.reinitialised(self.build(architecture), x, seed)

    def initialised(
        self,
        architecture: Architecture,
        x: Floats,
        seed: int,
        layers: Mapping[Path, Init],
        custom: Initialiser,
    ) -> Model:
        objects = {init: _initialiser(init, custom) for init in layers.values()}
        return self.reinitialised(self._network(architecture, objects), x, seed)

    def reinitialised(self, model: Any, x: Floats, seed: int) -> Model:
        return Model(model.module, model.module.init(jax.random.key(seed), x))

    def copied(self, model: Any, way: str, x: Floats) -> Model:
        return Model(model.module, jax.tree_util.tree_map(jnp.copy, model.variables))

    def save(self, model: Any, folder: str, way: str) -> None:
        if way == "orbax":
            with orbax.checkpoint.StandardCheckpointer() as checkpointer:
                checkpointer.save(f"{folder}/model", model.variables)
        else:
            File(folder, "model").write_bytes(flax.serialization.to_bytes(model.variables))

    def load(self, model: Any, folder: str, way: str) -> Model:
        if way == "orbax":
            with orbax.checkpoint.StandardCheckpointer() as checkpointer:
                variables = checkpointer.restore(f"{folder}/model", model.variables)
        else:
            saved = File(folder, "model").read_bytes()
            variables = flax.serialization.from_bytes(model.variables, saved)
        return Model(model.module, variables)

    def carried(self, source: Any, target: Any, path: Path, way: str) -> Model:
        own = {name: self.native(source, name) for _, name in self.layer_parameters(source, path)}
        flat = flatten_dict(target.variables)
        return Model(target.module, unflatten_dict({**flat, **own}))

    def cast(self, model: Any, dtype: str) -> Model:
        cast = jax.tree_util.tree_map(lambda leaf: leaf.astype(dtype), model.variables)
        return Model(model.module, cast)

    def exported(self, model: Any) -> dict[str, Floats]:
        state = flax.serialization.to_state_dict(model.variables)
        return {name: np.asarray(leaf) for name, leaf in flatten_dict(state, sep="/").items()}

    def forget(self) -> None:
        jax.clear_caches()


def _dense(
    initialisers: Mapping[Any, Any],
    dense: Dense,
    fan_in: int | None,
    ties: Mapping[str, Any],
) -> nn.Dense:
    if ties:
        raise NotImplementedError("a Dense module declares its own parameters")
    chosen = {"kernel_init": initialisers[dense.init]} if dense.init in initialisers else {}
    return nn.Dense(dense.units, use_bias=dense.bias, **chosen)


def _initialiser(init: Init, custom: Initialiser) -> Any:
    native = {
        "normal": nn.initializers.normal(init.value),
        "constant": nn.initializers.constant(init.value),
        "xavier": nn.initializers.xavier_uniform(),
        "strange": _strange,
        "custom": lambda key, shape, dtype: jnp.asarray(custom(shape), dtype),
    }
    return native[init.kind]


def _strange(key: Any, shape: Any, dtype: Any) -> Any:
    values = jax.random.uniform(key, shape, dtype, -10, 10)
    return values * (abs(values) >= 5)


def _own(layer: nn.Module) -> Listing:
    return [(name[-1], (name[0], *layer.path, *name[1:])) for name in flatten_dict(layer.variables)]


def _entry(block: Any, index: int) -> Any:
    return (block.net, block.linear)[index] if isinstance(block, NestMLP) else block.layers[index]
