"""Hints at what was meant."""

from __future__ import annotations

import pytest

from paramlaws.specs.nearest import nearest

_MANY = [f"word-{number}" for number in range(73)]


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("laod", ["save", "load"], "did you mean 'load'?"),
        ("PyTorch", ["jax", "pytorch"], "did you mean 'pytorch'?"),
        ("tie.sam", ["tie.*", "tie.same-parameter"], "did you mean 'tie.same-parameter'?"),
        ("re", ["save", "read", "reset"], "did you mean 'read' or 'reset'?"),
        ("xyz", ["save", "load"], "known are save, load"),
        ("xyz", {"save", "load"}, "known are load, save"),
        ("xyz", [], "none are known"),
        ("", ["save", "load"], "known are save, load"),
    ],
)
def test_a_hint_is_at_what_is_near_or_at_all(word: str, known: list[str], hint: str) -> None:
    """In an order that is always the same."""
    assert nearest(word, known) == hint


def test_a_long_list_is_cut() -> None:
    """So that the sentence before it stays on the screen."""
    hint = nearest("xyz", _MANY)
    assert hint.startswith("known are word-0, word-1, ")
    assert hint.endswith(" and 61 more")
