"""Writing the records of a run, as it goes, and summing them up at its end."""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path as File
from typing import Any, TypeAlias

import pytest
from hypothesis import settings

from paramlaws.reports.records import SCHEMA_VERSION, WORST_FIRST, Journal
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.space import axes
from paramlaws.specs.verdict import ERRORED, UNSUPPORTED, Blocked, blocked
from paramlaws.suites.plan import Plan, Planned, TargetPlan

Key: TypeAlias = "tuple[str, str | None]"


class Recorder:
    """The journals of a run, one a target or one for all.

    Where several processes share the run, this is the one that writes what all of them see.
    """

    def __init__(self, config: pytest.Config, plan: Plan) -> None:
        self.config = config
        self.plan = plan
        self.journals: dict[str, Journal] = {}
        self.planned: dict[str, dict[Key, Planned]] = {
            own.target["id"]: {(trial.claim, trial.case): trial for trial in own.trials}
            for own in plan.targets
        }
        self.records: list[dict[str, Any]] = []
        self.verdicts: dict[str, dict[Key, str]] = {}
        self.waiting: list[dict[str, Any]] = []

    def open(self) -> None:
        """Opens the journals and writes their headers; ResultsError where that is not possible.

        A run of all claims starts a journal afresh, a run of some is appended to it; one example is
        for looking at and is recorded only where `--results` says so.
        """
        where = self.config.getoption("--results")
        if self.config.getoption("--example") is not None and where is None:
            return
        opened: dict[File, Journal] = {}
        for own in self.plan.targets:
            target_id = own.target["id"]
            file = File(where) if where else self._default(target_id)
            if file not in opened:
                opened[file] = Journal(file, append=file.exists() and not own.whole)
            self.journals[target_id] = opened[file]
            opened[file].write(self._header(own))

    def started(self, target_id: str, trial: Planned) -> None:
        """Records that a trial begins, so that one that never ends can be named."""
        record = {"record": "started", "target": target_id}
        self._write(target_id, {**record, "claim": trial.claim, "case": trial.case})

    def record(self, record: dict[str, Any]) -> None:
        """Records a verdict, as soon as there is one of each claim that this one builds on.

        In one process these come first; of several, each runs what it is given.
        """
        self.waiting.append(record)
        while ready := [waiting for waiting in self.waiting if self._is_ready(waiting)]:
            self.waiting = [waiting for waiting in self.waiting if waiting not in ready]
            for waiting in ready:
                self._take(waiting)

    def _is_ready(self, record: dict[str, Any]) -> bool:
        planned, known = self.planned[record["target"]], self.verdicts.get(record["target"], {})
        after = CATALOGUE[record["claim"]].after
        return all(key in known for key in planned if key[0] in after)

    def _take(self, record: dict[str, Any]) -> None:
        key = (record["claim"], record["case"])
        verdicts = self.verdicts.setdefault(record["target"], {})
        planned = self.planned[record["target"]]
        after = {i: [c for own, c in planned if own == i] for i in CATALOGUE[key[0]].after}
        reason = blocked(after, key[1], verdicts)
        if reason is not None and record["verdict"] != UNSUPPORTED:
            record = _blocked_record(record, reason, planned[key])
        verdicts[key] = record["verdict"]
        self.records.append(record)
        self._write(record["target"], record)

    def close(self) -> None:
        """Writes the footers of the targets that were run to the end, and closes the journals."""
        for record in self.waiting:
            self._take(record)
        self.waiting = []
        done = Counter(record["target"] for record in self.records)
        for target_id, trials in self.planned.items():
            if done[target_id] == len(trials):
                footer = {"record": "footer", "target": target_id, "verdicts": len(trials)}
                self._write(target_id, {**footer, "ended": now()})
        for journal in {id(j): j for j in self.journals.values()}.values():
            journal.close()

    def summary(self) -> list[str]:
        """A line per target: of how many claims, how many got each verdict."""
        lines = []
        for target_id in self.planned:
            worst: dict[str, str] = {}
            for record in (r for r in self.records if r["target"] == target_id):
                pair = (record["verdict"], worst.get(record["claim"], record["verdict"]))
                worst[record["claim"]] = min(pair, key=WORST_FIRST.index)
            counts = Counter(worst.values())
            counts["not-run"] = len(CATALOGUE) - len(worst)
            words = [f"{counts[verdict]} {verdict}" for verdict in _ORDER]
            lines.append(f"{target_id}: of {len(CATALOGUE)} claims, {', '.join(words)}")
        return lines

    def _write(self, target_id: str, record: dict[str, Any]) -> None:
        if target_id in self.journals:
            self.journals[target_id].write(record)

    def _default(self, target_id: str) -> File:
        return self.config.rootpath / "reports" / "results" / f"{target_id}.jsonl"

    def _header(self, own: TargetPlan) -> dict[str, Any]:
        run = {
            "seed": own.seed,
            "profile": self.config.getoption("--hypothesis-profile") or "default",
            "examples": settings.default.max_examples if settings.default else None,
            "sizes": list(own.sizes),
            "started": now(),
            "paramlaws": version("paramlaws"),
            "command": shlex.join(["pytest", *sys.argv[1:]]),
        }
        planned = [{"claim": trial.claim, "case": trial.case} for trial in own.trials]
        return header(own.target, run, planned)


def _blocked_record(record: dict[str, Any], reason: Blocked, trial: Planned) -> dict[str, Any]:
    """What the record is where another process has found a reason not to judge the claim."""
    nothing: dict[str, Any] = {
        "behaviour": None,
        "examples": 0,
        "counterexample": None,
        "occurred": {},
        "explored": [],
        "verbs": [],
        "shown": {},
        "outline": None,
        "script": None,
    }
    failed = {"verdict": ERRORED, "message": str(reason), "reproduce": trial.command}
    return {**record, **nothing, **failed}


def header(
    target: dict[str, Any], run: dict[str, Any], planned: list[dict[str, Any]]
) -> dict[str, Any]:
    """The header of a target's records: what runs, what is planned, and all claims there are."""
    return {
        "record": "header",
        "schema_version": SCHEMA_VERSION,
        "catalogue": CATALOGUE.version,
        "target": target,
        "run": run,
        "claims": [
            {
                "id": claim.id,
                "kind": claim.kind,
                "group": claim.group,
                "statement": claim.statement,
                "source": claim.source,
                "behaviours": list(claim.behaviours),
                "after": list(claim.after),
                "code": claim.code,
                "topic": claim.topic,
                "words": dict(claim.words),
            }
            for claim in CATALOGUE
        ],
        "axes": axes(),
        "planned": planned,
    }


_ORDER = ("holds", "departs", "violated", "stale", "errored", "unsupported", "not-run")


def now() -> str:
    """The time, as it is recorded."""
    return datetime.now(UTC).isoformat(timespec="seconds")
