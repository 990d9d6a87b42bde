"""Faults in TensorFlow and Keras: all parameters at once."""

from __future__ import annotations

import keras

from paramlaws.faults.fault import Patch
from paramlaws.faults.tensorflow.common import InTensorFlow, network


class ListingOmitsSingleNumbers(InTensorFlow):
    """Weights of one element are not listed."""

    about = ("listing.count",)

    def inject(self, patch: Patch) -> None:
        right = keras.layers.Layer.weights.fget
        assert right is not None
        patch.setattr(
            keras.Sequential,
            "weights",
            property(lambda self: [w for w in right(self) if w.shape != (1,)]),
            raising=False,
        )

    def shows(self) -> bool:
        return len(network(1).weights) == 1
