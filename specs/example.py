"""What a claim is tried on, as a value that can be written down and pasted back."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from paramlaws.specs.architecture import (
    Activation,
    Architecture,
    Block,
    Compact,
    CustomBlock,
    Dense,
    Init,
)


@dataclass(frozen=True, repr=False)
class Example(Compact):
    """A network and what is done with it.

    architecture: the network.
    rows: number of rows of the input.
    seed: where the small-integer parameters, inputs and cotangent come from (`specs.values`).
    pick: which layer or parameter the claim acts on, counted round and round.
    """

    architecture: Architecture
    rows: int = 1
    seed: int = 0
    pick: int = 0

    @property
    def randomness(self) -> int:
        """The seed for what the framework draws itself."""
        return 64 * self.seed + self.pick


_WORDS = {
    word.__name__: word
    for word in (Example, Architecture, Dense, Activation, Block, Init, CustomBlock)
}


def parse(text: str) -> Example:
    """The example that `text` writes down; only calls of the seven classes and literals are read.

    Raises ValueError, naming the text, where it is anything else.
    """
    try:
        value = _evaluate(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"not an example: {text!r} ({error})") from error
    if not isinstance(value, Example):
        raise ValueError(f"not an example: {text!r}; it must read Example(Architecture(…), …)")
    return value


def _evaluate(node: ast.expr) -> object:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _WORDS:
        positional = [_evaluate(argument) for argument in node.args]
        named = {word.arg: _evaluate(word.value) for word in node.keywords if word.arg}
        return _WORDS[node.func.id](*positional, **named)  # type: ignore[arg-type]
    if isinstance(node, ast.Tuple):
        return tuple(_evaluate(element) for element in node.elts)
    return ast.literal_eval(node)
