"""Keras 3.5: a Sequential without an Input cannot begin with another one."""

import keras

try:
    keras.Sequential([keras.Sequential([keras.layers.Dense(1)])])
except ValueError as error:
    assert "has no defined input shape yet" in str(error)
else:
    raise AssertionError("such a model can be made now")
