"""Flax: from_bytes loads arrays of another shape, and ignores entries that the target lacks."""

import jax.numpy as jnp
from flax import serialization

target = {"kernel": jnp.zeros((1, 1))}
for saved in ({"kernel": jnp.ones((2, 3))}, {"kernel": jnp.ones((1, 1)), "bias": jnp.ones(1)}):
    loaded = serialization.from_bytes(target, serialization.to_bytes(saved))
    assert list(loaded) == ["kernel"]
    assert loaded["kernel"].shape == saved["kernel"].shape
