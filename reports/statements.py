"""A framework's answers over its releases, as runs of equal answers with their first releases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from paramlaws.reports import words
from paramlaws.reports.answers import sentence
from paramlaws.reports.reading import Record
from paramlaws.specs.verdict import DEPARTS, ERRORED, NOT_RUN, UNSUPPORTED

Data: TypeAlias = dict[str, Any]

#: The answer of a release that could not be judged, as a claim that it builds on fails there.
BLOCKED = "blocked"
#: Answers that say nothing about a release: they are no behaviours and end no run.
UNKNOWN = (ERRORED, BLOCKED, NOT_RUN)


@dataclass(frozen=True)
class Answer:
    """What a release does, as far as releases are compared.

    when: the condition under which it does so, as a clause that follows "if"; None if always.
    others: the behaviours and conditions of all departures that are declared there.
    """

    verdict: str
    behaviour: str | None = None
    when: str | None = None
    others: tuple[tuple[str, str], ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether the answer says something about the release."""
        return self.verdict not in UNKNOWN


@dataclass(frozen=True)
class Statement:
    """An answer, and the releases that give it.

    words: the answer as a clause that follows the claim's topic.
    since: the first release, with "≤" if an earlier one may have been the first.
    until: the last release, with "≥" if a later one may have been the last; None if it is current.
    after: the last tested release before it that gave another answer; None if there is none.
    tested: the releases that gave it.
    reproducer: the name of the script that shows a departure.
    note: the reason, in a line.
    example: the smallest example on which the last of these releases failed, as text.
    """

    verdict: str
    behaviour: str | None
    when: str | None
    words: str
    since: str
    until: str | None
    after: str | None
    tested: tuple[str, ...]
    reproducer: str | None
    note: str | None
    example: str | None

    def data(self) -> Data:
        """The statement as plain data, as in a compat table."""
        return {**asdict(self), "tested": list(self.tested)}


def answer(row: Record | None) -> Answer:
    """What a verdict says about its release."""
    if row is None:
        return Answer(NOT_RUN)
    if row["verdict"] == ERRORED:
        # If it failed on an example on which everything that it builds on holds, it is to blame.
        blocked = row["blocked"] and row["counterexample"] is None
        return Answer(BLOCKED if blocked else ERRORED)
    declared = row["departures"] if row["verdict"] == DEPARTS else []
    others = tuple((each["behaviour"], words.condition(each)) for each in declared)
    conditions = dict.fromkeys(when for behaviour, when in others if behaviour == row["behaviour"])
    when = None if "" in conditions else ", or if ".join(conditions) or None
    return Answer(row["verdict"], row["behaviour"], when, others)


def statements(
    claim: Record, versions: Sequence[str], rows: Mapping[str, Record | None]
) -> list[Statement]:
    """The statements about a claim, in one of its cases, in the order of their first releases.

    versions: the tested releases, the oldest first.
    rows: the verdict on each; None if there is none.
    """
    answers = {version: answer(rows[version]) for version in versions}
    known = [version for version in versions if answers[version].is_known]
    unknown = [version for version in versions if not answers[version].is_known]
    runs = [
        # The answers before and after a release whose answer is unknown may belong to one run.
        *((run, known) for run in _runs(known, answers, known)),
        *((run, versions) for run in _runs(unknown, answers, versions)),
    ]
    made = [_statement(claim, run, answers, versions, among, rows) for run, among in runs]
    return sorted(made, key=lambda one: versions.index(one.tested[0]))


def _runs(
    chosen: Sequence[str], answers: Mapping[str, Answer], among: Sequence[str]
) -> list[list[str]]:
    """The chosen releases in runs of equal answers, each without gaps among the chosen."""
    runs: list[list[str]] = []
    for version in chosen:
        last = runs[-1][-1] if runs else None
        follows = last and among.index(last) + 1 == among.index(version)
        if last and follows and answers[last] == answers[version]:
            runs[-1].append(version)
        else:
            runs.append([version])
    return runs


def _statement(
    claim: Record,
    run: Sequence[str],
    answers: Mapping[str, Answer],
    versions: Sequence[str],
    among: Sequence[str],
    rows: Mapping[str, Record | None],
) -> Statement:
    """The statement about a run of releases.

    among: the releases in which the run is consecutive: those with a known answer, or all.
    """
    first, last = run[0], run[-1]
    before = among[: among.index(first)]
    # Exact if the release just before was tested and gave another answer.
    exact_since = before and versions.index(before[-1]) + 1 == versions.index(first)
    behind = among[among.index(last) + 1 :]
    exact_until = behind and versions.index(last) + 1 == versions.index(behind[0])
    given, row = answers[first], rows[last]
    departures = row["departures"] if row else []
    own = [d for d in departures if d["behaviour"] == given.behaviour]
    is_current = last == versions[-1]
    return Statement(
        given.verdict,
        given.behaviour,
        given.when,
        _words(claim, given, row),
        first if exact_since else f"≤{first}",
        None if is_current else last if exact_until else f"≥{last}",
        before[-1] if before else None,
        tuple(run),
        next((d["reproducer_name"] for d in own if d.get("reproducer_name")), None),
        _note(given, row, own),
        row["counterexample"] if row else None,
    )


def _words(claim: Record, given: Answer, row: Record | None) -> str:
    if row is None:
        return "not run"
    if given.verdict == BLOCKED:
        return f"blocked by {words.listed(list(row['blocked']))}"
    said = "".join(map(str, sentence(claim, row)))
    return said or given.verdict


def _note(given: Answer, row: Record | None, own: Sequence[Data]) -> str | None:
    if row is None:
        return None
    if given.verdict == UNSUPPORTED and row["unsupported"]:
        return str(row["unsupported"]["reason"])
    if own:
        return str(own[0]["reason"])
    return words.first_line(row["message"]) or None


def span(statement: Data) -> str:
    """The range of releases for which a statement is true, in words.

    statement: as plain data, as a compat table has it.
    """
    first, last = statement["since"], statement["until"]
    if first == last and statement["tested"] == [first]:
        return f"in {first} only"
    words = []
    # If the oldest tested release does it, only the end is known.
    if statement["after"] or last is None:
        words.append(f"since {f'{first[1:]} or earlier' if first.startswith('≤') else first}")
    if statement["after"]:
        words[0] += f" (not in {statement['after']})"
    if last is not None:
        words.append(f"until {f'{last[1:]} or later' if last.startswith('≥') else last}")
    return ", ".join(words)
