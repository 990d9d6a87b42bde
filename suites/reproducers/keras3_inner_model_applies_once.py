"""Keras 3: cloned, or loaded from HDF5, an inner model applies a repeated layer only once."""

import tempfile

import keras
import numpy as np

assert keras.__version__.startswith("3.")
shared = keras.layers.Dense(1, use_bias=False)
net = keras.Sequential([keras.Input((1,)), keras.Sequential([shared, shared])])
shared.set_weights([np.full((1, 1), 3, "float32")])
x = np.ones((1, 1), "float32")
assert float(net(x)[0, 0]) == 9

clone = keras.models.clone_model(net)
clone.set_weights(net.get_weights())
with tempfile.TemporaryDirectory() as folder:
    net.save(f"{folder}/model.h5")
    loaded = keras.models.load_model(f"{folder}/model.h5")
for other in (clone, loaded):
    assert np.array_equal(other.get_weights(), net.get_weights())
    assert float(other(x)[0, 0]) == 3
