"""Faults in PyTorch, in modules named like the groups of claims that catch them."""

from paramlaws.faults.pytorch import (  # noqa: F401 - for the faults
    access,
    assign,
    construct,
    gradient,
    init,
    listing,
    persist,
    tie,
    train,
)
