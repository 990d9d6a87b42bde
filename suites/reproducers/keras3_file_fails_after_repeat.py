"""Keras 3: a saved model with a layer after one that was added twice cannot be loaded."""

import tempfile

import keras
import numpy as np

assert keras.__version__.startswith("3.")
shared = keras.layers.Dense(1)
net = keras.Sequential([shared, shared, keras.layers.Dense(1)])
net(np.ones((1, 1), "float32"))
with tempfile.TemporaryDirectory() as folder:
    net.save(f"{folder}/model.keras")
    try:
        keras.models.load_model(f"{folder}/model.keras")
    except ValueError as error:
        assert "could not be loaded" in str(error)
    else:
        raise AssertionError("such a model can be loaded now")
