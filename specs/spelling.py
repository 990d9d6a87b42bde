"""How a framework spells a network, so that a counterexample can be shown in its own code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from paramlaws.specs.architecture import Dense


@dataclass(frozen=True)
class Spelling:
    """The pieces of a script that builds a network and runs it; each is text in the script.

    imports: what comes first, imports and helpers.
    numpy: the name that these give NumPy.
    layer: from a variable's name, the layer that it is to hold, the layer's input width or None
        where it is left out, and, by role ("weight", "bias"), the variables of earlier layers
        whose parameters it shares, to the statements that make the layer.
    container: a container of entries, with `{}` in place of these, separated by commas.
    activation: an activation as an entry, with `{}` or `{!r}` in place of its kind, where needed.
    fused: whether `layer` says a layer's own activation; otherwise it becomes an entry behind it.
    then: what is done with the network `net`, its input `x` and the gradient `slope` of the loss
        by its output, both float32 arrays of NumPy: run it forwards and backwards and print
        "output", and each parameter with its "gradient".
    outermost: from the entries and the width of the input, None where it is left out, to the
        outermost container; None where it is like the others.
    """

    imports: str
    numpy: str
    layer: Callable[[str, Dense, int | None, Mapping[str, str]], Sequence[str]]
    container: str
    activation: str
    fused: bool
    then: str
    outermost: Callable[[Sequence[str], int | None], str] | None = None
