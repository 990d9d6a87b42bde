"""What is told apart within one claim."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One of several ways in which a claim is tried on a target, each with its own verdict.

    way: the documented way in which the target does what the claim is about, as in `Suite.ways`.
    tie: the way of tying, one of `architecture.TIE_CASES`.
    variant: what the claim itself tells apart, as in "wrong shape".
    """

    way: str | None = None
    tie: str | None = None
    variant: str | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """What is said, in the order way, tie, variant."""
        return tuple(part for part in (self.way, self.tie, self.variant) if part is not None)

    @property
    def text(self) -> str | None:
        """As records and `--case` have it: the parts, comma-separated; None where there is none."""
        return ", ".join(self.parts) or None

    def is_selected_by(self, text: str) -> bool:
        """Whether a declaration is about this case, such as "npz, wrong shape" or "same-layer"."""
        return {part.strip() for part in text.split(",")} <= set(self.parts)

    def __str__(self) -> str:
        return self.text or "the only case"


#: Where a claim tells nothing apart.
ONLY = Case()
