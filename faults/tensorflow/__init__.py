"""Faults in TensorFlow and Keras, in modules named like the groups of claims that catch them."""

from paramlaws.faults.tensorflow import (  # noqa: F401 - for the faults
    access,
    construct,
    gradient,
    init,
    listing,
    persist,
    tie,
    train,
)
