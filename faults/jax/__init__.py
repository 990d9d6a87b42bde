"""Faults in JAX and Flax linen, in modules named like the groups of claims that catch them."""

from paramlaws.faults.jax import (  # noqa: F401 - for the faults
    access,
    assign,
    construct,
    gradient,
    init,
    persist,
    tie,
    train,
)
