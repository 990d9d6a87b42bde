"""Keras 3: a model with a layer after one that was added twice cannot be copied."""

import copy

import keras
import numpy as np

assert keras.__version__.startswith("3.")
shared = keras.layers.Dense(1)
net = keras.Sequential([shared, shared, keras.layers.Dense(1)])
net(np.ones((1, 1), "float32"))
try:
    copy.deepcopy(net)
except ValueError as error:
    assert "could not be loaded" in str(error)
else:
    raise AssertionError("such a model can be copied now")
