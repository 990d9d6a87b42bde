"""What is recorded of one case of a claim on one target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

#: Of the lines of a results file, which `record.schema.json` among the reports describes.
SCHEMA_VERSION = 2


class ResultsError(Exception):
    """Results that cannot be read or written; the message names the file and the way out."""


@dataclass(frozen=True)
class Record:
    """A verdict and what it follows from: a line of a results file.

    target, claim, case: what was judged; case is a text such as "deepcopy, same-layer", or None.
    revision: of the claim, raised when its meaning changes.
    verdict: one of `specs.verdict.VERDICTS`.
    behaviour: the answer to a convention, or what was observed of a departure.
    expected: the behaviour that a convention should show.
    expected_source: where that is stated: {"source": "book"}, or {"source": "documented", "link":
        ...}; None where nothing is expected.
    examples: how many examples were judged: `fixed` of them in every run, `drawn` by Hypothesis,
        and `distinct` of both together.
    departed: on how many of these a declared departure was observed.
    blocked: by claim, on how many further examples this one failed because that one did.
    blockers: of each such claim the first failure that is not declared: claim, case, example,
        message, and the command that shows it.
    seconds: how long it took.
    counterexample: the smallest example of a finding, as text.
    message: why the verdict fails, None where it does not.
    departures, untried, unsupported: what is declared.
    occurred: by feature or occurrence, on how many judged examples it was there.
    explored: where in the space of networks the examples lay (`specs.space`).
    verbs: which verbs of the suite were used.
    shown: what a report may draw.
    outline, script: the counterexample as data for a picture, and in the framework's own code.
    native: the framework's own lines that show what was seen, where there are any.
    reproduce: the command that shows a failure again.
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
        """As a line of a results file."""
        return {"record": "verdict", **asdict(self)}
