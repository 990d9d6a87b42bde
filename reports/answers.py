"""How targets differ: what each does, in which cases and under which condition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from paramlaws.reports import labels, words
from paramlaws.reports.names import short_names
from paramlaws.specs.verdict import DEPARTS, FAILING, HOLDS, STALE, UNSUPPORTED, VIOLATED

Data: TypeAlias = dict[str, Any]

#: The verdicts of targets that differ from the book or from a law, the worst first.
_DIFFERENT = (VIOLATED, STALE, DEPARTS)
#: The suite that illustrates the claims and is no framework that anybody would look up.
_REFERENCE = "reference"


@dataclass(frozen=True)
class Part:
    """A part of a sentence: what a target does, and under which condition.

    before: the text that joins it to the preceding part.
    condition: a clause that follows "if"; empty if there is none.
    """

    words: str
    condition: str = ""
    before: str = ""

    @property
    def after(self) -> str:
        """The condition with a comma and "if", or nothing."""
        return f", if {self.condition}" if self.condition else ""

    def __str__(self) -> str:
        return f"{self.before}{self.words}{self.after}"


#: The id of a target, and some of its cases.
GivenBy: TypeAlias = "tuple[str, tuple[str | None, ...]]"
#: The parts of a sentence that begins with a claim's topic.
Sentence: TypeAlias = "tuple[Part, ...]"


@dataclass(frozen=True)
class Answer:
    """What some targets do, as a sentence that begins with the claim's topic.

    verdict: that of all of them; `holds` for a convention that some keep and others depart from
        although they do the same.
    cases: the cases in which they do so, in words; empty if it is all that they support.
    names: the targets' names, with a mark on those that depart if not all of them do.
    given_by: for each of these, the target's id and its cases.
    """

    verdict: str
    parts: Sentence
    cases: str
    names: tuple[str, ...]
    given_by: tuple[GivenBy, ...] = ()

    @property
    def text(self) -> str:
        """The sentence without the names of the targets."""
        words = "".join(map(str, self.parts))
        return f"[{self.cases}] {words}" if self.cases else words


@dataclass(frozen=True)
class Difference:
    """A claim and its answers, those that differ from it first."""

    claim: Data
    answers: tuple[Answer, ...]

    @property
    def departs(self) -> bool:
        """Whether some target differs from the book or from the law, not only from another."""
        return any(answer.verdict in _DIFFERENT for answer in self.answers)

    @property
    def fails(self) -> bool:
        """Whether some target does so without a declaration."""
        return any(answer.verdict in FAILING for answer in self.answers)


def differences(report: Data) -> list[Difference]:
    """The claims on which targets differ from the book, from a law, or from each other.

    Failures come first, then departures. The reference is included only if it is alone.
    """
    suites = {target["id"]: target["suite"] for target in report["targets"]}
    real = {name for name, suite in suites.items() if suite != _REFERENCE} or {*suites}
    rows: dict[str, list[Data]] = defaultdict(list)
    for row in report["verdicts"]:
        if row["target"] in real:
            rows[row["claim"]].append(row)
    names = short_names(report)
    found = []
    for claim in report["claims"]:
        own = rows[claim["id"]]
        behaviours = {row["behaviour"] for row in own if row["behaviour"]}
        if len(behaviours) > 1 or any(row["verdict"] in _DIFFERENT for row in own):
            found.append(Difference(claim, tuple(_answers(claim, own, names))))
    return sorted(found, key=lambda one: (not one.fails, not one.departs))


def _answers(claim: Data, rows: Iterable[Data], names: dict[str, str]) -> list[Answer]:
    by_target: dict[str, list[Data]] = defaultdict(list)
    for row in rows:
        if row["verdict"] != UNSUPPORTED:
            by_target[row["target"]].append(row)
    seen: dict[tuple[str, Sentence, str], dict[str, tuple[str, GivenBy]]] = {}
    for target, own in by_target.items():
        supported = [row["case"] for row in own]
        said: dict[tuple[str, Sentence], list[str | None]] = {}
        for row in own:
            if parts := sentence(claim, row):
                said.setdefault((row["verdict"], parts), []).append(row["case"])
        for (verdict, parts), chosen in said.items():
            # Equal answers to a convention are one, whatever was expected of the targets.
            kind = HOLDS if claim["kind"] == "convention" and verdict == DEPARTS else verdict
            key = kind, parts, labels.label(chosen, supported)
            seen.setdefault(key, {})[names[target]] = verdict, (target, tuple(chosen))
    answers = [_answer(*key, who) for key, who in seen.items()]
    order = (*_DIFFERENT, HOLDS)
    return sorted(answers, key=lambda answer: order.index(answer.verdict))


def _answer(kind: str, parts: Sentence, where: str, who: dict[str, tuple[str, GivenBy]]) -> Answer:
    verdicts = {name: verdict for name, (verdict, _) in who.items()}
    given_by = tuple(given for _, given in who.values())
    alike = next(iter(verdicts.values()))
    if {*verdicts.values()} == {alike}:
        return Answer(alike, parts, where, tuple(who), given_by)
    marked = (f"{n} {words.SYMBOLS[v]}" if v != kind else n for n, v in verdicts.items())
    return Answer(kind, parts, where, tuple(marked), given_by)


def sentence(claim: Data, row: Data) -> Sentence:
    """What one verdict says about its target; empty if it says nothing that can be compared."""
    verdict = row["verdict"]
    if verdict in (VIOLATED, STALE):
        return (Part(f"{verdict}: {words.first_line(row['message'])}".rstrip(": ")),)
    if verdict == DEPARTS:
        return _departing(claim, row)
    if verdict != HOLDS:
        return ()
    seen = words.behaviour(claim, row) or (words.rule(claim) if claim["kind"] == "law" else None)
    return (Part(seen),) if seen else ()


def _departing(claim: Data, row: Data) -> Sentence:
    """Each departure with its condition, in their order; the first true condition counts."""
    conditions: dict[str, list[str]] = {}
    for departure in _declared(row):
        seen = words.behaviour(claim, {**row, "behaviour": departure["behaviour"]})
        said = departure.get("words") or seen or DEPARTS
        conditions.setdefault(said, []).append(words.condition(departure))
    parts: list[Part] = []
    for said, own in conditions.items():
        before = "; else " if parts else ""
        if "" in own:
            # Nothing is left for another departure, or the rule.
            return (*parts, Part(said, before=before))
        parts.append(Part(said, ", or if ".join(dict.fromkeys(own)), before))
    rule = _expected(claim, row) if _held(row) else None
    return (*parts, Part(rule, before="; otherwise: ")) if rule else tuple(parts)


def _held(row: Data) -> bool:
    """Whether the claim held on some example, as far as the file has it; older ones do not."""
    departed: int | None = row.get("departed")
    return departed is None or departed < row["examples"]


def _declared(row: Data) -> Sequence[Data]:
    declared: Sequence[Data] = row["departures"]
    if row["behaviour"] in {departure["behaviour"] for departure in declared}:
        return declared
    return [{"behaviour": row["behaviour"], "where": []}]


def _expected(claim: Data, row: Data) -> str | None:
    """What the target does unless it departs."""
    if claim["kind"] == "law":
        return words.rule(claim)
    return words.behaviour(claim, {**row, "behaviour": row["expected"], "departures": []})
