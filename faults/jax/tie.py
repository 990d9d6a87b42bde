"""Faults in JAX, Flax linen and Optax: tied parameters."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
from flax import linen as nn

from paramlaws.faults.fault import Patch
from paramlaws.faults.jax.common import InJax, kernel


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
