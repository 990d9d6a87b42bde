"""Keras: weights of a network with an extra layer load without an error or a warning."""

import tempfile
import warnings

import keras

warnings.simplefilter("error")
# Keras 3.15 hands its variables to h5py in a way that NumPy 2 warns of.
warnings.filterwarnings("ignore", "__array__", DeprecationWarning)
# Keras 2.12 draws its seeds from randint(1, 1e9).
warnings.filterwarnings("ignore", "non-integer arguments", DeprecationWarning)
long = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1), keras.layers.Dense(1)])
short = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
with tempfile.TemporaryDirectory() as folder:
    long.save_weights(f"{folder}/long.weights.h5")
    short.load_weights(f"{folder}/long.weights.h5")
assert short.get_weights()[0] == long.get_weights()[0]
