"""Addresses of targets need no escaping, whatever somebody calls a suite."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from paramlaws.reports.anchors import anchors


def test_usual_names_stay_as_they_are() -> None:
    """So that addresses that were given to others lead where they led."""
    names = {"a": "alpha", "b": "alpha-2.13.0+cpu"}
    assert anchors(names) == names


def test_what_would_be_escaped_is_replaced() -> None:
    """And names that become the same are told apart."""
    names = {"a": "my suite", "b": "my/suite", "c": '"><b>', "d": "層"}
    assert list(anchors(names).values()) == ["my-suite", "my-suite-2", "b", "target"]


@given(st.lists(st.text(), unique=True))
def test_they_are_plain_and_distinct(names: list[str]) -> None:
    """For any names."""
    found = anchors({str(number): name for number, name in enumerate(names)})
    assert len(set(found.values())) == len(names)
    assert all(re.fullmatch(r"[\w.+-]+", anchor, re.ASCII) for anchor in found.values())
