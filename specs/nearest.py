"""Suggestions for mistyped words."""

from __future__ import annotations

from collections.abc import Iterable, Set
from difflib import get_close_matches

#: The most words that a hint lists if none is similar, and the most that it offers if some are.
LISTED, OFFERED = 12, 3


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that follows "there is no …; ": the words that may be meant, else the known ones.

    Words that `word` begins are preferred to those that merely look like it. Long lists are cut.
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
    """The known word most similar to this one, ignoring case, as a list of at most one.

    cutoff: the least similarity, from 0 to 1, as in `difflib`.
    """
    folded: dict[str, str] = {}
    for each in known:
        folded.setdefault(each.casefold(), each)
    return [folded[each] for each in get_close_matches(word.casefold(), folded, 1, cutoff)]
