"""Faults in JAX, Flax linen and Optax: initial values."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from flax import linen as nn
from flax.linen import linear

from paramlaws.faults.fault import Patch
from paramlaws.faults.jax.common import InJax, change_parameters, kernel, network


class DefaultKernelsAreWider(InJax):
    """Kernels are larger by a third where no initialiser is given."""

    about = ("init.default-weight",)
    like = "https://github.com/jax-ml/jax/issues/13519"

    def inject(self, patch: Patch) -> None:
        default = linear.default_kernel_init
        change_parameters(patch, "kernel", lambda value: 1.34 * value, drawn_by=default)

    def shows(self) -> bool:
        return bool(kernel(network(900)[1]).std() > 0.85)


class BiasesDoNotBeginAtZero(InJax):
    """The initial bias is a small number, where it was zero."""

    about = ("init.default-bias",)

    def inject(self, patch: Patch) -> None:
        change_parameters(patch, "bias", lambda value: value + 0.01)

    def shows(self) -> bool:
        return bool(network(2)[1]["params"]["layers_0"]["bias"].any())


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
