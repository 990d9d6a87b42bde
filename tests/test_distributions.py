"""The tests of distributions reject what they say they reject, and nothing else."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from scipy import stats

from paramlaws.specs import distributions
from paramlaws.specs.claims import init
from paramlaws.specs.distributions import FAMILIES, SAMPLE, fits, share_fits

SHAPES = [*init._WIDE]
#: Enough repetitions to see a false alarm of 1 in 100, or a power below 99 %.
TIMES = 100


def _samples(distribution: Any) -> Any:
    rng = np.random.default_rng(0)
    return (distribution.rvs(SAMPLE, random_state=rng).astype(np.float32) for _ in range(TIMES))


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_family_is_recognised_by_its_sample_and_no_other(
    name: str, shape: tuple[int, int]
) -> None:
    """Sampled in float32, on every shape that the claims use."""
    rng = np.random.default_rng(1)
    sample = FAMILIES[name](*shape).rvs(SAMPLE, random_state=rng).astype(np.float32)
    assert distributions.family_of(sample, *shape) == name


def test_families_are_far_apart_on_every_shape() -> None:
    """By their distribution functions, or by the values in the outermost hundredth."""
    for shape in SHAPES:
        for one, other in combinations(FAMILIES.values(), 2):
            grid = np.linspace(-1, 1, 20001)
            apart = np.abs(one(*shape).cdf(grid) - other(*shape).cdf(grid)).max()
            tails = [d(*shape).support()[1] < np.inf for d in (one, other)]
            assert apart > 0.04 or tails[0] != tails[1]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (distributions.uniform(1.25), distributions.uniform(1.0)),
        (distributions.uniform(0.8), distributions.uniform(1.0)),
        (stats.norm(scale=1.25), stats.norm()),
        (stats.norm(scale=0.8), stats.norm()),
        (stats.norm(scale=3**-0.5), distributions.uniform(1.0)),
        (distributions.uniform(64**-0.5), distributions.uniform(128**-0.5)),
        (distributions.truncated_normal(1.0), stats.norm()),
        (stats.norm(), distributions.truncated_normal(1.0)),
    ],
    ids=(
        "uniform-wider",
        "uniform-narrower",
        "normal-wider",
        "normal-narrower",
        "normal-for-uniform",
        "fan-in-for-fan-out",
        "truncated-for-normal",
        "normal-for-truncated",
    ),
)
def test_power_is_near_one(wrong: Any, right: Any) -> None:
    """Each of the faults that the module names is found every time."""
    assert not any(fits(sample, right) for sample in _samples(wrong))


def test_the_level_of_the_tests_is_exact() -> None:
    """At a level where it can be seen, p-values below it are as frequent as it says."""
    rng = np.random.default_rng(2)
    levels = [
        stats.kstest(rng.random(SAMPLE), "uniform", method="asymp").pvalue for _ in range(2000)
    ]
    alarms = int((np.array(levels) < 0.01).sum())
    assert stats.binomtest(alarms, len(levels), 0.01).pvalue > 1e-6
    assert not any(not fits(sample, stats.norm()) for sample in _samples(stats.norm()))


def test_shares() -> None:
    """A share that is right fits, and one that is off by a twentieth does not."""
    assert share_fits(SAMPLE // 2 + 100, SAMPLE, 0.5)
    assert not share_fits(int(SAMPLE * 0.55), SAMPLE, 0.5)


def test_too_few_values_are_no_sample() -> None:
    """A test without power is refused."""
    with pytest.raises(AssertionError, match="too few"):
        fits(np.zeros(SAMPLE - 1), stats.norm())
