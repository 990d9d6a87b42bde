"""Deliberately wrong variants of the reference suite, in modules named like the groups of claims.

Each names the claim that must catch it, and is a fault in the reference's framework (`numpy_net`).
"""

from functools import partial

from paramlaws.faults.fault import register
from paramlaws.faults.wrong import (  # noqa: F401 - for the variants
    access,
    assign,
    construct,
    gradient,
    init,
    listing,
    nested,
    persist,
    tie,
    tie_embedding,
    tie_survives,
    train,
    transfer,
    value,
)
from paramlaws.faults.wrong.variants import WRONG, Variant

for _claim, _variant in WRONG:
    register(Variant.suite, partial(Variant, _claim, _variant))

__all__ = ["WRONG"]
