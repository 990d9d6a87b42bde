"""Reading an example as somebody wrote it, and saying what is wrong with it."""

from __future__ import annotations

import pytest

from paramlaws.runner.relevance import nothing_said
from paramlaws.specs.case import ONLY
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.example import parse
from paramlaws.specs.strategies import ALL_SIZES


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ("Densee(3)", "there is no 'Densee'; did you mean 'Dense'?"),
        ("nn.Dense(3)", "there is no 'nn.Dense'; did you mean 'Dense'?"),
        ("Dense(3, bais=False)", "Dense has no 'bais'; did you mean 'bias'?"),
        ("Dense(bias=False)", "Dense needs units"),
        ("Dense(3, units=3)", "Dense is given 'units' twice"),
        ("Dense(3, **{})", "write out what stands behind **"),
        ("Dense('3')", "units of Dense is '3' and must be int"),
        ("Dense(True)", "units of Dense is True and must be int"),
        ("Dense(0)", "units of Dense is 0 and must be at least 1"),
        ("Dense(3, activation=relu)", "'relu' is neither a number nor in quotes"),
        ("Dense(3, activation='rellu')", "no activation 'rellu' of Dense; did you mean 'relu'?"),
        ("Dense(3, init=Init('norml'))", "no kind 'norml' of Init; did you mean 'normal'?"),
        ("Block(Dense(3))", "entries of Block is Dense(3) and must be a tuple"),
        ("Block([Dense(3)])", "write a tuple, as in (Dense(1),), instead of [Dense(3)]"),
        ("Dense(1 + 1)", "'1 + 1' cannot be read; only Example, Architecture, Dense, "),
        ("3", "entries of Architecture is (3,) and must be a tuple of layers and blocks"),
    ],
)
def test_what_is_wrong_is_named(layer: str, said: str) -> None:
    """With what may be written instead."""
    with pytest.raises(ValueError, match="not an example") as raised:
        parse(f"Example(Architecture(1, ({layer},)))")
    assert said in str(raised.value)


def test_numbers_may_be_whole() -> None:
    """An initialiser's value is a number with a fraction, or without."""
    text = 'Example(Architecture(1, (Dense(1, init=Init("constant", 2)),)))'
    assert parse(text) == parse(text.replace("2", "2.0"))


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("tie.gradients-add", "about networks in which a parameter is used more than once"),
        ("construct.lazy-shapes", "about networks in which input widths are left to be inferred"),
        ("gradient.value", None),
    ],
)
def test_a_claim_about_something_says_nothing_without_it(claim: str, said: str | None) -> None:
    """What a claim only meets now and then, it does not ask of each example."""
    stated = CATALOGUE[claim]
    example = parse("Example(Architecture(1, (Dense(1, bias=False),)))")
    cases = stated.cases_on(None) if stated.ties else (ONLY,)  # type: ignore[arg-type]
    found = nothing_said(stated, cases[0], ALL_SIZES, example)
    assert found is None if said is None else found is not None and said in found
