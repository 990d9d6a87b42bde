"""Deliberately wrong variants of the reference suite, by the claim that must catch them."""

from tests.wrong import access, basics, change, gradient, init, persist, tie, transfer
from tests.wrong.variants import WRONG

__all__ = ["WRONG", "access", "basics", "change", "gradient", "init", "persist", "tie", "transfer"]
