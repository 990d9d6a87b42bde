"""Architectures for the tests to draw, of all kinds."""

from __future__ import annotations

from hypothesis import strategies as st

from paramlaws.specs.architecture import TIE_CASES
from paramlaws.specs.example import Example
from paramlaws.specs.strategies import examples

PLAIN = examples()
TIED = st.sampled_from(TIE_CASES).flatmap(lambda case: examples(tie=case, groups=2, uses=(2, 4)))
ANY: st.SearchStrategy[Example] = st.one_of(PLAIN, TIED)
