"""What a suite declares about itself is checked when it is loaded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from paramlaws.specs.spelling import Spelling
from paramlaws.suites.declared import AdapterError, check
from paramlaws.suites.reference import Reference


def _spelling(container: str) -> Spelling:
    return Spelling(
        imports="",
        numpy="np",
        layer=lambda name, dense, width, ties: [f"{name} = {dense.units}"],
        container=container,
        activation="max",
        fused=False,
        then="",
    )


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"ways": {"saved": ("npz",)}}, "ways: 'saved'; did you mean 'save'?"),
        ({"ways": {"copied": "clone"}}, "ways['copied'] = 'clone'; write ('clone',)"),
        ({"ways": {"copied": ["clone"]}}, "must be a tuple of strings"),
        ({"ways": {"copied": ()}}, "ways['copied'] = (); name a way, or leave 'copied' out"),
        ({"ways": {"copied": ("a, b",)}}, "'a, b'; a way's name has no comma"),
        ({"ways": ("copied",)}, "must be a mapping from verbs"),
        ({"refusals": {"laod": (ValueError,)}}, "refusals: 'laod'; did you mean 'load'?"),
        ({"refusals": {"load[npx]": (ValueError,)}}, "'load[npx]'; did you mean 'load[npz]'?"),
        ({"refusals": {"load": ValueError}}, "refusals['load'] = ValueError; write (ValueError,)"),
        ({"refusals": {"load": "ValueError"}}, "must be a tuple of exception classes, as in (Va"),
        ({"refusals": {"load": (KeyboardInterrupt,)}}, "must be a tuple of exception classes"),
        ({"whole": ("npx",)}, "whole: 'npx'; did you mean 'npz'?"),
        ({"requires": {"numpi": ">=1"}}, "requires: 'numpi'; did you mean 'numpy'?"),
        ({"foward": None}, "'foward', for which no claim asks; did you mean 'forward'? If not, "),
        ({"refusal": {}}, "'refusal', for which no claim asks; did you mean 'refusals'?"),
        (
            {"copied": lambda self, model: model},
            "copied(model); it is called with (model, way, x)",
        ),
        (
            {"read": lambda self, model, handle, more: None},
            "read(model, handle, more); it is called with (model, handle)",
        ),
        ({"read": None}, "read = None; it must be a method"),
        ({"knowledge": "own.toml"}, "'own.toml'; write Path(__file__).with_name('own.toml')"),
        ({"sizes": 1}, "sizes = 1; it must be None or a number of at least 2"),
        ({"spelling": "[{}]"}, "spelling = '[{}]'; it must be None or a paramlaws.specs.spelling"),
        ({"spelling": _spelling("[{}")}, "a spelling that makes invalid Python of Example(Archi"),
        (
            {"spelling": _spelling("[{0}{1}]")},
            "a spelling that makes invalid Python of Example(Archi",
        ),
    ],
)
def test_a_wrong_declaration_names_the_value_and_the_way_out(
    declared: dict[str, Any], said: str
) -> None:
    """Otherwise it would make claims hold, or say nothing."""
    with pytest.raises(AdapterError) as raised:
        check(type("Own", (Reference,), declared)())
    assert said in str(raised.value)
    assert "Own declares" in str(raised.value)


def _fail() -> str:
    raise KeyError("no version")


@pytest.mark.parametrize(
    ("versions", "said"),
    [
        (lambda: "1.0", "Own: versions() returned '1.0'; it must return a mapping from packages"),
        (lambda: ["numpy", "1.0"], "versions() returned ['numpy', '1.0']"),
        (lambda: {}, "versions() returned {}"),
        (lambda: {"own": 1.0}, "versions() returned {'own': 1.0}; it must return a mapping"),
        (lambda: None, "versions() returned None"),
        (_fail, "Own: versions() fails: KeyError: 'no version' ("),
    ],
)
def test_wrong_versions_are_shown_as_they_are(versions: Callable[[], Any], said: str) -> None:
    """With what they must be; a target is named by them."""
    with pytest.raises(AdapterError) as raised:
        check(type("Own", (Reference,), {"versions": lambda self: versions()})())
    assert said in str(raised.value)


def test_what_looks_like_a_verb_beside_it_is_not_one() -> None:
    """Nor is a name that is nowhere near one, or that begins with an underscore."""
    own = {"shape": Reference.shape, "shapes": None, "table": None, "_foward": None}
    check(type("Own", (Reference,), own)())


def test_a_verb_may_take_more_than_it_is_given() -> None:
    """As long as it has a value for what is not, or takes anything."""
    own = {
        "array_type": staticmethod(lambda: float),
        "read": lambda *rest: None,
        "shape": lambda self, model, handle, more=1: None,
    }
    check(type("Own", (Reference,), own)())


def test_what_the_reference_declares_is_right() -> None:
    """As that of every suite is, when it is loaded."""
    check(Reference())
    check(type("Own", (Reference,), {"spelling": _spelling("[{}]")})())
