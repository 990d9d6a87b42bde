"""Keras 2: the same list of layers is another network with an Input in front than without."""

import keras
import numpy as np

x = np.ones((1, 1), "float32")


def output(*front: object) -> float:
    """What the network gives for 1 when the shared layer doubles."""
    shared = keras.layers.Dense(1, use_bias=False)
    net = keras.Sequential([*front, shared, shared])
    net(x)
    shared.set_weights([np.full((1, 1), 2, "float32")])
    assert len(net.layers) == 1
    return float(net(x)[0, 0])


assert keras.__version__.startswith("2.")
assert output() == 2  # the layer is applied once
assert output(keras.Input((1,))) == 4  # and here twice, though it is listed once

shared = keras.layers.Dense(1, use_bias=False)
net = keras.Sequential([keras.Input((1,)), keras.Sequential([shared, shared])])
shared.set_weights([np.full((1, 1), 2, "float32")])
assert float(net(x)[0, 0]) == 2  # inside another Sequential, once again
