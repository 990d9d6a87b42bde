"""Keras: a layer that two inner models share is two in a clone."""

import keras
import numpy as np

shared = keras.layers.Dense(1)
blocks = keras.Sequential([shared]), keras.Sequential([shared])
net = keras.Sequential([keras.Input((1,)), *blocks])
x = np.ones((1, 1), "float32")
net(x)
assert len(net.weights) == 2

clone = keras.models.clone_model(net)
clone(x)
assert len(clone.weights) == 4
