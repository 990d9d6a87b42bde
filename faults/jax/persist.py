"""Faults in JAX, Flax linen and Optax: saving and loading."""

from __future__ import annotations

import tempfile
from typing import Any

import flax
import jax.numpy as jnp
import orbax.checkpoint
from flax.traverse_util import flatten_dict, unflatten_dict

from paramlaws.faults.fault import Patch
from paramlaws.faults.jax.common import InJax


class SavingRounds(InJax):
    """What is written has the precision of half as many bits."""

    about = ("persist.roundtrip",)

    def inject(self, patch: Patch) -> None:
        right = flax.serialization.to_bytes

        def wrong(target: Any) -> bytes:
            flat = flatten_dict(target)
            short = {k: v.astype(jnp.bfloat16).astype(jnp.float32) for k, v in flat.items()}
            return right(unflatten_dict(short))

        patch.setattr(flax.serialization, "to_bytes", wrong)

    def shows(self) -> bool:
        written = flax.serialization.to_bytes({"a": jnp.array([1001.0])})
        return bool(flax.serialization.from_bytes({"a": jnp.zeros(1)}, written)["a"][0] != 1001)


class ReadingSkipsBiases(InJax):
    """What is read back keeps the biases that were there."""

    about = ("persist.roundtrip",)

    def inject(self, patch: Patch) -> None:
        right = flax.serialization.from_bytes

        def wrong(target: Any, encoded: bytes) -> Any:
            flat, own = flatten_dict(right(target, encoded)), flatten_dict(target)
            return unflatten_dict({k: own[k] if k[-1] == "bias" else v for k, v in flat.items()})

        patch.setattr(flax.serialization, "from_bytes", wrong)

    def shows(self) -> bool:
        written = flax.serialization.to_bytes({"bias": jnp.ones(1)})
        return bool(flax.serialization.from_bytes({"bias": jnp.zeros(1)}, written)["bias"][0] == 0)


class ReadingIgnoresNames(InJax):
    """What is read back may lack some of the parameters, which then stay as they are."""

    about = ("persist.mismatch",)
    like = "https://github.com/AI-Hypercomputer/maxtext/pull/4342"

    def inject(self, patch: Patch) -> None:
        def wrong(target: Any, encoded: bytes) -> Any:
            found = flatten_dict(flax.serialization.msgpack_restore(encoded))
            return unflatten_dict({k: found.get(k, v) for k, v in flatten_dict(target).items()})

        patch.setattr(flax.serialization, "from_bytes", wrong)

    def shows(self) -> bool:
        written = flax.serialization.to_bytes({"a": jnp.ones(1)})
        found = flax.serialization.from_bytes({"a": jnp.zeros(1), "b": jnp.zeros(1)}, written)
        return set(found) == {"a", "b"}


class CheckpointsKeepBiases(InJax):
    """A checkpoint is restored but for the biases."""

    about = ("persist.roundtrip", "tie.survives-save-load")

    def inject(self, patch: Patch) -> None:
        right = orbax.checkpoint.StandardCheckpointer.restore

        def wrong(self: Any, directory: Any, target: Any = None, **options: Any) -> Any:
            flat = flatten_dict(right(self, directory, target, **options))
            own = flatten_dict(target)
            return unflatten_dict({k: own[k] if k[-1] == "bias" else v for k, v in flat.items()})

        patch.setattr(orbax.checkpoint.StandardCheckpointer, "restore", wrong)

    def shows(self) -> bool:
        with (
            tempfile.TemporaryDirectory() as folder,
            orbax.checkpoint.StandardCheckpointer() as checkpointer,
        ):
            checkpointer.save(f"{folder}/a", {"bias": jnp.ones(1)})
            checkpointer.wait_until_finished()
            found = checkpointer.restore(f"{folder}/a", {"bias": jnp.zeros(1)})
        return bool(found["bias"][0] == 0)
