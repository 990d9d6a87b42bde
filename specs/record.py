"""The record of one case of a claim on one target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

#: The schema version of a results file's lines (`reports/record.schema.json`).
SCHEMA_VERSION = 2


class ResultsError(Exception):
    """Results that cannot be read or written; the message names the file and the way out."""


@dataclass(frozen=True)
class Record:
    """A verdict and its evidence: a line of a results file.

    target, claim, case: what was judged; case is a text such as "deepcopy, same-layer", or None.
    revision: the claim's, raised when its meaning changes.
    verdict: one of `specs.verdict.VERDICTS`.
    behaviour: the answer to a convention, or what was observed of a departure.
    expected: the behaviour that a convention should show.
    expected_source: {"source": "book"}, or {"source": "documented", "link": ...}; None where
        nothing is expected.
    examples: how many examples were judged: `fixed` that every run tries, and `drawn` by
        Hypothesis; `distinct` of them differ.
    departed: on how many of these a declared departure was observed.
    blocked: on how many further examples the claim failed because another one did, by that claim.
    blockers: the first undeclared failure of each such claim: claim, case, example, message, and
        the command that reproduces it.
    seconds: how long it took.
    counterexample: the smallest example of a finding, as text.
    message: why the verdict fails, None where it does not.
    departures, untried, unsupported: what is declared.
    occurred: on how many judged examples a feature or occurrence was present, by its name.
    explored: the examples' distribution over the space of networks (`specs.space`).
    verbs: the verbs of the suite that were used.
    shown: data for the report's pictures.
    outline, script: the counterexample as data for a picture, and in the framework's own code.
    native: the section of the framework's native script that shows the behaviour, if there is one.
    reproduce: the command that reproduces a failure.
    """

    target: str
    claim: str
    case: str | None
    revision: int
    verdict: str
    behaviour: str | None
    expected: str | None
    examples: int
    fixed: int
    drawn: int
    distinct: int
    blocked: Mapping[str, int]
    seconds: float
    counterexample: str | None
    message: str | None
    departed: int = 0
    blockers: Sequence[Mapping[str, Any]] = ()
    expected_source: Mapping[str, str] | None = None
    departures: Sequence[Mapping[str, Any]] = ()
    untried: Sequence[str] = ()
    unsupported: Mapping[str, str] | None = None
    occurred: Mapping[str, int] = field(default_factory=dict)
    explored: Sequence[str] = ()
    verbs: Sequence[str] = ()
    shown: Mapping[str, Any] = field(default_factory=dict)
    outline: Mapping[str, Any] | None = None
    script: str | None = None
    native: str | None = None
    reproduce: str | None = None

    def line(self) -> dict[str, Any]:
        """The record as a line of a results file, before it is encoded as JSON."""
        return {"record": "verdict", **asdict(self)}
