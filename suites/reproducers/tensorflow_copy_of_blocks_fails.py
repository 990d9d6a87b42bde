"""Keras: a model with a layer that two inner models share cannot be copied."""

import copy

import keras
import numpy as np

shared = keras.layers.Dense(1)
blocks = keras.Sequential([shared]), keras.Sequential([shared])
net = keras.Sequential([keras.Input((1,)), *blocks])
net(np.ones((1, 1), "float32"))
try:
    copy.deepcopy(net)
except ValueError as error:
    assert "load" in str(error)
else:
    raise AssertionError("a model with a layer shared between blocks can be copied now")
