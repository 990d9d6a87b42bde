"""Faults in TensorFlow and Keras: all parameters at once."""

from __future__ import annotations

from typing import Any

import keras

from paramlaws.faults.fault import Patch
from paramlaws.faults.tensorflow.common import InKeras, InKeras2, around, network


class ListingOmitsSingleNumbers(InKeras):
    """Weights of one element are not listed."""

    about = ("listing.count",)

    def inject(self, patch: Patch) -> None:
        right = keras.Sequential.weights.fget
        assert right is not None
        patch.setattr(
            keras.Sequential,
            "weights",
            property(lambda self: [w for w in right(self) if w.shape != (1,)]),
            raising=False,
        )

    def shows(self) -> bool:
        return len(network(1).weights) == 1


class SummaryIsFlat(InKeras2):
    """The summary does not show what is in inner containers, although it is asked to."""

    about = ("listing.summary",)
    like = "https://github.com/keras-team/keras/issues/15250"

    def inject(self, patch: Patch) -> None:
        from keras.src.utils import layer_utils

        right = layer_utils.print_summary

        def wrong(model: Any, **options: Any) -> None:
            right(model, **{**options, "expand_nested": False})

        patch.setattr(layer_utils, "print_summary", wrong)

    def shows(self) -> bool:
        lines: list[str] = []
        around(keras.Sequential([keras.layers.Dense(2)])).summary(
            expand_nested=True, print_fn=lines.append
        )
        return "(Dense)" not in "".join(lines)
