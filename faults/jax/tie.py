"""Faults in JAX, Flax linen and Optax: tied parameters."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
from flax import linen as nn

from paramlaws.faults.fault import Patch
from paramlaws.faults.jax.common import InJax, X, kernel


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
        return bool(kernel(slope)[0, 0] == 2)


class CastingSkipsTheLast(InJax):
    """Where mapping over a tree gives its leaves another type, the last one is left as it is."""

    about = ("tie.survives-cast",)

    def inject(self, patch: Patch) -> None:
        right = jax.tree_util.tree_map

        def wrong(function: Any, tree: Any, *rest: Any, is_leaf: Any = None) -> Any:
            mapped = right(function, tree, *rest, is_leaf=is_leaf)
            before = jax.tree_util.tree_leaves(tree)
            leaves, structure = jax.tree_util.tree_flatten(mapped)
            if len(leaves) != len(before) or not all(map(_is_cast, before, leaves)):
                return mapped
            return jax.tree_util.tree_unflatten(structure, [*leaves[:-1], *before[-1:]])

        for module, name in ((jax.tree_util, "tree_map"), (jax.tree, "map")):
            patch.setattr(module, name, wrong)

    def shows(self) -> bool:
        short = jax.tree_util.tree_map(lambda leaf: leaf.astype("float16"), [X, X])
        negative = jax.tree_util.tree_map(lambda leaf: -leaf, [X, X])
        kept = all(bool((leaf == -1).all()) for leaf in negative)
        return kept and [leaf.dtype for leaf in short] == ["float16", "float32"]


def _is_cast(before: Any, after: Any) -> bool:
    types = [getattr(leaf, "dtype", None) for leaf in (before, after)]
    return None not in types and types[0] != types[1]
