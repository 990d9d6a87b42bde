"""Whether a claim says anything about an example given with `--example`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import hypothesis
from hypothesis import HealthCheck, Phase

from paramlaws.specs.case import Case
from paramlaws.specs.claim import Claim
from paramlaws.specs.example import Example
from paramlaws.specs.features import FEATURES, features

#: How many examples are drawn to tell what all of them have from what most have.
_DRAWN = 50


def nothing_said(claim: Claim, case: Case, sizes: Sequence[int], example: Example) -> str | None:
    """Why the claim holds only vacuously on an example, None if it does not.

    A claim about ties, say, is vacuous on a network without them.
    """
    lacking = (FEATURES.keys() & claim.needs) - features(example.architecture)
    for other in _examples(claim, case, sizes):
        if not lacking:
            return None
        # Some features that a claim needs are on all of its examples, others only on some.
        lacking &= features(other.architecture)
    meanings = " and ".join(FEATURES[name] for name in sorted(lacking))
    what = f"the claim is about networks in which {meanings}, and this is not one"
    return with_instead(what, claim, case)


def with_instead(message: str, claim: Claim, case: Case) -> str:
    """The message that an example is unsuitable, with a suitable one."""
    edges = claim.edges_of(case)
    return f"{message}; it is tried on, for example, {edges[0]!r}" if edges else message


def _examples(claim: Claim, case: Case, sizes: Sequence[int]) -> Iterator[Example]:
    """The fixed examples of a claim, then drawn ones that are the same each time."""
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
