"""The claims, one module per group, in the order of the catalogue."""

# These imports state the claims, so their order is that of the catalogue.
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
