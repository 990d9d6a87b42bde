"""Descriptions of networks: uses, parameters, ties, and what is refused."""

from __future__ import annotations

import pytest

from paramlaws.specs.architecture import Activation, Architecture, Block, Dense

SHARED = Dense(2, shared="a")
NESTED = Architecture(2, (SHARED, Activation(), Block((Dense(3, bias=False), Dense(2), SHARED))))


def test_uses_are_in_the_order_of_computation() -> None:
    """Paths, input widths and parameters of each use."""
    assert [(use.path, use.fan_in) for use in NESTED.uses] == [
        ((0,), 2),
        ((2, 0), 2),
        ((2, 1), 3),
        ((2, 2), 2),
    ]
    assert NESTED.uses[0].keys == NESTED.uses[3].keys == ("layer a weight", "layer a bias")
    assert NESTED.uses[1].keys == ("2.0 weight",)


def test_parameters_are_counted_once() -> None:
    """Two for each distinct layer, one without bias."""
    assert NESTED.shapes == {
        "layer a weight": (2, 2),
        "layer a bias": (2,),
        "2.0 weight": (3, 2),
        "2.1 weight": (2, 3),
        "2.1 bias": (2,),
    }
    assert NESTED.tied == ("layer a weight", "layer a bias")
    assert [use.path for use in NESTED.places("layer a bias")] == [(0,), (2, 2)]


def test_single_parameters_can_be_tied() -> None:
    """A weight across layers that differ in everything else."""
    tied = Architecture(2, (Dense(2, tied_weight="w"), Dense(2, False, "relu", tied_weight="w")))
    assert tied.tied == ("weight w",)
    assert len(tied.shapes) == 2


def test_repeats_can_be_taken_out() -> None:
    """In every container, or in inner ones only."""
    inner = Block((SHARED, SHARED))
    network = Architecture(2, (SHARED, SHARED, inner))
    assert len(network.without_repeats().uses) == 2
    assert len(network.without_repeats(outermost=False).uses) == 3


@pytest.mark.parametrize(
    "entries",
    [
        (Dense(2, shared="a"), Dense(3), Dense(2, shared="a")),
        (Dense(2, shared="a"), Dense(2, bias=False, shared="a")),
        (Dense(3, tied_weight="w"), Dense(3, tied_weight="w")),
        (Dense(3, tied_bias="b"), Dense(2, tied_bias="b")),
    ],
)
def test_a_tie_across_shapes_is_refused(entries: tuple[Dense, ...]) -> None:
    """One parameter has one shape, and one layer one description."""
    with pytest.raises(ValueError, match=r"tied across shapes|described in two ways"):
        Architecture(2, entries)


def test_text_says_everything_that_is_not_default() -> None:
    """As a report shows it."""
    assert repr(NESTED) == (
        'Architecture(2, (Dense(2, shared="a"), Activation(), Block((Dense(3, bias=False), '
        'Dense(2), Dense(2, shared="a")))))'
    )
