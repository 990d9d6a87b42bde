"""Faults in MXNet's Gluon, by what goes wrong."""

from paramlaws.faults.mxnet import computing, initial, keeping, reaching  # noqa: F401 - for the faults
