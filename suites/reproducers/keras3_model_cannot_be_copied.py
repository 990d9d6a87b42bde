"""Keras 3 before 3.3: no model can be copied, or pickled."""

import copy
import pickle

import keras
import numpy as np

model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model(np.ones((1, 1), "float32"))
for way, refusals in {copy.deepcopy: (ValueError, TypeError), pickle.dumps: AttributeError}.items():
    try:
        way(model)
    except refusals as error:
        print(error)
    else:
        raise AssertionError("a model can be copied now")
