"""The cases of one cell without repetition: equal results grouped, departures described once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from paramlaws.reports import words

Data: TypeAlias = dict[str, Any]

#: The fields in which rows must agree to form one result.
_SAME = (
    "verdict",
    "behaviour",
    "expected",
    "expected_source",
    "message",
    "counterexample",
    "unsupported",
)
_COUNTS = ("examples", "drawn", "fixed", "distinct", "seconds")
#: The verdicts of cases that were not judged, in which no declaration was tested.
_UNJUDGED = ("unsupported", "not-run")


def answers(cell: Data, claim: Data) -> list[str]:
    """The distinct behaviours of a cell in words, those of the worst verdict first."""
    told = (words.behaviour(claim, row) for row in cell["rows"])
    return list(dict.fromkeys(filter(None, told)))


def grouped(cell: Data, claim: Data) -> list[Data]:
    """The results of a cell, the worst first: each with its cases, its rows and their sums."""
    found: dict[str, list[Data]] = {}
    for row in cell["rows"]:
        parts = [words.behaviour(claim, row), *(row.get(name) for name in _SAME)]
        key = json.dumps(parts, sort_keys=True)
        found.setdefault(key, []).append(row)
    return [
        {
            **rows[0],
            **{name: sum(row[name] for row in rows) for name in _COUNTS},
            "departed": sum(row.get("departed") or 0 for row in rows),
            "rows": rows,
            "cases": [row["case"] for row in rows if row["case"]],
            "blocked": _added(row["blocked"] for row in rows),
            "reproduce": _distinct(row["reproduce"] for row in rows),
            "native": _natives(rows),
        }
        for rows in found.values()
    ]


def departures(cell: Data) -> list[Data]:
    """The departures declared for the judged cases of a cell, each once, with its places.

    A place is a case, a behaviour in code and in words, and the condition under which it shows.
    """
    return _once(
        cell,
        lambda row: row["departures"],
        lambda departure: (departure["reason"], departure["smallest"], departure["link"]),
    )


def untried(cell: Data) -> list[Data]:
    """What was not tried in a cell, each text once, with the cases that it applies to."""
    return _once(cell, lambda row: ({"text": text} for text in row["untried"]), lambda one: one)


def _once(
    cell: Data, parts: Callable[[Data], Iterable[Data]], identity: Callable[[Data], object]
) -> list[Data]:
    """The parts of all judged rows, equal ones grouped, with their places."""
    found: dict[str, Data] = {}
    for row in cell["rows"]:
        if row["verdict"] in _UNJUDGED:
            continue
        for part in parts(row):
            key = json.dumps(identity(part), sort_keys=True)
            one = found.setdefault(key, {**part, "places": []})
            one["places"].append({"case": row["case"], **part})
    return list(found.values())


def places(departure: Data, claim: Data) -> list[Data]:
    """How a departure shows, with the cases that show it in the same way grouped."""
    found: dict[tuple[str, str], list[str]] = {}
    for place in departure["places"]:
        behaviour = place["behaviour"]
        told = place.get("words") or claim["words"].get(behaviour, behaviour)
        cases = found.setdefault((told, words.condition(place)), [])
        cases += [place["case"]] if place["case"] else []
    return [
        {"words": told, "condition": only, "cases": cases} for (told, only), cases in found.items()
    ]


def _added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for one in counts:
        for name, times in one.items():
            total[name] = total.get(name, 0) + times
    return total


def _natives(rows: Iterable[Data]) -> list[Data]:
    """The native code of rows, each once, with the cases that it shows."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.get("native"):
            cases = found.setdefault(row["native"], [])
            cases += [row["case"]] if row["case"] else []
    return [{"code": code, "cases": cases} for code, cases in found.items()]


def _distinct(texts: Iterable[str | None]) -> Sequence[str]:
    return list(dict.fromkeys(text for text in texts if text))
