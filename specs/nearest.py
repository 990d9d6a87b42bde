"""Hints at the known word that a mistyped one stands for."""

from __future__ import annotations

from collections.abc import Iterable, Set
from difflib import get_close_matches

#: How many words a hint names at most where none is near, and how many are offered where some are.
LISTED, OFFERED = 12, 3


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that follows "there is no such …; ": the words that may be meant, else what is known.

    A word that goes on as this one begins comes before one that merely looks like it. Long lists
    are cut, so that the hint stays readable.
    """
    words = sorted(known) if isinstance(known, Set) else list(dict.fromkeys(known))
    if close := near(word, words):
        *others, last = map(repr, close)
        return f"did you mean {', '.join(others)}{' or ' if others else ''}{last}?"
    if not words:
        return "none are known"
    more = len(words) - LISTED
    listed = ", ".join(words[:LISTED])
    return f"known are {listed}{f' and {more} more' if more > 0 else ''}"


def near(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> list[str]:
    """The known words that a mistyped one may stand for, if any is near enough.

    cutoff: how alike two words must be, from 0 to 1, as in `difflib`.
    """
    folded: dict[str, str] = {}
    for each in known:
        folded.setdefault(each.casefold(), each)
    lower = word.casefold()
    longer = [each for each in folded if lower and each.startswith(lower)]
    found = longer if 0 < len(longer) <= OFFERED else get_close_matches(lower, folded, 1, cutoff)
    return [folded[each] for each in found]
