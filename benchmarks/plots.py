"""The plots of how cost grows, and of resident memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

Pairs = Sequence[tuple[float, float]]

_AXES = {
    "examples": ("examples of each of 4 claims", "seconds"),
    "claims": ("claims, 15 examples each", "seconds"),
    "depth": ("layers of 4 units", "ms per example"),
    "width": ("width of 2 layers", "ms per example"),
}


def growth(found: Mapping[str, Mapping[str, Pairs]], file: Path) -> None:
    """Draws what `benchmarks.growth` measured, by suite."""
    figure, axes = plt.subplots(1, len(_AXES), figsize=(14, 3.2), layout="constrained")
    for axis, (what, (label, unit)) in zip(axes, _AXES.items(), strict=True):
        scale = 1000 if unit.startswith("ms") else 1
        for suite, by in found.items():
            amounts, seconds = zip(*by[what], strict=True)
            axis.plot(amounts, [scale * s for s in seconds], marker="o", ms=3, label=suite)
        axis.set(xlabel=label, ylabel=unit, xlim=0, ylim=0)
        axis.grid(alpha=0.3)
    axes[0].legend(frameon=False)
    figure.savefig(file, dpi=110)


def memory(found: Mapping[str, Pairs], file: Path) -> None:
    """Draws resident memory by examples, by suite."""
    figure, axis = plt.subplots(figsize=(7, 3.2), layout="constrained")
    for suite, pairs in found.items():
        examples, held = zip(*pairs, strict=True)
        axis.plot(examples, held, label=suite)
    axis.set(xlabel="examples", ylabel="resident memory, MB", xlim=0, ylim=0)
    axis.grid(alpha=0.3)
    axis.legend(frameon=False, ncols=2)
    figure.savefig(file, dpi=110)
