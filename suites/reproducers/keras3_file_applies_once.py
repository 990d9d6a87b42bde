"""Keras 3: saved and loaded, a model applies a layer once that it applied twice."""

import tempfile

import keras
import numpy as np

assert keras.__version__.startswith("3.")
shared = keras.layers.Dense(1, use_bias=False)
net = keras.Sequential([keras.Input((1,)), shared, shared])
shared.set_weights([np.full((1, 1), 3, "float32")])
x = np.ones((1, 1), "float32")
assert float(net(x)[0, 0]) == 9

with tempfile.TemporaryDirectory() as folder:
    net.save(f"{folder}/model.keras")
    loaded = keras.models.load_model(f"{folder}/model.keras")
assert np.array_equal(loaded.get_weights(), net.get_weights())
assert len(loaded.layers) == 1
assert float(loaded(x)[0, 0]) == 3
