"""Orbax before 0.8: arrays are cut, or padded with zeros, to the shape of what they replace."""

import tempfile

import jax.numpy as jnp
import orbax.checkpoint

with tempfile.TemporaryDirectory() as folder:
    with orbax.checkpoint.StandardCheckpointer() as checkpointer:
        checkpointer.save(f"{folder}/saved", {"kernel": jnp.ones((2, 3))})
    with orbax.checkpoint.StandardCheckpointer() as checkpointer:
        restored = checkpointer.restore(f"{folder}/saved", {"kernel": jnp.zeros((3, 2))})
assert restored["kernel"].tolist() == [[1, 1], [1, 1], [0, 0]]
