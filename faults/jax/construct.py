"""Faults in JAX, Flax linen and Optax: building networks and computing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
from flax import linen as nn

from paramlaws.faults.fault import Patch
from paramlaws.faults.jax.common import InJax


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
