"""Keras 3: a copy of a model applies a layer once that the model applies twice."""

import copy
import pickle

import keras
import numpy as np

assert keras.__version__.startswith("3.")
shared = keras.layers.Dense(1, use_bias=False)
net = keras.Sequential([keras.Input((1,)), shared, shared])
shared.set_weights([np.full((1, 1), 3, "float32")])
x = np.ones((1, 1), "float32")
assert float(net(x)[0, 0]) == 9

for other in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
    assert np.array_equal(other.get_weights(), net.get_weights())
    assert len(other.layers) == 1
    assert float(other(x)[0, 0]) == 3
