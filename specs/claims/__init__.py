"""The claims, one module a group, stated in the order of the catalogue."""

from paramlaws.specs.claims import construct, access, value, gradient, listing, tie  # noqa: F401, I001 - the order states the claims

from paramlaws.specs.claim import CATALOGUE

__all__ = ["CATALOGUE"]
