"""The claims, one module a group, stated in the order of the catalogue."""

# The order of these imports is that in which the claims are stated.
# isort: off
from paramlaws.specs.claims import (  # noqa: F401 - for the claims that they state
    construct,
    access,
    value,
    gradient,
    listing,
    nested,
    init,
    assign,
    tie,
    tie_survives,
    tie_embedding,
    persist,
    train,
    transfer,
)
from paramlaws.specs.claim import CATALOGUE

__all__ = ["CATALOGUE"]
