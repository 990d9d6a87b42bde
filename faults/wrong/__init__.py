"""Deliberately wrong variants of the reference suite, by the claim that must catch them.

Each is also a fault in the reference's framework, which is NumPy.
"""

from functools import partial

from paramlaws.faults.fault import register
from paramlaws.faults.wrong import (
    access,
    basics,
    change,
    gradient,
    init,
    persist,
    rare,
    tie,
    transfer,
)
from paramlaws.faults.wrong.variants import WRONG, Variant

for _claim, _variant in WRONG:
    register(Variant.suite, partial(Variant, _claim, _variant))

__all__ = [
    "WRONG",
    "access",
    "basics",
    "change",
    "gradient",
    "init",
    "persist",
    "rare",
    "tie",
    "transfer",
]
