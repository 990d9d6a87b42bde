"""Faults in JAX, Flax linen and Optax: giving parameters values."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
from flax import linen as nn

from paramlaws.faults.fault import Patch
from paramlaws.faults.jax.common import InJax, X, network


class StaleParametersAreApplied(InJax):
    """A module computes with the parameters that it was applied to first, but for gradients."""

    about = ("assign.everything",)
    like = "https://github.com/PlasmaControl/DESC/pull/310"

    def inject(self, patch: Patch) -> None:
        right = nn.Module.apply
        first: dict[int, tuple[Any, Any]] = {}

        def wrong(self: Any, variables: Any, *arguments: Any, **options: Any) -> Any:
            if any(isinstance(leaf, jax.core.Tracer) for leaf in jax.tree.leaves(variables)):
                return right(self, variables, *arguments, **options)
            _, kept = first.setdefault(id(self), (self, variables))
            return right(self, kept, *arguments, **options)

        patch.setattr(nn.Module, "apply", wrong)

    def shows(self) -> bool:
        module, variables = network(2)
        before = module.apply(variables, X)
        after = module.apply(jax.tree_util.tree_map(lambda leaf: leaf + 1, variables), X)
        return bool((before == after).all())


class WritingAnElementWritesItsRow(InJax):
    """Setting one element of a matrix sets the whole row."""

    about = ("assign.everything",)

    def inject(self, patch: Patch) -> None:
        reference = type(jnp.zeros(1).at[0])
        right = reference.set

        def wrong(self: Any, values: Any, **options: Any) -> Any:
            row = isinstance(self.index, tuple) and len(self.index) == 2
            return right(self.array.at[self.index[0]] if row else self, values, **options)

        patch.setattr(reference, "set", wrong)

    def shows(self) -> bool:
        return bool(jnp.zeros((2, 2)).at[0, 0].set(1)[0, 1] == 1)
