"""Keras 3: a network with a layer added twice cannot be saved in the legacy HDF5 format."""

import tempfile

import keras

shared = keras.layers.Dense(2)
model = keras.Sequential([keras.Input((2,)), shared, shared])
with tempfile.TemporaryDirectory() as folder:
    try:
        model.save(f"{folder}/model.h5")
    except ValueError as error:
        refused = "name already exists" in str(error)
assert refused
