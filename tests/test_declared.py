"""What a suite declares about itself is checked when it is loaded."""

from __future__ import annotations

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
        ({"ways": {"copied": ["clone"]}}, "must be a tuple of texts"),
        ({"ways": {"copied": ("a, b",)}}, "'a, b'; a way's name has no comma"),
        ({"ways": ("copied",)}, "must be a mapping from verbs"),
        ({"refusals": {"laod": (ValueError,)}}, "refusals: 'laod'; did you mean 'load'?"),
        ({"refusals": {"load[npx]": (ValueError,)}}, "'load[npx]'; did you mean 'load[npz]'?"),
        ({"refusals": {"load": ValueError}}, "must be a tuple of exception classes"),
        ({"refusals": {"load": (KeyboardInterrupt,)}}, "must be a tuple of exception classes"),
        ({"whole": ("npx",)}, "whole: 'npx'; did you mean 'npz'?"),
        ({"requires": {"numpi": ">=1"}}, "requires: 'numpi'; did you mean 'numpy'?"),
        ({"versions": lambda self: "1.0"}, "versions() gives '1.0'; it must map packages"),
        ({"versions": lambda self: {}}, "versions() gives {}"),
        ({"sizes": 1}, "sizes = 1; it must be None or a number of at least 2"),
        ({"spelling": "[{}]"}, "spelling = '[{}]'; it must be None or a paramlaws.specs.spelling"),
        ({"spelling": _spelling("[{}")}, "a spelling that makes no Python of Example(Archi"),
        ({"spelling": _spelling("[{0}{1}]")}, "a spelling that makes no Python of Example(Archi"),
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


def test_what_the_reference_declares_is_right() -> None:
    """As that of every suite is, when it is loaded."""
    check(Reference())
    check(type("Own", (Reference,), {"spelling": _spelling("[{}]")})())
