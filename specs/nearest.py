"""Hints at the known word that a mistyped one stands for."""

from __future__ import annotations

from collections.abc import Iterable, Set
from difflib import get_close_matches

#: How many words a hint names at most where none is near, and how many are offered where some are.
LISTED, OFFERED = 12, 3


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that follows "there is no such …; ": the words that may be meant, else what is known.

    Words that begin as this one come before those that merely look like it. Long lists are cut, so
    that the hint stays readable.
    """
    words = sorted(known) if isinstance(known, Set) else list(dict.fromkeys(known))
    begun = [each for each in words if word and each.casefold().startswith(word.casefold())]
    if close := begun if 0 < len(begun) <= OFFERED else alike(word, words):
        *others, last = map(repr, close)
        return f"did you mean {', '.join(others)}{' or ' if others else ''}{last}?"
    if not words:
        return "none are known"
    more = len(words) - LISTED
    listed = ", ".join(words[:LISTED])
    return f"known are {listed}{f' and {more} more' if more > 0 else ''}"


def alike(word: str, known: Iterable[str], cutoff: float = 0.6) -> list[str]:
    """The known word that looks most like this one, whatever their case; nothing if none does.

    cutoff: how alike they must be, from 0 to 1, as in `difflib`.
    """
    folded: dict[str, str] = {}
    for each in known:
        folded.setdefault(each.casefold(), each)
    return [folded[each] for each in get_close_matches(word.casefold(), folded, 1, cutoff)]
