"""How a network is written in a framework's own code, for showing counterexamples."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from paramlaws.specs.architecture import Dense


@dataclass(frozen=True)
class Spelling:
    """The pieces of a script that builds a network and runs it.

    imports: the script's opening, imports and helpers.
    numpy: the name by which these import NumPy.
    layer: returns the statements that make a layer. Its arguments are the variable to assign, the
        layer, the input width or None if it is left out, and by role ("weight", "bias") the
        variables of earlier layers whose parameters it shares.
    container: a container, with `{}` for its entries, separated by commas.
    activation: an activation as an entry, with `{}` or `{!r}` for its kind, where needed.
    fused: whether `layer` includes a layer's own activation; otherwise it becomes the next entry.
    then: runs the network `net` forwards and backwards, and prints "output", and each parameter
        with its "gradient". The input `x` and the gradient `slope` of the loss with respect to
        the output are float32 arrays of NumPy.
    outermost: returns the outermost container from its entries and the input width, None if that
        is left out. None if the outermost container is like the others.
    """

    imports: str
    numpy: str
    layer: Callable[[str, Dense, int | None, Mapping[str, str]], Sequence[str]]
    container: str
    activation: str
    fused: bool
    then: str
    outermost: Callable[[Sequence[str], int | None], str] | None = None
