"""Keras: a layer that two inner models share is two in a clone, and a copy cannot be loaded."""

import copy

import keras
import numpy as np

shared = keras.layers.Dense(1)
net = keras.Sequential([keras.Sequential([shared]), keras.Sequential([shared])])
x = np.ones((1, 1), "float32")
net(x)
assert len(net.weights) == 2

clone = keras.models.clone_model(net)
clone(x)
assert len(clone.weights) == 4

try:
    copy.deepcopy(net)
except ValueError as error:
    assert "load" in str(error)
else:
    raise AssertionError("a model with a layer shared between blocks can be copied now")
