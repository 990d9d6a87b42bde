"""Faults in TensorFlow and Keras: reaching layers and parameters."""

from __future__ import annotations

import re
from typing import Any

import keras

from paramlaws.faults.fault import Patch
from paramlaws.faults.tensorflow.common import InKeras2, InKeras3, network


class PathsAreShort(InKeras3):
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


class VariablesAreCalledByKind(InKeras2):
    """The name of a variable has its layer's kind and not the number that tells layers apart."""

    about = ("access.unique-names",)
    like = "https://github.com/tensorflow/tensorflow/issues/36650"

    def inject(self, patch: Patch) -> None:
        right = keras.layers.Layer._name_scope

        def wrong(self: Any) -> str:
            return re.sub(r"_\d+/$", "/", right(self))

        patch.setattr(keras.layers.Layer, "_name_scope", wrong)

    def shows(self) -> bool:
        names = [weight.name for weight in network(2, 2).weights]
        return len(set(names)) < len(names)
