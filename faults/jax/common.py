"""What the faults in JAX and Flax share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from flax import linen as nn

from paramlaws.faults.fault import Fault, Patch

X = jnp.ones((1, 2))


class InJax(Fault):
    """A fault in JAX or Flax."""

    suite = "jax"


def network(*widths: int) -> tuple[nn.Sequential, Any]:
    """Dense layers of these widths, and their variables."""
    module = nn.Sequential([nn.Dense(width) for width in widths])
    return module, module.init(jax.random.key(0), X)


def kernel(variables: Any, layer: int = 0) -> Any:
    """The kernel of one of the layers."""
    return variables["params"][f"layers_{layer}"]["kernel"]


def change_parameters(
    patch: Patch, changed: str, change: Callable[[Any], Any], drawn_by: Any = None
) -> None:
    """Changes the initial values of the parameters of a name, or of those from one initialiser."""
    right = nn.Module.param

    def wrong(self: Any, name: str, init_fn: Any, *arguments: Any, **options: Any) -> Any:
        def drawn(*given: Any, **named: Any) -> Any:
            value = init_fn(*given, **named)
            chosen = name == changed and drawn_by in (None, init_fn)
            return change(value) if chosen else value

        return right(self, name, drawn, *arguments, **options)

    patch.setattr(nn.Module, "param", wrong)
