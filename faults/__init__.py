"""Faults to inject into the real frameworks, for measuring what the claims catch."""
