"""A framework-neutral file for one network, which one framework writes and another one reads.

The file is in the safetensors format. It holds the parameters as float32, weights as (units,
fan_in), each once however often it is used, with the input, the cotangent, and the output and
gradients that its origin computed. Its metadata are the network as text, each parameter's name at
its origin, and the places that are tied. A file is checked completely before any of it is used.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy

from paramlaws.specs.architecture import Architecture, Path
from paramlaws.specs.example import Example, parse
from paramlaws.specs.reference import Array

FORMAT = "paramlaws 1"
#: The largest file in bytes, the longest text and the most rows that are accepted.
LARGEST, LONGEST, MOST_ROWS = 2**26, 2**16, 2**10


class TransferError(Exception):
    """A file holds no valid network; the message names the file, the reason and the remedy."""


@dataclass(frozen=True)
class Carried:
    """A network that one target wrote to a file, for others to compare with.

    origin: the target that wrote it.
    example: the network, with its ties.
    names: each parameter's name at its origin, by key.
    parameters: their values, by key.
    x, cotangent: the input and the cotangent, (rows, inputs) and (rows, outputs).
    output, gradients: what the origin computed from them.
    exact: whether all values are small integers, so that nothing is rounded.
    """

    origin: str
    example: Example
    names: Mapping[str, str]
    parameters: Mapping[str, Array]
    x: Array
    cotangent: Array
    output: Array
    gradients: Mapping[str, Array]
    exact: bool


def ties(architecture: Architecture) -> dict[str, list[Path]]:
    """The places of each parameter that is used more than once."""
    return {key: [use.path for use in architecture.places(key)] for key in architecture.tied}


def write(carried: Carried, file: File) -> None:
    """Writes the file."""
    architecture = carried.example.architecture
    metadata = {
        "format": FORMAT,
        "origin": carried.origin,
        "example": repr(carried.example),
        "names": json.dumps(dict(carried.names)),
        "ties": json.dumps(ties(architecture)),
        "exact": json.dumps(carried.exact),
    }
    tensors = {name: np.ascontiguousarray(v, np.float32) for name, v in _tensors(carried).items()}
    safetensors.numpy.save_file(tensors, file, metadata)


def read(file: File) -> Carried:
    """The network in the file; raises TransferError if it does not hold a valid one."""
    try:
        return _read(file)
    except TransferError as error:
        raise TransferError(f"{file}: {error}; export it again") from error
    except (OSError, safetensors.SafetensorError) as error:
        raise TransferError(f"{file}: cannot be read ({error}); export it again") from error


def _read(file: File) -> Carried:
    size = file.stat().st_size
    _require(size <= LARGEST, f"it has {size} bytes, more than the limit of {LARGEST}")
    with safetensors.safe_open(file, framework="numpy") as opened:
        metadata = opened.metadata() or {}
        found = metadata.get("format")
        _require(found == FORMAT, f"its format is {found!r} instead of {FORMAT!r}")
        example = _example(metadata.get("example", ""))
        architecture = example.architecture
        shapes = _shapes(example)
        listed = set(opened.keys())
        odd = sorted(listed ^ set(shapes))
        _require(not odd, f"its tensors are not those of {architecture!r}: see {odd[:3]}")
        for name, shape in shapes.items():
            part = opened.get_slice(name)
            has = tuple(part.get_shape()), part.get_dtype()
            _require(has == (shape, "F32"), f"{name} is {has} instead of {(shape, 'F32')}")
        tensors = {name: opened.get_tensor(name).astype(np.float64) for name in shapes}
    for name, value in tensors.items():
        _require(np.isfinite(value).all(), f"{name} has values that are not finite")
    names = _json(metadata, "names")
    fits = isinstance(names, dict) and set(names) == set(architecture.shapes)
    _require(fits, "its names are not those of its parameters")
    expected = json.loads(json.dumps(ties(architecture)))
    _require(_json(metadata, "ties") == expected, "its ties are not those of its network")
    return Carried(
        str(metadata.get("origin")),
        example,
        {key: str(name) for key, name in names.items()},
        _part(tensors, "parameter"),
        tensors["input"],
        tensors["cotangent"],
        tensors["output"],
        _part(tensors, "gradient"),
        _json(metadata, "exact") is True,
    )


def _example(text: str) -> Example:
    _require(
        len(text) <= LONGEST,
        f"the text of its network has {len(text)} characters, more than the limit of {LONGEST}",
    )
    try:
        example = parse(text)
        numbers = (example.rows, example.seed, example.pick, example.architecture.inputs)
        widths = [use.dense.units for use in example.architecture.uses]
    except (ValueError, TypeError, AttributeError, RecursionError, MemoryError) as error:
        raise TransferError(f"the text of its network is invalid ({error})") from error
    whole = all(type(n) is int and n >= 0 for n in (*numbers, *widths))
    _require(whole and 0 < example.rows <= MOST_ROWS, f"{text!r} has an impossible number")
    return example


def _shapes(example: Example) -> dict[str, tuple[int, ...]]:
    """The tensors of a file, by name."""
    architecture = example.architecture
    return {
        "input": (example.rows, architecture.inputs),
        "cotangent": (example.rows, architecture.outputs),
        "output": (example.rows, architecture.outputs),
        **{f"parameter/{key}": shape for key, shape in architecture.shapes.items()},
        **{f"gradient/{key}": shape for key, shape in architecture.shapes.items()},
    }


def _tensors(carried: Carried) -> dict[str, Array]:
    return {
        "input": carried.x,
        "cotangent": carried.cotangent,
        "output": carried.output,
        **{f"parameter/{key}": value for key, value in carried.parameters.items()},
        **{f"gradient/{key}": value for key, value in carried.gradients.items()},
    }


def _part(tensors: Mapping[str, Array], part: str) -> dict[str, Array]:
    prefix = f"{part}/"
    return {n.removeprefix(prefix): v for n, v in tensors.items() if n.startswith(prefix)}


def _json(metadata: Mapping[str, str], name: str) -> Any:
    try:
        return json.loads(metadata.get(name, ""))
    except (ValueError, RecursionError) as error:
        raise TransferError(f"its {name} are not valid JSON ({error})") from error


def _require(condition: object, message: str) -> None:
    if not condition:
        raise TransferError(message)
