"""Examples: what a claim is tried on, as values that can be written down and pasted back."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from paramlaws.specs.architecture import (
    Activation,
    Architecture,
    Block,
    Compact,
    CustomBlock,
    Dense,
    Init,
)
from paramlaws.specs.nearest import nearest


@dataclass(frozen=True, repr=False)
class Example(Compact):
    """A network and what is done with it.

    architecture: the network.
    rows: number of rows of the input.
    seed: the seed of the small-integer parameters, input and cotangent (`specs.values`).
    pick: which layer or parameter the claim acts on, modulo their number.
    """

    architecture: Architecture
    rows: int = 1
    seed: int = 0
    pick: int = 0

    @property
    def randomness(self) -> int:
        """The seed for the framework's own random numbers."""
        return 64 * self.seed + self.pick


_WORDS = {
    word.__name__: word
    for word in (Example, Architecture, Dense, Activation, Block, Init, CustomBlock)
}
#: The least value of a field.
_LEAST = {"units": 1, "inputs": 1, "rows": 1, "seed": 0, "pick": 0}
_CHOICES: dict[tuple[type, str], tuple[str, ...]] = {
    (Dense, "activation"): ("relu",),
    (Activation, "kind"): ("relu",),
    (Init, "kind"): ("normal", "constant", "xavier", "strange", "custom"),
}


def parse(text: str) -> Example:
    """The example that `text` describes; only literals and calls of the seven classes are read.

    Raises ValueError, naming the text, if it contains anything else.
    """
    try:
        value = _evaluate(ast.parse(text.strip(), mode="eval").body)
    except SyntaxError as error:
        raise ValueError(f"not an example: {text!r} ({error.msg})") from error
    except (AttributeError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"not an example: {text!r} ({error})") from error
    if not isinstance(value, Example):
        raise ValueError(f"not an example: {text!r}; it must read Example(Architecture(…), …)")
    return value


def _evaluate(node: ast.expr) -> object:
    if isinstance(node, ast.Call):
        kind = _kind(node.func)
        if any(word.arg is None for word in node.keywords):
            raise ValueError(f"write out what stands behind ** in {ast.unparse(node)}")
        positional = [_evaluate(argument) for argument in node.args]
        named = {word.arg: _evaluate(word.value) for word in node.keywords if word.arg}
        return _made(kind, positional, named)
    if isinstance(node, ast.Name):
        raise ValueError(f"{node.id!r} is neither a number nor in quotes")
    if isinstance(node, ast.List):
        raise ValueError(f"write a tuple, as in (Dense(1),), instead of {ast.unparse(node)}")
    if isinstance(node, ast.Tuple):
        return tuple(_evaluate(element) for element in node.elts)
    try:
        return ast.literal_eval(node)
    except ValueError as error:
        said = ast.unparse(node)
        raise ValueError(
            f"{said!r} cannot be read; only {', '.join(_WORDS)}, tuples, numbers, texts, True, "
            "False and None may be written"
        ) from error


def _kind(node: ast.expr) -> type:
    name = ast.unparse(node)
    if name not in _WORDS:
        raise ValueError(f"there is no {name!r}; {nearest(name, _WORDS)}")
    return _WORDS[name]


def _made(kind: type, positional: Sequence[object], named: Mapping[str, object]) -> object:
    """The value of a call whose arguments were checked by name, number and type."""
    types = _types(kind)
    known = list(types)
    if len(positional) > len(known):
        raise ValueError(f"{kind.__name__} takes {', '.join(known)}, and no more than these")
    given = dict(zip(known, positional, strict=False))
    for name in named:
        if name not in known:
            raise ValueError(f"{kind.__name__} has no {name!r}; {nearest(name, known)}")
        if name in given:
            raise ValueError(f"{kind.__name__} is given {name!r} twice")
    given |= named
    missing = [f.name for f in fields(kind) if f.default is MISSING and f.name not in given]
    if missing:
        raise ValueError(f"{kind.__name__} needs {' and '.join(missing)}")
    for name, value in given.items():
        _check_type(kind, name, value, types[name])
        _check_value(kind, name, value)
    return kind(**given)


@cache
def _types(kind: type) -> dict[str, Any]:
    """The type of each field of a class, in their order."""
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _check_value(kind: type, name: str, value: object) -> None:
    least = _LEAST.get(name)
    if isinstance(value, int) and least is not None and value < least:
        raise ValueError(f"{name} of {kind.__name__} is {value} and must be at least {least}")
    choices = _CHOICES.get((kind, name), ())
    if isinstance(value, str) and choices and value not in choices:
        hint = nearest(value, choices)
        raise ValueError(f"there is no {name} {value!r} of {kind.__name__}; {hint}")


def _check_type(kind: type, name: str, value: object, wanted: Any) -> None:
    if get_origin(wanted) is tuple:
        (inside, _) = get_args(wanted)
        fits = isinstance(value, tuple) and all(isinstance(each, inside) for each in value)
        text = f"a tuple of layers and blocks, as in ({value!r},)"
    else:
        allowed = get_args(wanted) or (wanted,)
        fits = isinstance(value, allowed) or (float in allowed and isinstance(value, int))
        # To Python, True is an int; here it would be a mistake.
        fits = fits and (isinstance(value, bool) <= (bool in allowed))
        text = " or ".join("None" if each is type(None) else each.__name__ for each in allowed)
    if not fits:
        raise ValueError(f"{name} of {kind.__name__} is {value!r} and must be {text}")
