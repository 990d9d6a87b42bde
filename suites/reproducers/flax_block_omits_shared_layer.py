"""Flax linen: a block that uses a layer of an outer container does not list its parameters."""

import jax
import jax.numpy as jnp
from flax import linen as nn

shared = nn.Dense(1)
net = nn.Sequential([shared, nn.Sequential([nn.Dense(1), shared])])
variables = net.init(jax.random.key(0), jnp.ones((1, 1)))
block = net.bind(variables).layers[1]
assert len(block.layers) == 2
assert set(block.variables["params"]) == {"layers_0"}
