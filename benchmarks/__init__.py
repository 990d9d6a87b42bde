"""Benchmarks: how long the suite takes, and how much of that is its overhead; see README.md."""
