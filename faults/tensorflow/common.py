"""What the faults in TensorFlow and Keras share."""

from __future__ import annotations

import tempfile
from typing import Any

import keras

from paramlaws.faults.fault import Fault


class InTensorFlow(Fault):
    """A fault in TensorFlow or Keras."""

    suite = "tensorflow"


def network(*widths: int) -> Any:
    """Dense layers of these widths."""
    return keras.Sequential([keras.Input((2,)), *(keras.layers.Dense(width) for width in widths)])


def through_file(net: Any, other: Any) -> Any:
    """The other network, with what a file of the first one's weights holds."""
    with tempfile.TemporaryDirectory() as folder:
        net.save_weights(f"{folder}/model.weights.h5")
        other.load_weights(f"{folder}/model.weights.h5")
    return other
