"""The report as data: `report.json`, described by `report.schema.json`."""

from __future__ import annotations

from typing import Any

from paramlaws.reports.compat import NOTHING as NO_RELEASES
from paramlaws.reports.merge import Comparison
from paramlaws.reports.power import NOTHING
from paramlaws.reports.schemas import REPORT

SCHEMA_VERSION = 2
_FIELDS = (
    "claim",
    "target",
    "case",
    "verdict",
    "behaviour",
    "expected",
    "revision",
    "examples",
    "fixed",
    "drawn",
    "distinct",
    "blocked",
    "seconds",
    "counterexample",
    "message",
    "departures",
    "untried",
    "unsupported",
    "occurred",
    "reproduce",
)
#: The defaults of fields that files of earlier versions lack.
_LATER: dict[str, Any] = {
    "expected_source": None,
    "explored": [],
    "verbs": [],
    "shown": {},
    "outline": None,
    "script": None,
    "departed": None,
    "native": None,
}
_LATER_IN_CLAIMS: dict[str, Any] = {"topic": "", "words": {}, "after": [], "code": ""}


def document(
    comparison: Comparison,
    generated: str,
    power: dict[str, Any] | None = None,
    compat: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The report of a comparison.

    generated: the time, in ISO format.
    power: the measurements that `reports.power` reads.
    compat: the table that `reports.compat` reads.

    Raises jsonschema.ValidationError if it does not fit its schema, which is a bug here.
    """
    claims = comparison.claims
    wanted = ("id", "revision", "kind", "group", "statement", "source", "behaviours")
    made = {
        "schema_version": SCHEMA_VERSION,
        "generated": generated,
        "axes": comparison.axes,
        "claims": [
            {
                **{name: claim[name] for name in wanted},
                **{name: claim.get(name, none) for name, none in _LATER_IN_CLAIMS.items()},
            }
            for claim in claims
        ],
        "targets": [
            {
                "verbs": {},
                "documentation": None,
                "again": None,
                **target.facts,
                "complete": target.complete,
                "notes": target.notes,
                "counts": target.counts(claims),
                "claims": len(claims),
            }
            for target in comparison.targets
        ],
        "verdicts": [
            {
                **{name: row[name] for name in _FIELDS},
                **{name: row.get(name, none) for name, none in _LATER.items()},
            }
            for target in comparison.targets
            for row in target.rows.values()
        ],
        "suspects": comparison.suspects,
        "notes": comparison.notes,
        "power": power or NOTHING,
        "compat": compat or NO_RELEASES,
    }
    REPORT.check(made)
    return made
