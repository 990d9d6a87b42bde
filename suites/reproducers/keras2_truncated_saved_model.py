"""Keras 2: loading a SavedModel whose files were left empty fails with a bare IndexError."""

import tempfile
from pathlib import Path

import keras

net = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
with tempfile.TemporaryDirectory() as folder:
    net.save(f"{folder}/net")
    for file in Path(folder).rglob("*.pb"):
        file.write_bytes(b"")
    try:
        keras.models.load_model(f"{folder}/net")
    except IndexError as error:
        assert str(error) == "list index out of range"
    else:
        raise AssertionError("what was left empty is loaded")
