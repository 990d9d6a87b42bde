"""Faults in TensorFlow and Keras: saving and loading."""

from __future__ import annotations

import tempfile
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from paramlaws.faults.fault import Patch
from paramlaws.faults.tensorflow.common import InTensorFlow, network, through_file


class SavingRounds(InTensorFlow):
    """What a layer saves has the precision of half as many bits."""

    about = ("persist.roundtrip",)

    def inject(self, patch: Patch) -> None:
        right = keras.layers.Dense.save_own_variables

        def wrong(self: Any, store: Any) -> None:
            kept: dict[str, Any] = {}
            right(self, kept)
            for name, value in kept.items():
                store[name] = np.asarray(value).astype(np.float16).astype(np.float32)

        patch.setattr(keras.layers.Dense, "save_own_variables", wrong)

    def shows(self) -> bool:
        net = network(30)
        there = through_file(net, network(30))
        return bool((there.get_weights()[0] != net.get_weights()[0]).any())


class LoadingSkipsBiases(InTensorFlow):
    """Loading a layer leaves its bias as it is."""

    about = ("persist.roundtrip", "tie.survives-save-load")
    like = "https://github.com/keras-team/keras/issues/10777"

    def inject(self, patch: Patch) -> None:
        right = keras.layers.Dense.load_own_variables

        def wrong(self: Any, store: Any) -> None:
            kept = None if self.bias is None else self.bias.numpy()
            right(self, store)
            if kept is not None:
                self.bias.assign(kept)

        patch.setattr(keras.layers.Dense, "load_own_variables", wrong)

    def shows(self) -> bool:
        net = network(2)
        net.layers[0].bias.assign([1.0, 1.0])
        return not through_file(net, network(2)).layers[0].bias.numpy().any()


class LoadingSkipsWhatDoesNotFit(InTensorFlow):
    """Weights of another shape are left out without an error."""

    about = ("persist.mismatch",)

    def inject(self, patch: Patch) -> None:
        right = keras.Model.load_weights

        def wrong(self: Any, filepath: Any, **options: Any) -> None:
            right(self, filepath, skip_mismatch=True)

        patch.setattr(keras.Model, "load_weights", wrong)

    def shows(self) -> bool:
        through_file(network(2), network(3))
        return True


def _status() -> type:
    """What tells of a checkpoint that was read."""
    with tempfile.TemporaryDirectory() as folder:
        tf.train.Checkpoint(a=tf.Variable(1.0)).write(f"{folder}/a")
        return type(tf.train.Checkpoint(a=tf.Variable(1.0)).read(f"{folder}/a"))


class NothingNeedsToBeConsumed(InTensorFlow):
    """A checkpoint that lacks a variable is loaded without an error."""

    about = ("persist.mismatch",)

    def inject(self, patch: Patch) -> None:
        status = _status()
        patch.setattr(status, "assert_consumed", lambda self: self)

    def shows(self) -> bool:
        with tempfile.TemporaryDirectory() as folder:
            tf.train.Checkpoint(model=network(2)).write(f"{folder}/a")
            tf.train.Checkpoint(model=network(2, 2)).read(f"{folder}/a").assert_consumed()
        return True


class AssigningRounds(InTensorFlow):
    """What is assigned has the precision of half as many bits."""

    about = (
        "assign.everything",
        "value.explicit-read",
        "access.layer-by-index",
        "persist.roundtrip",
    )

    def inject(self, patch: Patch) -> None:
        right = keras.Variable.assign

        def wrong(self: Any, value: Any) -> Any:
            return right(self, tf.cast(tf.cast(value, "bfloat16"), "float32"))

        patch.setattr(keras.Variable, "assign", wrong)

    def shows(self) -> bool:
        net = network(2)
        net.layers[0].bias.assign([1001.0, 0.0])
        return bool(net.layers[0].bias.numpy()[0] != 1001)
