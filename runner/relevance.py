"""Whether a claim says anything about the one example that somebody asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import hypothesis
from hypothesis import HealthCheck, Phase

from paramlaws.specs.case import Case
from paramlaws.specs.claim import Claim
from paramlaws.specs.example import Example
from paramlaws.specs.features import FEATURES, features

#: How many examples are drawn to tell what all have from what most have.
_DRAWN = 50


def nothing_said(claim: Claim, case: Case, sizes: Sequence[int], example: Example) -> str | None:
    """Why the claim says nothing about an example on which it holds; None where it says something.

    Of a network without ties, what a claim about ties says is true and means nothing.
    """
    lacking = (FEATURES.keys() & claim.needs) - features(example.architecture)
    for other in _examples(claim, case, sizes):
        if not lacking:
            return None
        # Claims need to meet some features now and then, and others on every example.
        lacking &= features(other.architecture)
    meanings = " and ".join(FEATURES[name] for name in sorted(lacking))
    what = f"the claim is about networks in which {meanings}, and this is not one"
    return with_instead(what, claim, case)


def with_instead(message: str, claim: Claim, case: Case) -> str:
    """The message that an example is unsuitable, with one that is suitable."""
    edges = claim.edges_of(case)
    return f"{message}; it is tried on, for example, {edges[0]!r}" if edges else message


def _examples(claim: Claim, case: Case, sizes: Sequence[int]) -> Iterator[Example]:
    """The fixed examples of a claim, and then the same drawn ones each time."""
    yield from claim.edges_of(case)
    found: list[Example] = []

    @hypothesis.settings(
        max_examples=_DRAWN,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(claim.draw(sizes, case))
    def draw(example: Example) -> None:
        found.append(example)

    draw()
    yield from found
