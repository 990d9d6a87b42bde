"""What the strategies reach, what they shrink to, and that examples can be written down."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import find, given, settings

from paramlaws.specs.architecture import SAME_LAYER, TIE_CASES, Architecture, Dense
from paramlaws.specs.claim import Claim
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.claims._drawing import USERS_BLOCKS
from paramlaws.specs.example import Example, parse
from paramlaws.specs.features import FEATURES, features
from paramlaws.specs.strategies import ALL_SIZES, deep, examples
from paramlaws.suites.reference import Reference
from tests.drawn import ANY


def _occurrences(strategy: object, draws: int = 300) -> Counter[str]:
    seen: Counter[str] = Counter()

    @settings(max_examples=draws, database=None, derandomize=True)
    @given(strategy)  # type: ignore[arg-type]
    def draw(example: Example) -> None:
        seen.update(features(example.architecture))
        seen[f"{example.rows} rows"] += 1

    draw()
    return seen


def test_plain_networks_reach_what_they_should() -> None:
    """Every feature of untied networks in at least one draw in fifty."""
    seen = _occurrences(examples())
    wanted = {"lazy", "explicit", "width 1", "bias", "no bias", "fused activation", "nested twice"}
    wanted |= {"activation entry", "not square", "nested", "several layers", "1 rows", "3 rows"}
    assert {name for name in wanted if seen[name] < 6} == set()
    assert not seen["tie"]


@pytest.mark.parametrize("case", TIE_CASES)
def test_ties_reach_what_they_should(case: str) -> None:
    """Three uses, ties across levels and several groups, each in one draw in twenty or more."""
    seen = _occurrences(examples(tie=case, groups=2, uses=(2, 4)))
    wanted = {"tie", "three uses", "tie across levels", "several groups", "width 1", "no bias"}
    wanted |= {"nested twice", "lazy"}
    wanted |= {"repeated in a container"} if case == SAME_LAYER else set()
    wanted |= {"partly tied"} if case == "one-parameter" else set()
    assert {name for name in wanted if seen[name] < 15} == set()
    assert seen["tie"] == sum(seen[f"{rows} rows"] for rows in (1, 2, 3))


def test_a_deep_network_is_deep() -> None:
    """Several hundred layers, some of them in blocks."""
    assert {"hundreds of layers", "nested"} <= features(deep(200).architecture)


def test_every_feature_is_met_somewhere() -> None:
    """No feature is a name for nothing."""
    seen = _occurrences(ANY, 600)
    seen.update(features(deep(200).architecture))
    for example in (*USERS_BLOCKS["edges"][None], *CATALOGUE["nested.names"].edges[None]):
        seen.update(features(example.architecture))
    assert set(FEATURES) - set(seen) == set()


def test_plain_networks_shrink_to_one_layer_of_width_one() -> None:
    """The smallest example is the smallest network."""
    assert find(examples(), lambda e: True) == Example(Architecture(1, (Dense(1),)))


def test_ties_shrink_to_one_layer_used_twice() -> None:
    """The smallest tie is one layer of width 1, twice."""
    layer = Dense(1, shared="a")
    found = find(examples(tie=SAME_LAYER), lambda e: True)
    assert found == Example(Architecture(1, (layer, layer)))


@pytest.mark.parametrize("claim", list(CATALOGUE), ids=lambda claim: claim.id)
def test_what_a_claim_always_tries_is_not_vacuous(claim: Claim) -> None:
    """The examples that are tried in each run have every feature that the claim needs."""
    for case in claim.cases_on(Reference()):
        seen = _occurrences(claim.draw(ALL_SIZES, case), 30)
        for example in claim.edges_of(case):
            seen.update(features(example.architecture))
        needed = [need for need in claim.needs if need in FEATURES]
        assert [need for need in needed if not seen[need]] == []


@given(ANY)
def test_examples_can_be_written_down(example: Example) -> None:
    """The text of an example reads back as that example, and fits between single quotes."""
    assert parse(repr(example)) == example
    assert "'" not in repr(example)


@pytest.mark.parametrize(
    "text",
    [
        '__import__("os").system("true")',
        "Example(Architecture(1, (Dense(1).units,)))",
        "Example([x for x in (1, 2)])",
        "Example",
        "Dense(1)",
        "Example(Architecture(1, (Dense(1),)), nonsense=1)",
        "Example(Architecture(1, (Dense(2, shared='a'), Dense(2, shared='a'))))",
        "(" * 500,
        "",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    """Text that is no example raises ValueError, naming the text."""
    with pytest.raises(ValueError, match="not an example"):
        parse(text)
