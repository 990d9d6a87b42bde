"""The adapters of the frameworks, and what is known about each framework."""
