"""Faults in TensorFlow and Keras: building networks and computing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from paramlaws.faults.fault import Patch
from paramlaws.faults.tensorflow.common import InKeras, InKeras2, network


def _called(
    patch: Patch, kernel: Callable[[Any, Any], Any], bias: Callable[[Any, Any], Any]
) -> None:
    """Has dense layers compute with other kernels and biases."""

    def wrong(self: Any, inputs: Any, training: Any = None) -> Any:
        x = tf.matmul(inputs, kernel(self, inputs))
        if self.bias is not None:
            x = x + bias(self, inputs)
        return x if self.activation is None else self.activation(x)

    patch.setattr(keras.layers.Dense, "call", wrong)


class SingleRowsLoseTheBias(InKeras):
    """A batch of one row is computed without the bias."""

    about = ("construct.forward-value",)

    def inject(self, patch: Patch) -> None:
        def bias(layer: Any, inputs: Any) -> Any:
            return tf.convert_to_tensor(layer.bias) * (0.0 if inputs.shape[0] == 1 else 1.0)

        _called(patch, lambda layer, _: tf.convert_to_tensor(layer.kernel), bias)

    def shows(self) -> bool:
        net = network(2)
        net.layers[0].bias.assign([1.0, 1.0])
        return not net(np.zeros((1, 2), np.float32)).numpy().any()


class SquareKernelsAreTransposed(InKeras):
    """A layer whose kernel is square applies it transposed."""

    about = ("construct.forward-value",)

    def inject(self, patch: Patch) -> None:
        def kernel(layer: Any, _: Any) -> Any:
            value = tf.convert_to_tensor(layer.kernel)
            return tf.transpose(value) if value.shape[0] == value.shape[1] else value

        _called(patch, kernel, lambda layer, _: tf.convert_to_tensor(layer.bias))

    def shows(self) -> bool:
        net, kernel = network(2), np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)
        net.layers[0].kernel.assign(kernel)
        return bool((net(np.eye(2, dtype=np.float32)).numpy() == kernel.T).all())


class UnbuiltContainersHaveNoWeights(InKeras2):
    """Asked for its weights before it has any, a container answers with none, without an error."""

    about = ("construct.before-first-forward",)
    like = "https://github.com/tensorflow/tensorflow/issues/26948"

    def inject(self, patch: Patch) -> None:
        for kind in (keras.Sequential, keras.Model):
            patch.setattr(kind, "_assert_weights_created", lambda self: None)

    def shows(self) -> bool:
        return keras.Sequential([keras.layers.Dense(2)]).weights == []
