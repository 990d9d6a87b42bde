"""Keras 3 lists and applies a layer as often as it was added; Keras 2 listed it once."""

import keras
import numpy as np

shared = keras.layers.Dense(1, use_bias=False)
net = keras.Sequential([shared, shared])
x = np.ones((1, 1), "float32")
net(x)
shared.set_weights([np.full((1, 1), 2, "float32")])

once_listed, once_applied = len(net.layers) == 1, float(np.asarray(net(x))[0, 0]) == 2
if keras.__version__.startswith("3."):
    assert not once_listed and not once_applied
else:
    assert once_listed and once_applied
