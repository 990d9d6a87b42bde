"""Faults in JAX, Flax linen and Optax: gradients."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from paramlaws.faults.fault import Patch
from paramlaws.faults.jax.common import InJax


class GradientsAreRounded(InJax):
    """Gradients have the precision of half as many bits."""

    about = ("gradient.value",)

    def inject(self, patch: Patch) -> None:
        right = jax.grad

        def wrong(function: Any, *choices: Any, **options: Any) -> Any:
            def rounded(tree: Any) -> Any:
                short = jax.tree_util.tree_map(lambda leaf: leaf.astype(jnp.bfloat16), tree)
                return jax.tree_util.tree_map(lambda leaf: leaf.astype(jnp.float32), short)

            slope = right(function, *choices, **options)
            return lambda *arguments, **named: rounded(slope(*arguments, **named))

        patch.setattr(jax, "grad", wrong)

    def shows(self) -> bool:
        return bool(jax.grad(lambda x: 1001.0 * x)(1.0) != 1001)
