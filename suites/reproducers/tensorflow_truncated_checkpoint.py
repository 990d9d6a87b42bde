"""TensorFlow: reading a checkpoint whose data were cut short fails with a bare IndexError."""

import tempfile
from pathlib import Path

import keras
import tensorflow as tf

net = keras.Sequential([keras.Input((20,)), keras.layers.Dense(20)])
with tempfile.TemporaryDirectory() as folder:
    checkpoint = tf.train.Checkpoint(model=net)
    checkpoint.write(f"{folder}/net")
    (data,) = Path(folder).glob("net.data-*")
    data.write_bytes(data.read_bytes()[:1000])
    try:
        checkpoint.read(f"{folder}/net")
    except IndexError as error:
        assert str(error) == "Read less bytes than requested"
    else:
        raise AssertionError("what was cut short is read")
