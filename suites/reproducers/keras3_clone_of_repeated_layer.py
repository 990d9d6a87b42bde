"""Keras 3 before 3.3.3: a network with a layer added twice cannot be cloned."""

import keras
import numpy as np

shared = keras.layers.Dense(1)
model = keras.Sequential([keras.Input((1,)), shared, shared])
model(np.ones((1, 1), "float32"))
try:
    keras.models.clone_model(model)
except ValueError as error:
    assert "should have unique names" in str(error)
else:
    raise AssertionError("such a model can be cloned now")
