"""Keras 2: an unbuilt Sequential answers the question for its weights with an error."""

import keras

assert keras.__version__.startswith("2.")
try:
    keras.Sequential([keras.layers.Dense(1)]).weights  # noqa: B018 - the question is the point
except ValueError as error:
    assert "have not yet been created" in str(error)
else:
    raise AssertionError("the weights of an unbuilt model can be asked for now")
