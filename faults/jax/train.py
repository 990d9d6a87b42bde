"""Faults in JAX, Flax linen and Optax: optimiser steps."""

from __future__ import annotations

import jax.numpy as jnp
import optax

from paramlaws.faults.fault import Patch
from paramlaws.faults.jax.common import InJax


class StepIsHalved(InJax):
    """The optimiser takes half a step."""

    about = ("train.step",)

    def inject(self, patch: Patch) -> None:
        right = optax.sgd
        patch.setattr(optax, "sgd", lambda rate: right(rate / 2))

    def shows(self) -> bool:
        optimizer = optax.sgd(1.0)
        return bool(optimizer.update(jnp.ones(1), optimizer.init(jnp.ones(1)))[0][0] == -0.5)
