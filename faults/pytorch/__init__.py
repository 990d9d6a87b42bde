"""Faults in PyTorch, by what goes wrong."""

from paramlaws.faults.pytorch import computing, initial, keeping, reaching  # noqa: F401 - for the faults
