"""Short labels for the cases of a claim: as few words as tell them apart."""

from __future__ import annotations

from collections.abc import Collection, Sequence

#: The part of a case that says only that there is no other.
_ONLY_WAY = "the only way"


def shown(case: str | None) -> str:
    """A case without the parts that say nothing; empty if nothing is left."""
    return ", ".join(part for part in (case or "").split(", ") if part not in ("", _ONLY_WAY))


def label(chosen: Collection[str | None], supported: Sequence[str | None]) -> str:
    """A label for the chosen ones of a target's cases; empty if these are all.

    Parts that all cases of the target share are left out, and one part is used alone if it is
    decisive: "extra" for all files with an extra layer, "to-bytes: extra, missing" for two of one
    file.
    """
    picked = [case for case in dict.fromkeys(supported) if case in chosen]
    every = list(dict.fromkeys(supported))
    if picked == every:
        return ""
    parts = {case: tuple((case or "the only case").split(", ")) for case in every}
    if len({len(part) for part in parts.values()}) > 1:
        return "; ".join(", ".join(parts[case]) for case in picked)
    telling = [
        i for i, values in enumerate(zip(*parts.values(), strict=True)) if len({*values}) > 1
    ]
    for i in telling:
        values = dict.fromkeys(parts[case][i] for case in picked)
        if all((parts[case][i] in values) == (case in picked) for case in every):
            return ", ".join(values)
    first, *rest = telling
    return "; ".join(
        _under(
            value,
            [
                ", ".join(parts[case][i] for i in rest)
                for case in picked
                if parts[case][first] == value
            ],
            sum(parts[case][first] == value for case in every),
        )
        for value in dict.fromkeys(parts[case][first] for case in picked)
    )


def _under(value: str, inner: Sequence[str], there_are: int) -> str:
    return value if len(inner) == there_are else f"{value}: {', '.join(inner)}"
