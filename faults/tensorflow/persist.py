"""Faults in TensorFlow and Keras: saving and loading."""

from __future__ import annotations

import tempfile
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from paramlaws.faults.fault import Patch
from paramlaws.faults.tensorflow.common import InKeras, InKeras2, around, network, through_file


class SavingRounds(InKeras):
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


class LoadingSkipsBiases(InKeras):
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


class LoadingSkipsWhatDoesNotFit(InKeras):
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


class NothingNeedsToBeConsumed(InKeras):
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


class AssigningRounds(InKeras):
    """What is assigned has the precision of half as many bits."""

    about = ("persist.roundtrip", "assign.everything", "value.explicit-read")

    def inject(self, patch: Patch) -> None:
        kind = type(network(1).layers[0].bias)
        right = kind.assign

        def wrong(self: Any, value: Any, *arguments: Any, **options: Any) -> Any:
            short = tf.cast(tf.cast(value, "bfloat16"), "float32")
            return right(self, short, *arguments, **options)

        patch.setattr(kind, "assign", wrong)

    def shows(self) -> bool:
        net = network(2)
        net.layers[0].bias.assign([1001.0, 0.0])
        return bool(net.layers[0].bias.numpy()[0] != 1001)


def _as_a_whole(net: Any, name: str) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        net.save(f"{folder}/{name}")
        return keras.models.load_model(f"{folder}/{name}")


class LegacyFilesLeaveOutBlocks(InKeras2):
    """From a file in the legacy HDF5 format, inner containers are loaded without their weights."""

    about = ("persist.roundtrip", "tie.survives-save-load")
    like = "https://github.com/keras-team/keras/issues/12907"

    def inject(self, patch: Patch) -> None:
        from keras.src.saving.legacy import hdf5_format

        right = hdf5_format.load_weights_from_hdf5_group

        def wrong(file: Any, model: Any) -> None:
            inner = [layer for layer in model.layers if isinstance(layer, keras.Model)]
            kept = [(weight, weight.numpy()) for layer in inner for weight in layer.weights]
            right(file, model)
            for weight, value in kept:
                weight.assign(value)

        patch.setattr(hdf5_format, "load_weights_from_hdf5_group", wrong)

    def shows(self) -> bool:
        net = around(keras.Sequential([keras.layers.Dense(2)]))
        there = _as_a_whole(net, "model.h5")
        return bool((there.get_weights()[0] != net.get_weights()[0]).any())


class SavedModelsLoseBiases(InKeras2):
    """From a SavedModel, biases come back as zeros."""

    about = ("persist.roundtrip", "tie.survives-save-load")

    def inject(self, patch: Patch) -> None:
        from keras.src.saving.legacy.saved_model import load

        right = load.load

        def wrong(*arguments: Any, **options: Any) -> Any:
            model = right(*arguments, **options)
            for weight in model.weights:
                if "bias" in weight.name:
                    weight.assign(tf.zeros_like(weight))
            return model

        patch.setattr(load, "load", wrong)

    def shows(self) -> bool:
        net = network(2)
        net.layers[0].bias.assign([1.0, 1.0])
        return not _as_a_whole(net, "model").layers[0].bias.numpy().any()


class WeightsOfBlocksAreGivenLast(InKeras2):
    """`get_weights` gives those of inner containers last, and `set_weights` takes them in order."""

    about = ("persist.partial", "tie.survives-copy")
    like = "https://github.com/google-parfait/tensorflow-federated/issues/258"

    def inject(self, patch: Patch) -> None:
        def wrong(self: Any) -> Any:
            layers = sorted(self.layers, key=lambda layer: isinstance(layer, keras.Model))
            weights = {id(w): w for layer in layers for w in layer.weights}
            return [weight.numpy() for weight in weights.values()]

        patch.setattr(keras.Sequential, "get_weights", wrong, raising=False)

    def shows(self) -> bool:
        net = around(keras.Sequential([keras.layers.Dense(3)]), keras.layers.Dense(2))
        given = [value.shape for value in net.get_weights()]
        return given != [tuple(weight.shape) for weight in net.weights]
