"""Faults in JAX, Flax linen and Optax."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import Any

import flax
import jax
import jax.numpy as jnp
import optax
import orbax.checkpoint
from flax import linen as nn
from flax.traverse_util import flatten_dict, unflatten_dict

from paramlaws.faults.fault import Fault, Patch

_X = jnp.ones((1, 2))


class InJax(Fault):
    """A fault in JAX or Flax."""

    suite = "jax"


def _net(*widths: int) -> tuple[nn.Sequential, Any]:
    module = nn.Sequential([nn.Dense(width) for width in widths])
    return module, module.init(jax.random.key(0), _X)


def _kernel(variables: Any, layer: int = 0) -> Any:
    return variables["params"][f"layers_{layer}"]["kernel"]


def _called(patch: Patch, change: Callable[[Any, Any, Any], Any]) -> None:
    """Changes what a dense layer gives for an input, when its parameters are there."""
    right = nn.Dense.__call__

    def wrong(self: Any, x: Any) -> Any:
        y = right(self, x)
        return y if self.is_initializing() else change(self, x, y)

    patch.setattr(nn.Dense, "__call__", wrong)


class SingleRowsLoseTheBias(InJax):
    """A batch of one row is computed without the bias."""

    about = ("construct.forward-value",)

    def inject(self, patch: Patch) -> None:
        def change(layer: Any, x: Any, y: Any) -> Any:
            gone = layer.use_bias and len(x) == 1
            return y - layer.get_variable("params", "bias") if gone else y

        _called(patch, change)

    def shows(self) -> bool:
        layer = nn.Dense(2)
        ones = {"params": {"kernel": jnp.eye(2), "bias": jnp.ones(2)}}
        return not layer.apply(ones, jnp.zeros((1, 2))).any()


class SquareKernelsAreTransposed(InJax):
    """A layer whose kernel is square applies it transposed."""

    about = ("construct.forward-value",)

    def inject(self, patch: Patch) -> None:
        def change(layer: Any, x: Any, y: Any) -> Any:
            kernel = layer.get_variable("params", "kernel")
            square = kernel.shape[0] == kernel.shape[1]
            return y - x @ kernel + x @ kernel.T if square else y

        _called(patch, change)

    def shows(self) -> bool:
        kernel = jnp.array([[1.0, 2.0], [3.0, 4.0]])
        layer = nn.Dense(2, use_bias=False)
        return bool((layer.apply({"params": {"kernel": kernel}}, jnp.eye(2)) == kernel.T).all())


class StaleParametersAreApplied(InJax):
    """A module computes with the parameters that it was applied to first."""

    about = ("construct.forward-value", "assign.everything", "access.layer-by-index")

    def inject(self, patch: Patch) -> None:
        right = nn.Module.apply
        first: dict[int, tuple[Any, Any]] = {}

        def wrong(self: Any, variables: Any, *arguments: Any, **options: Any) -> Any:
            _, kept = first.setdefault(id(self), (self, variables))
            return right(self, kept, *arguments, **options)

        patch.setattr(nn.Module, "apply", wrong)

    def shows(self) -> bool:
        module, variables = _net(2)
        before = module.apply(variables, _X)
        after = module.apply(jax.tree_util.tree_map(lambda leaf: leaf + 1, variables), _X)
        return bool((before == after).all())


class GradientsAreRounded(InJax):
    """Gradients have the precision of half as many bits."""

    about = ("gradient.value",)

    def inject(self, patch: Patch) -> None:
        right = jax.grad

        def wrong(function: Any) -> Any:
            def rounded(tree: Any) -> Any:
                short = jax.tree_util.tree_map(lambda leaf: leaf.astype(jnp.bfloat16), tree)
                return jax.tree_util.tree_map(lambda leaf: leaf.astype(jnp.float32), short)

            return lambda *arguments: rounded(right(function)(*arguments))

        patch.setattr(jax, "grad", wrong)

    def shows(self) -> bool:
        return bool(jax.grad(lambda x: 1001.0 * x)(1.0) != 1001)


class LateUsesHaveNoGradient(InJax):
    """From the third use of a layer on in a container, nothing is added to its gradient."""

    about = ("tie.gradients-add",)

    def inject(self, patch: Patch) -> None:
        right = nn.Sequential.__call__

        def wrong(self: Any, x: Any) -> Any:
            if self.is_initializing():
                return right(self, x)
            uses: dict[int, int] = {}
            for layer in self.layers:
                uses[id(layer)] = uses.get(id(layer), 0) + 1
                if uses[id(layer)] > 2 and isinstance(layer, nn.Dense):
                    alone = nn.Dense(layer.features, use_bias=layer.use_bias, parent=None)
                    x = alone.apply(jax.lax.stop_gradient(layer.variables), x)
                else:
                    x = layer(x)
            return x

        patch.setattr(nn.Sequential, "__call__", wrong)

    def shows(self) -> bool:
        layer = nn.Dense(1, use_bias=False)
        module = nn.Sequential([layer, layer, layer])
        ones = {"params": {"layers_0": {"kernel": jnp.ones((1, 1))}}}
        slope = jax.grad(lambda v: module.apply(v, jnp.ones((1, 1))).sum())(ones)
        return bool(_kernel(slope)[0, 0] == 2)


class StepIsHalved(InJax):
    """The optimiser takes half a step."""

    about = ("train.step",)

    def inject(self, patch: Patch) -> None:
        right = optax.sgd
        patch.setattr(optax, "sgd", lambda rate: right(rate / 2))

    def shows(self) -> bool:
        optimizer = optax.sgd(1.0)
        return bool(optimizer.update(jnp.ones(1), optimizer.init(jnp.ones(1)))[0][0] == -0.5)


def _parameters(patch: Patch, changed: str, change: Callable[[Any], Any]) -> None:
    """Changes the initial values of the parameters of a name."""
    right = nn.Module.param

    def wrong(self: Any, name: str, init_fn: Any, *arguments: Any, **options: Any) -> Any:
        def drawn(*given: Any, **named: Any) -> Any:
            value = init_fn(*given, **named)
            return change(value) if name == changed else value

        return right(self, name, drawn, *arguments, **options)

    patch.setattr(nn.Module, "param", wrong)


class DefaultKernelsAreWider(InJax):
    """The initial kernels are larger by a third."""

    about = ("init.default-weight",)
    like = "https://github.com/jax-ml/jax/issues/13519"

    def inject(self, patch: Patch) -> None:
        _parameters(patch, "kernel", lambda value: 1.34 * value)

    def shows(self) -> bool:
        return bool(_kernel(_net(900)[1]).std() > 0.85)


class BiasesDoNotBeginAtZero(InJax):
    """The initial bias is a small number, where it was zero."""

    about = ("init.default-bias",)

    def inject(self, patch: Patch) -> None:
        _parameters(patch, "bias", lambda value: value + 0.01)

    def shows(self) -> bool:
        return bool(_net(2)[1]["params"]["layers_0"]["bias"].any())


class NarrowLayersAreInHalfPrecision(InJax):
    """Parameters of one element are float16."""

    about = ("access.default-dtype",)

    def inject(self, patch: Patch) -> None:
        narrow = lambda value: value.astype(jnp.float16) if value.size == 1 else value  # noqa: E731
        _parameters(patch, "bias", narrow)

    def shows(self) -> bool:
        return _net(1)[1]["params"]["layers_0"]["bias"].dtype == jnp.float16


class DeviationIsTheVariance(InJax):
    """Drawing from a normal distribution takes the deviation for the variance."""

    about = ("init.normal",)

    def inject(self, patch: Patch) -> None:
        right = nn.initializers.normal
        patch.setattr(nn.initializers, "normal", lambda stddev: right(stddev**0.5))

    def shows(self) -> bool:
        values = nn.initializers.normal(0.01)(jax.random.key(0), (100, 100), jnp.float32)
        return bool(values.std() > 0.05)


class XavierSeesOneSide(InJax):
    """Xavier's initialisation scales by the number of inputs alone."""

    about = ("init.per-block",)

    def inject(self, patch: Patch) -> None:
        one_side = nn.initializers.variance_scaling(1.0, "fan_in", "uniform")
        patch.setattr(nn.initializers, "xavier_uniform", lambda: one_side)

    def shows(self) -> bool:
        values = nn.initializers.xavier_uniform()(jax.random.key(0), (100, 900), jnp.float32)
        return bool(values.max() > 0.1)


class SeedsAreHalved(InJax):
    """Seeds that follow each other are the same."""

    about = ("init.reproducible",)

    def inject(self, patch: Patch) -> None:
        right = jax.random.key
        patch.setattr(jax.random, "key", lambda seed: right(seed // 4))

    def shows(self) -> bool:
        return bool(jax.random.uniform(jax.random.key(4)) == jax.random.uniform(jax.random.key(5)))


class CastingSkipsTheLast(InJax):
    """Mapping over a tree leaves its last leaf as it is."""

    about = ("tie.survives-cast",)

    def inject(self, patch: Patch) -> None:
        right = jax.tree_util.tree_map

        def wrong(function: Any, tree: Any, *rest: Any) -> Any:
            mapped = right(function, tree, *rest)
            leaves, structure = jax.tree_util.tree_flatten(mapped)
            leaves[-1:] = jax.tree_util.tree_leaves(tree)[-1:]
            return jax.tree_util.tree_unflatten(structure, leaves)

        patch.setattr(jax.tree_util, "tree_map", wrong)

    def shows(self) -> bool:
        return jax.tree_util.tree_map(lambda leaf: -leaf, [1, 2]) == [-1, 2]


class SavingRounds(InJax):
    """What is written has the precision of half as many bits."""

    about = ("persist.roundtrip",)

    def inject(self, patch: Patch) -> None:
        right = flax.serialization.to_bytes

        def wrong(target: Any) -> bytes:
            flat = flatten_dict(target)
            short = {k: v.astype(jnp.bfloat16).astype(jnp.float32) for k, v in flat.items()}
            return right(unflatten_dict(short))

        patch.setattr(flax.serialization, "to_bytes", wrong)

    def shows(self) -> bool:
        written = flax.serialization.to_bytes({"a": jnp.array([1001.0])})
        return bool(flax.serialization.from_bytes({"a": jnp.zeros(1)}, written)["a"][0] != 1001)


class ReadingSkipsBiases(InJax):
    """What is read back keeps the biases that were there."""

    about = ("persist.roundtrip",)

    def inject(self, patch: Patch) -> None:
        right = flax.serialization.from_bytes

        def wrong(target: Any, encoded: bytes) -> Any:
            flat, own = flatten_dict(right(target, encoded)), flatten_dict(target)
            return unflatten_dict({k: own[k] if k[-1] == "bias" else v for k, v in flat.items()})

        patch.setattr(flax.serialization, "from_bytes", wrong)

    def shows(self) -> bool:
        written = flax.serialization.to_bytes({"bias": jnp.ones(1)})
        return bool(flax.serialization.from_bytes({"bias": jnp.zeros(1)}, written)["bias"][0] == 0)


class ReadingIgnoresNames(InJax):
    """What is read back may lack some of the parameters, which then stay as they are."""

    about = ("persist.mismatch",)
    like = "https://github.com/AI-Hypercomputer/maxtext/pull/4342"

    def inject(self, patch: Patch) -> None:
        def wrong(target: Any, encoded: bytes) -> Any:
            found = flatten_dict(flax.serialization.msgpack_restore(encoded))
            return unflatten_dict({k: found.get(k, v) for k, v in flatten_dict(target).items()})

        patch.setattr(flax.serialization, "from_bytes", wrong)

    def shows(self) -> bool:
        written = flax.serialization.to_bytes({"a": jnp.ones(1)})
        found = flax.serialization.from_bytes({"a": jnp.zeros(1), "b": jnp.zeros(1)}, written)
        return set(found) == {"a", "b"}


class CheckpointsKeepBiases(InJax):
    """A checkpoint is restored but for the biases."""

    about = ("persist.roundtrip", "tie.survives-save-load")

    def inject(self, patch: Patch) -> None:
        right = orbax.checkpoint.StandardCheckpointer.restore

        def wrong(self: Any, directory: Any, target: Any = None, **options: Any) -> Any:
            flat = flatten_dict(right(self, directory, target, **options))
            own = flatten_dict(target)
            return unflatten_dict({k: own[k] if k[-1] == "bias" else v for k, v in flat.items()})

        patch.setattr(orbax.checkpoint.StandardCheckpointer, "restore", wrong)

    def shows(self) -> bool:
        with (
            tempfile.TemporaryDirectory() as folder,
            orbax.checkpoint.StandardCheckpointer() as checkpointer,
        ):
            checkpointer.save(f"{folder}/a", {"bias": jnp.ones(1)})
            checkpointer.wait_until_finished()
            found = checkpointer.restore(f"{folder}/a", {"bias": jnp.zeros(1)})
        return bool(found["bias"][0] == 0)


class WritingAnElementWritesItsRow(InJax):
    """Setting one element of a matrix sets the whole row."""

    about = ("assign.everything",)

    def inject(self, patch: Patch) -> None:
        reference = type(jnp.zeros(1).at[0])
        right = reference.set

        def wrong(self: Any, values: Any, **options: Any) -> Any:
            row = isinstance(self.index, tuple) and len(self.index) == 2
            return right(self.array.at[self.index[0]] if row else self, values, **options)

        patch.setattr(reference, "set", wrong)

    def shows(self) -> bool:
        return bool(jnp.zeros((2, 2)).at[0, 0].set(1)[0, 1] == 1)
