"""Flax linen: a tree of parameters takes an array of any shape; applying the module refuses it."""

import jax
import jax.numpy as jnp
from flax import errors
from flax import linen as nn

net = nn.Dense(2)
variables = net.init(jax.random.key(0), jnp.ones((1, 1)))
variables["params"]["kernel"] = jnp.ones((3, 2))
assert variables["params"]["kernel"].shape == (3, 2)
try:
    net.apply(variables, jnp.ones((1, 1)))
except errors.ScopeParamShapeError:
    pass
else:
    raise AssertionError("a kernel of the wrong shape is applied now")
