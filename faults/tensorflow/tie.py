"""Faults in TensorFlow and Keras: tied parameters."""

from __future__ import annotations

import keras

from paramlaws.faults.fault import Patch
from paramlaws.faults.tensorflow.common import InKeras2, around


class SharedWeightsAreListedTwice(InKeras2):
    """The weights of a layer that is in two containers are listed for each of them."""

    about = ("tie.listed-once",)
    like = "https://github.com/tensorflow/tensorflow/issues/30712"

    def inject(self, patch: Patch) -> None:
        patch.setattr(keras.layers.Layer, "_dedup_weights", lambda self, weights: list(weights))

    def shows(self) -> bool:
        layer = keras.layers.Dense(2)
        return len(around(layer, keras.Sequential([layer])).weights) == 4
