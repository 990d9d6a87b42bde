"""The cases of a claim, each with a verdict of its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One of the cases in which a claim is tried on a target.

    way: a documented way in which the target does what the claim is about, one of `Suite.ways`.
    tie: the way of tying, one of `architecture.TIE_CASES`.
    variant: a distinction that the claim itself makes, such as "wrong shape".
    """

    way: str | None = None
    tie: str | None = None
    variant: str | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that are not None, in the order way, tie, variant."""
        return tuple(part for part in (self.way, self.tie, self.variant) if part is not None)

    @property
    def text(self) -> str | None:
        """The parts separated by commas, as in records and `--case`; None if there are none."""
        return ", ".join(self.parts) or None

    def is_selected_by(self, text: str) -> bool:
        """Whether all parts of `text`, such as "npz, wrong shape", are parts of this case."""
        return {part.strip() for part in text.split(",")} <= set(self.parts)

    def __str__(self) -> str:
        return self.text or "the only case"


#: The case of a claim that makes no distinctions.
ONLY = Case()
