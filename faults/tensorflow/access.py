"""Faults in TensorFlow and Keras: reaching layers and parameters."""

from __future__ import annotations

from typing import Any

import keras

from paramlaws.faults.fault import Patch
from paramlaws.faults.tensorflow.common import InTensorFlow, network


class PathsAreShort(InTensorFlow):
    """The path of a variable has its last two parts only, without the layer's number."""

    about = ("access.unique-names",)
    like = "https://github.com/plaidml/plaidml/issues/130"

    def inject(self, patch: Patch) -> None:
        right = keras.Variable.path.fget
        assert right is not None

        def wrong(self: Any) -> str:
            parts = str(right(self)).split("/")[-2:]
            return "/".join(part.rstrip("0123456789_") for part in parts)

        patch.setattr(keras.Variable, "path", property(wrong))

    def shows(self) -> bool:
        paths = [weight.path for weight in network(2, 2).weights]
        return len(set(paths)) < len(paths)
