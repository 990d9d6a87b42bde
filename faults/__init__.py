"""Faults put into the real frameworks, to measure what the claims catch."""
