"""What is right: architectures, their reference semantics, and the catalogue of claims.

Nothing here imports or names a deep-learning framework.
"""
