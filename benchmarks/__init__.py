"""How long the suite takes, and what of that is its own; see README.md beside this."""
