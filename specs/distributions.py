"""The distributions that initial values come from, and tests that tell them apart.

A sample is tested twice, each time at the level ALPHA: by Kolmogorov-Smirnov, and by the number of
values in the outermost hundredth of the distribution. A verdict rests on at most 6,000 such tests,
so the probability of a false alarm is below 1e-9. With SAMPLE values or more, each of these errors
is found with a probability above 1 - 1e-6: a scale that is wrong by 25 %, fan-in taken for fan-out
(where they differ by a factor of two or more), a normal distribution in place of a uniform one of
the same variance, and a normal distribution that is wrongly truncated at two standard deviations,
or wrongly not. The first test rejects from a distance of 0.031 between the distribution functions,
and these are 0.04 or more apart; the second finds none where it expects 164. The project's own
tests simulate all of this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

#: The level of one test: the probability that it rejects the true distribution.
ALPHA = 1e-13
#: How many values a test needs for the power stated above.
SAMPLE = 2**14
#: The standard deviation of a standard normal that is truncated at -2 and 2.
_TRUNCATED = 0.87962566103423978
#: The fraction of the distribution that counts as its tails.
_TAIL = 0.01

Values = npt.NDArray[np.floating[Any]]
#: Maps (fan_in, units) to a frozen SciPy distribution.
Family = Callable[[int, int], Any]


def _stats() -> Any:
    """`scipy.stats`, imported on first use: importing it is slow, and most processes need not."""
    from scipy import stats

    return stats


def normal(deviation: float) -> Any:
    """The normal distribution with mean 0 and this standard deviation."""
    return _stats().norm(scale=deviation)


def uniform(limit: float) -> Any:
    """The uniform distribution on [-limit, limit]."""
    return _stats().uniform(-limit, 2 * limit)


def truncated_normal(deviation: float) -> Any:
    """The normal distribution truncated at two deviations and rescaled to this deviation."""
    return _stats().truncnorm(-2, 2, scale=deviation / _TRUNCATED)


def xavier(fan_in: int, units: int) -> Any:
    """The uniform distribution of variance 2 / (fan_in + units) (Glorot and Bengio, 2010)."""
    return uniform((6 / (fan_in + units)) ** 0.5)


#: The distributions that frameworks draw weights and biases from, by name.
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
    """Whether the values can come from the distribution.

    Wrongly False with a probability of at most 2 ALPHA. Needs SAMPLE values.
    """
    assert values.size >= SAMPLE, "too few values to tell"
    sample = np.asarray(values, np.float64).ravel()
    # The cheaper test first: it rejects most wrong distributions.
    low, high = distribution.ppf((_TAIL / 2, 1 - _TAIL / 2))
    outermost = int(((sample < low) | (sample > high)).sum())
    if not share_fits(outermost, sample.size, _TAIL):
        return False
    # Under the distribution that is tested these are uniform on [0, 1].
    ranks = distribution.cdf(sample)
    return is_likely(_stats().kstest(ranks, "uniform", method="asymp").pvalue)


def share_fits(count: int, total: int, share: float) -> bool:
    """Whether `count` successes in `total` fit the probability `share`.

    Wrongly False with a probability of at most ALPHA (binomial test).
    """
    return is_likely(_level_of_share(count, total, share))


def is_likely(level: float) -> bool:
    """Whether a test with this p-value accepts the distribution; all tests end here."""
    return bool(level >= ALPHA)


@lru_cache(4096)
def _level_of_share(count: int, total: int, share: float) -> float:
    return float(_stats().binomtest(count, total, share).pvalue)


def family_of(values: Values, fan_in: int, units: int) -> str:
    """The name of the family that the values of a layer with these widths fit.

    "zeros" or "constant" where they are that, several names joined by " or " where more than one
    family fits, "no known family" where none does.
    """
    if not np.any(values):
        return ZEROS
    if np.ptp(values) == 0:
        return "constant"
    families = _families(fan_in, units)
    names = [name for name, distribution in families.items() if fits(values, distribution)]
    return " or ".join(names) or "no known family"


@cache
def _families(fan_in: int, units: int) -> dict[str, Any]:
    """Every known family for these widths; cached, since SciPy is slow to make one."""
    return {name: family(fan_in, units) for name, family in FAMILIES.items()}


#: The number of bins of a histogram.
_BINS = 32


def histogram(
    values: Values, fan_in: int, units: int, families: Iterable[str | None]
) -> dict[str, Any]:
    """A histogram of the values, with what each of these families would give.

    Returns `fan_in` and `units`; `low` and `high`, the range of the bins; `counts`, the values in
    each bin; and `families`, the expected counts by name.
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
