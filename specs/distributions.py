"""The distributions that initial values come from, and a test that tells them apart.

A sample is compared by a Kolmogorov-Smirnov test and by how many values lie in the outermost
hundredth of the distribution, each at the level ALPHA. A verdict makes 6,000 such comparisons at
most, so that it is a false alarm with a probability below 1e-9. With SAMPLE values or more, these
are rejected with a probability above 1 - 1e-6: a scale that is wrong by 25 %, fan-in taken for
fan-out (where these differ by a factor of two or more), a normal in place of a uniform of the same
variance, and a normal that is cut off at two deviations, or is not. The first test rejects from a
distance of 0.031 between the distribution functions, and these are 0.04 or more apart; the second
finds none where it expects 164. The project's own tests simulate all of this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

#: Probability with which one test rejects the distribution that the values do come from.
ALPHA = 1e-13
#: How many values a test needs for the power that is stated above.
SAMPLE = 2**14
#: The standard deviation of a standard normal that is truncated at -2 and 2.
_TRUNCATED = 0.87962566103423978
#: The share of the distribution that counts as its outermost part.
_TAIL = 0.01

Values = npt.NDArray[np.floating[Any]]
#: From (fan_in, units) to the distribution.
Family = Callable[[int, int], Any]


def _stats() -> Any:
    """The statistics of scipy, which take long to import, and most processes do without."""
    from scipy import stats

    return stats


def normal(deviation: float) -> Any:
    """The normal distribution around 0."""
    return _stats().norm(scale=deviation)


def uniform(limit: float) -> Any:
    """The uniform distribution on [-limit, limit]."""
    return _stats().uniform(-limit, 2 * limit)


def truncated_normal(deviation: float) -> Any:
    """The normal distribution cut off at two deviations, scaled back to `deviation`."""
    return _stats().truncnorm(-2, 2, scale=deviation / _TRUNCATED)


def xavier(fan_in: int, units: int) -> Any:
    """The uniform distribution of variance 2 / (fan_in + units) (Glorot and Bengio, 2010)."""
    return uniform((6 / (fan_in + units)) ** 0.5)


#: What frameworks draw weights and biases from, by name.
FAMILIES: Mapping[str, Family] = {
    "uniform-0.07": lambda fan_in, units: uniform(0.07),
    "uniform-by-fan-in": lambda fan_in, units: uniform(fan_in**-0.5),
    "uniform-by-fan-out": lambda fan_in, units: uniform(units**-0.5),
    "uniform-by-both-widths": xavier,
    "uniform-he": lambda fan_in, units: uniform((6 / fan_in) ** 0.5),
    "normal-0.01": lambda fan_in, units: normal(0.01),
    "normal-by-fan-in": lambda fan_in, units: normal(fan_in**-0.5),
    "truncated-normal-by-fan-in": lambda fan_in, units: truncated_normal(fan_in**-0.5),
    "truncated-normal-by-both-widths": lambda fan_in, units: truncated_normal(
        (2 / (fan_in + units)) ** 0.5
    ),
}
ZEROS = "zeros"


def fits(values: Values, distribution: Any) -> bool:
    """Whether the values can come from it; wrongly False with a probability of 2 ALPHA at most."""
    assert values.size >= SAMPLE, "too few values to tell"
    sample = np.asarray(values, np.float64).ravel()
    # The cheap one of the two tests first: it rejects most of what is wrong.
    low, high = distribution.ppf((_TAIL / 2, 1 - _TAIL / 2))
    outermost = int(((sample < low) | (sample > high)).sum())
    if not share_fits(outermost, sample.size, _TAIL):
        return False
    # By the true distribution function these are uniform on [0, 1].
    ranks = distribution.cdf(sample)
    return is_likely(_stats().kstest(ranks, "uniform", method="asymp").pvalue)


def share_fits(count: int, total: int, share: float) -> bool:
    """Whether `count` of `total` can be a `share` of them; wrongly False with probability ALPHA."""
    return is_likely(_level_of_share(count, total, share))


def is_likely(level: float) -> bool:
    """Whether a test's p-value leaves the distribution standing; all tests end here."""
    return bool(level >= ALPHA)


@lru_cache(4096)
def _level_of_share(count: int, total: int, share: float) -> float:
    return float(_stats().binomtest(count, total, share).pvalue)


def family_of(values: Values, fan_in: int, units: int) -> str:
    """The name of the one family that values of a layer of these widths fit, or what they are."""
    if not np.any(values):
        return ZEROS
    if np.ptp(values) == 0:
        return "constant"
    families = _families(fan_in, units)
    names = [name for name, distribution in families.items() if fits(values, distribution)]
    return " or ".join(names) or "no known family"


@cache
def _families(fan_in: int, units: int) -> dict[str, Any]:
    """Every known family, for these widths; scipy takes its time to make one."""
    return {name: family(fan_in, units) for name, family in FAMILIES.items()}


#: Into how many bins a picture divides what it shows.
_BINS = 32


def histogram(
    values: Values, fan_in: int, units: int, families: Iterable[str | None]
) -> dict[str, Any]:
    """How the values are spread, and how those of each family would be.

    `low` and `high` are the ends of the outermost of the bins, `counts` the values in each, and
    `families` the numbers to expect there, by name.
    """
    sample = np.asarray(values, np.float64).ravel()
    end = float(np.abs(sample).max()) * 1.25 or 1.0
    counts, edges = np.histogram(sample, _BINS, (-end, end))
    expected = {}
    for name in families:
        if name is not None and name in FAMILIES:
            shares = np.diff(_families(fan_in, units)[name].cdf(edges))
            expected[name] = [round(float(n), 1) for n in shares * sample.size]
    return {
        "fan_in": fan_in,
        "units": units,
        "low": -end,
        "high": end,
        "counts": counts.tolist(),
        "families": expected,
    }
