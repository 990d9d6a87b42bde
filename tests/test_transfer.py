"""Files that carry a network: what is written is read, and what is not one is refused."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paramlaws.specs import transfer
from paramlaws.specs.architecture import Architecture, Block, Dense
from paramlaws.specs.claims.transfer import exported
from paramlaws.specs.example import Example
from paramlaws.specs.smoke import check
from paramlaws.specs.subject import Subject
from paramlaws.specs.transfer import Carried, TransferError, read, write
from paramlaws.suites.reference import Reference

SHARED = Dense(2, shared="a")
EXAMPLE = Example(Architecture(2, (SHARED, Block((Dense(2, bias=False), SHARED)))), 3, 1)


@pytest.fixture(scope="module")
def carried() -> Carried:
    """A network with a tie, as the reference computes it."""
    suite = Reference()
    return exported(Subject(suite, EXAMPLE, check(suite)), "origin", exact=True)


@pytest.fixture
def file(carried: Carried, tmp_path: Path) -> Path:
    """The file of it."""
    write(carried, tmp_path / "network.safetensors")
    return tmp_path / "network.safetensors"


def test_what_is_written_is_read(carried: Carried, file: Path) -> None:
    """Values, names, ties and the network itself."""
    back = read(file)
    assert (back.example, back.names, back.exact) == (EXAMPLE, carried.names, True)
    assert back.names["layer a weight"] == "0.weight"
    for name in ("x", "cotangent", "output"):
        assert np.array_equal(getattr(back, name), getattr(carried, name))
    for key, value in carried.parameters.items():
        assert np.array_equal(back.parameters[key], value)
        assert np.array_equal(back.gradients[key], carried.gradients[key])


def test_the_file_says_what_is_tied(file: Path) -> None:
    """Anybody's reader of safetensors finds the places, and the parameter once."""
    with safetensors.safe_open(file, framework="numpy") as opened:
        assert json.loads(opened.metadata()["ties"]) == {
            "layer a weight": [[0], [1, 1]],
            "layer a bias": [[0], [1, 1]],
        }
        assert "parameter/layer a weight" in opened.keys()  # noqa: SIM118 - not a mapping


def _again(file: Path, change: dict[str, Any], tensors: dict[str, Any] | None = None) -> None:
    """Writes the file anew with other metadata or tensors; None takes one away."""
    with safetensors.safe_open(file, framework="numpy") as opened:
        metadata = {**opened.metadata(), **change}
        values = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
    values = {**values, **(tensors or {})}
    kept = {name: value for name, value in values.items() if value is not None}
    safetensors.numpy.save_file(kept, file, {k: v for k, v in metadata.items() if v is not None})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "other"}, "its format is 'other'"),
        ({"format": None}, "its format is None"),
        ({"example": "Example("}, "text of its network"),
        ({"example": "__import__('os').system('true')"}, "text of its network"),
        ({"example": "(" * 5000}, "text of its network"),
        ({"example": "Example(Architecture(2, 5))"}, "text of its network"),
        ({"example": "Example(" + " " * 2**17 + ")"}, "characters"),
        ({"example": repr(replace(EXAMPLE, rows=10**9))}, "impossible number"),
        ({"example": repr(replace(EXAMPLE, seed=-1))}, "must be at least 0"),
        (
            {"example": "Example(Architecture(10**12, (Dense(1),)))"},
            "text of its network",
        ),
        ({"example": "Example(Architecture(1, (Dense(1000000000000),)))"}, "not those of"),
        ({"example": "Example(Architecture(9, (Dense(2), Dense(2))), 3)"}, "not those of"),
        ({"names": "{}"}, "its names"),
        ({"names": "["}, "not valid JSON"),
        ({"ties": "{}"}, "its ties"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_describes_no_network_is_refused(
    file: Path, change: dict[str, Any], message: str
) -> None:
    """With one error that names the file and what is wrong with it."""
    _again(file, change)
    with pytest.raises(TransferError, match=message) as caught:
        read(file)
    assert str(file) in str(caught.value)
    assert "export it again" in str(caught.value)


@pytest.mark.parametrize(
    ("tensors", "message"),
    [
        ({"output": None}, "see \\['output'\\]"),
        ({"more": np.zeros(1, np.float32)}, "see \\['more'\\]"),
        ({"output": np.zeros((3, 3), np.float32)}, "instead of"),
        ({"output": np.zeros((3, 2), np.float64)}, "instead of"),
        ({"output": np.full((3, 2), np.nan, np.float32)}, "not finite"),
    ],
    ids=("missing", "extra", "shape", "type", "not-finite"),
)
def test_tensors_that_do_not_fit_are_refused(
    file: Path, tensors: dict[str, Any], message: str
) -> None:
    """By name, number, shape, type and values."""
    _again(file, {}, tensors)
    with pytest.raises(TransferError, match=message):
        read(file)


def test_absurd_sizes_are_refused_without_being_read(file: Path) -> None:
    """A header that claims to be longer than the file; a tensor behind the end; a huge file."""
    content = file.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    header["output"]["data_offsets"] = [0, 2**60]
    text = json.dumps(header).encode()
    for wrong in (
        struct.pack("<Q", 2**62) + content[8:],
        struct.pack("<Q", len(text)) + text + content[8 + length :],
        b"",
    ):
        file.write_bytes(wrong)
        with pytest.raises(TransferError, match="cannot be read"):
            read(file)
    with file.open("wb") as opened:
        opened.truncate(transfer.LARGEST + 1)
    with pytest.raises(TransferError, match="more than the limit"):
        read(file)
    with pytest.raises(TransferError, match="cannot be read"):
        read(file.with_name("absent"))


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_is_refused_or_still_a_network(file: Path, data: st.DataObject) -> None:
    """Whatever bytes are changed or missing, nothing but TransferError is raised."""
    content = bytearray(file.read_bytes())
    damaged = file.with_name("damaged")
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    damaged.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    try:
        back = read(damaged)
    except TransferError:
        return
    shapes = {key: value.shape for key, value in back.parameters.items()}
    assert shapes == back.example.architecture.shapes
