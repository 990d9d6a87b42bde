"""Faults in TensorFlow and Keras: gradients."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from paramlaws.faults.fault import Patch
from paramlaws.faults.tensorflow.common import InKeras, network


class FrozenLayersTrain(InKeras):
    """What is not trainable is among the trainable variables."""

    about = ("gradient.frozen",)
    like = "https://github.com/keras-team/keras/issues/4674"

    def inject(self, patch: Patch) -> None:
        patch.setattr(
            keras.Sequential, "trainable_variables", property(lambda self: self.variables)
        )

    def shows(self) -> bool:
        net = network(2)
        net.layers[0].trainable = False
        return len(net.trainable_variables) == 2


class GradientsAreRounded(InKeras):
    """Gradients have the precision of half as many bits."""

    about = ("gradient.value",)

    def inject(self, patch: Patch) -> None:
        right = tf.GradientTape.gradient

        def wrong(self: Any, target: Any, sources: Any, **options: Any) -> Any:
            found = right(self, target, sources, **options)
            return [g if g is None else tf.cast(tf.cast(g, "bfloat16"), "float32") for g in found]

        patch.setattr(tf.GradientTape, "gradient", wrong)

    def shows(self) -> bool:
        variable = tf.Variable(1.0)
        with tf.GradientTape() as tape:
            y = 1001.0 * variable
        return bool(tape.gradient(y, [variable])[0] != 1001)
