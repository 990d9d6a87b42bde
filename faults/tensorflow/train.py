"""Faults in TensorFlow and Keras: optimiser steps."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from paramlaws.faults.fault import Patch
from paramlaws.faults.tensorflow.common import InKeras, network


class StepIsHalved(InKeras):
    """The optimiser takes half a step."""

    about = ("train.step",)

    def inject(self, patch: Patch) -> None:
        right = keras.optimizers.SGD.__init__

        def wrong(self: Any, learning_rate: float = 0.01, **options: Any) -> None:
            right(self, learning_rate=learning_rate / 2, **options)

        patch.setattr(keras.optimizers.SGD, "__init__", wrong)

    def shows(self) -> bool:
        bias = network(1).layers[0].bias
        keras.optimizers.SGD(learning_rate=1.0).apply_gradients([(tf.ones(1), bias)])
        return bool(bias.numpy()[0] == -0.5)
