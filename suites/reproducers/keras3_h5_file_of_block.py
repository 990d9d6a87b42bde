"""Keras 3 before 3.3: a block with two layers cannot be saved in the legacy HDF5 format."""

import tempfile

import keras

block = keras.Sequential([keras.layers.Dense(1), keras.layers.Dense(1)])
model = keras.Sequential([keras.Input((1,)), block])
with tempfile.TemporaryDirectory() as folder:
    try:
        model.save(f"{folder}/model.h5")
    except ValueError as error:
        assert "name already exists" in str(error)
    else:
        raise AssertionError("such a model can be saved now")
