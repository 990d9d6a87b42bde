"""Keras: one initialiser object that is given to two layers gives both the same weights."""

import warnings

import keras
import tensorflow as tf

# Keras 2 warns of it, Keras 3 does not.
warnings.simplefilter("ignore")
normal = keras.initializers.RandomNormal()
first = keras.layers.Dense(4, kernel_initializer=normal)
second = keras.layers.Dense(4, kernel_initializer=normal)
keras.Sequential([first, second])(tf.ones((1, 4)))
assert (first.kernel.numpy() == second.kernel.numpy()).all()
