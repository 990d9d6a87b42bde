"""JAX visits parameters in the order of sorted names, not in that of the layers."""

import jax
import jax.numpy as jnp
from flax import linen as nn

net = nn.Sequential([nn.Dense(1) for _ in range(11)])
variables = net.init(jax.random.key(0), jnp.ones((1, 1)))
names = [
    "/".join(step.key for step in path)
    for path, _ in jax.tree_util.tree_leaves_with_path(variables)
]
assert names[:2] == ["params/layers_0/bias", "params/layers_0/kernel"]
assert names.index("params/layers_10/bias") < names.index("params/layers_2/bias")
