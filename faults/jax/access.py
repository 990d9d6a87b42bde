"""Faults in JAX, Flax linen and Optax: reaching layers and parameters."""

from __future__ import annotations

import jax.numpy as jnp

from paramlaws.faults.fault import Patch
from paramlaws.faults.jax.common import InJax, change_parameters, network


class NarrowLayersAreInHalfPrecision(InJax):
    """Parameters of one element are float16."""

    about = ("access.default-dtype",)

    def inject(self, patch: Patch) -> None:
        narrow = lambda value: value.astype(jnp.float16) if value.size == 1 else value  # noqa: E731
        change_parameters(patch, "bias", narrow)

    def shows(self) -> bool:
        return network(1)[1]["params"]["layers_0"]["bias"].dtype == jnp.float16
