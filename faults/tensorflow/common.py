"""What the faults in TensorFlow and Keras share."""

from __future__ import annotations

import tempfile
from typing import Any

import keras

from paramlaws.faults.fault import Fault


class InKeras(Fault):
    """A fault in TensorFlow or Keras, that the same lines put into Keras 3 and into Keras 2."""

    suite = "tensorflow"
    also = ("tensorflow-keras2",)


class InKeras3(Fault):
    """A fault in what only Keras 3 has."""

    suite = "tensorflow"


class InKeras2(Fault):
    """A fault in what only Keras 2 has; its modules can be imported nowhere else."""

    suite = "tensorflow-keras2"


def network(*widths: int) -> Any:
    """Dense layers of these widths."""
    return keras.Sequential([keras.Input((2,)), *(keras.layers.Dense(width) for width in widths)])


def around(*blocks: Any) -> Any:
    """A container of these layers and containers."""
    return keras.Sequential([keras.Input((2,)), *blocks])


def through_file(net: Any, other: Any) -> Any:
    """The other network, with what a file of the first one's weights holds."""
    with tempfile.TemporaryDirectory() as folder:
        net.save_weights(f"{folder}/model.weights.h5")
        other.load_weights(f"{folder}/model.weights.h5")
    return other
