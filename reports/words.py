"""Symbols and words that all forms of a report share."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any, TypeAlias

Data: TypeAlias = dict[str, Any]

#: A shape for each verdict, so that it can be recognised without colour.
SYMBOLS = {
    "holds": "●",
    "departs": "◆",
    "violated": "✖",
    "stale": "◌",
    "errored": "▲",
    "unsupported": "⊘",
    "not-run": "○",
}
#: A short explanation of each verdict.
MEANINGS = {
    "holds": "the law held, or the convention was the expected one, on every example",
    "departs": "a known, declared difference, seen on every example that can show it",
    "violated": "a law was broken, or a behaviour seen that is not the expected one",
    "stale": "a declared difference that is no longer there",
    "errored": "the check itself failed: the adapter raised, or a claim it builds on does not hold",
    "unsupported": "the framework has no such notion",
    "not-run": "there is no result",
}


def number(count: int, singular: str, plural: str | None = None) -> str:
    """A number with its noun, as in "1 check" and "1,200 checks"."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def listed(names: Sequence[str]) -> str:
    """Names as a sentence lists them: "one", "one and two", "one, two and three"."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def behaviour(claim: Data, row: Data) -> str | None:
    """The behaviour of a verdict as a clause that follows the claim's topic, None if it has none.

    A departure's own words are preferred to the claim's, and these to the behaviour's name.
    """
    seen: str | None = row["behaviour"]
    if seen is None:
        return None
    own = (d.get("words") for d in row["departures"] if d["behaviour"] == seen)
    words: str = next(filter(None, own), None) or claim["words"].get(seen, seen)
    return words


def rule(claim: Data) -> str:
    """A law as a clause that follows its topic."""
    words: str = claim["words"].get("holds", "holds")
    return words


def condition(departure: Data) -> str:
    """When a departure shows, as a clause that follows "if"; empty if it always does."""
    said: str = departure.get("condition") or " and ".join(departure["where"])
    return said


def cell(row: Data) -> str:
    """A claim with its case, as in `tie.same-parameter[same-layer]`."""
    return f"{row['claim']}[{row['case']}]" if row["case"] is not None else str(row["claim"])


def first_line(text: str | None) -> str:
    """The first line of a message, which says what happened; the others say where."""
    return (text or "").strip().partition("\n")[0]


def command(row: Data, target: Data) -> str:
    """The shell command that reproduces a result."""
    words = ["--claim", row["claim"]]
    if target["run"]["seed"] is not None:
        words += ["--hypothesis-seed", str(target["run"]["seed"])]
    older = shlex.join(["pytest", "--pyargs", "paramlaws.specs", "--suite", target["suite"]])
    return f"{target['again'] or older} {shlex.join(words)}"
