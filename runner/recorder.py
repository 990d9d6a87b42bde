"""Writing the records of a process as it runs, and summarising them."""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path as File
from typing import Any

import pytest
from hypothesis import settings

from paramlaws.runner.journal import Journal, footer, part, unite
from paramlaws.runner.target import Target
from paramlaws.runner.trial import Trial
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.record import SCHEMA_VERSION, Record
from paramlaws.specs.space import axes
from paramlaws.specs.verdict import FAILING, WORST_FIRST, counted, settled

RECORDER = pytest.StashKey["Recorder"]()


class Recorder:
    """The journals of one process, one per target or one for all.

    trials: the planned trials of all processes together.
    """

    def __init__(self, config: pytest.Config, trials: Sequence[Trial]) -> None:
        self.config = config
        self.trials: dict[str, list[Trial]] = {}
        for trial in trials:
            self.trials.setdefault(trial.target.id, []).append(trial)
        self.journals: dict[str, Journal] = {}
        self.lines: list[dict[str, Any]] = []

    def open(self) -> None:
        """Opens the journals and writes their headers.

        A run of all claims starts a new journal, a run of some is appended. A run with `--example`
        is only recorded with `--results`. Raises ResultsError if a file cannot be written.
        """
        if self.config.getoption("--example") is not None and not self.config.getoption(
            "--results"
        ):
            return
        worker = getattr(self.config, "workerinput", {}).get("workerid")
        opened: dict[File, Journal] = {}
        for target_id, trials in self.trials.items():
            file = results_file(self.config, target_id)
            whole = is_whole(trials)
            if file not in opened:
                if worker is None:
                    unite(file)
                    opened[file] = Journal(file, append=file.exists() and not whole)
                else:
                    opened[file] = Journal(part(file, worker), append=True)
            self.journals[target_id] = opened[file]
            opened[file].write(self._header(trials, whole))

    def started(self, trial: Trial) -> None:
        """Records that a trial begins, so that the report can name it if it never ends."""
        record = {"record": "started", "target": trial.target.id, "claim": trial.claim.id}
        self._write(trial.target.id, {**record, "case": trial.case.text})

    def record(self, record: Record) -> None:
        """Records a verdict."""
        self.lines.append(record.line())
        self._write(record.target, self.lines[-1])

    def close(self) -> None:
        """Writes the footers and closes the journals; a run that is cut short has no footer."""
        ended = Counter(line["target"] for line in self.lines)
        alone = not hasattr(self.config, "workerinput")
        for target_id, trials in self.trials.items():
            done = ended[target_id]
            if not alone or done == len(trials):
                self._write(target_id, footer(target_id, done, now()))
        for journal in {id(j): j for j in self.journals.values()}.values():
            journal.close()

    def _write(self, target_id: str, line: dict[str, Any]) -> None:
        if target_id in self.journals:
            self.journals[target_id].write(line)

    def _header(self, trials: Sequence[Trial], whole: bool) -> dict[str, Any]:
        target = trials[0].target
        run = {
            "seed": target.seed,
            "profile": self.config.getoption("--hypothesis-profile") or "default",
            "examples": settings.default.max_examples if settings.default else None,
            "sizes": list(target.sizes),
            "started": now(),
            "paramlaws": version("paramlaws"),
            "command": shlex.join(["pytest", *sys.argv[1:]]),
        }
        planned = [{"claim": trial.claim.id, "case": trial.case.text} for trial in trials]
        return header(target, run, planned, whole=whole)


def results_file(config: pytest.Config, target_id: str) -> File:
    """The results file of a target."""
    where = config.getoption("--results")
    return File(where) if where else results_folder(config) / f"{target_id}.jsonl"


def results_folder(config: pytest.Config) -> File:
    """The folder of results files, unless `--results` names a file."""
    return config.invocation_params.dir / "reports" / "results"


def is_whole(trials: Sequence[Trial]) -> bool:
    """Whether these are all trials of their target."""
    suite = trials[0].target.suite
    return len(trials) == sum(len(claim.cases_on(suite)) for claim in CATALOGUE)


def header(
    target: Target, run: Mapping[str, Any], planned: Sequence[Mapping[str, Any]], *, whole: bool
) -> dict[str, Any]:
    """The header of a target's records: the run, the planned trials, and the catalogue.

    whole: whether all trials of the target are planned.
    """
    return {
        "record": "header",
        "schema_version": SCHEMA_VERSION,
        "target": target.describe(),
        "run": run,
        "whole": whole,
        "claims": [
            {
                "id": claim.id,
                "revision": claim.revision,
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
        "planned": list(planned),
    }


def summary(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """A line per target with the number of claims per verdict, a claim's being its worst case's."""
    worst: dict[str, dict[str, str]] = {}
    for record in settled(records):
        own = worst.setdefault(record["target"], {})
        pair = (record["verdict"], own.get(record["claim"], record["verdict"]))
        own[record["claim"]] = min(pair, key=WORST_FIRST.index)
    lines = []
    for target_id, found in worst.items():
        counts = Counter(found.values())
        counts["not-run"] = len(CATALOGUE) - len(found)
        lines.append(f"{target_id}: of {len(CATALOGUE)} claims, {', '.join(counted(counts))}")
    return lines


def hidden(records: Sequence[Mapping[str, Any]]) -> list[str]:
    """Messages for claims that failed only on other claims' examples, and so in no test."""
    return [
        f"{after['claim']} is {after['verdict']} on {after['target']}: {after['message']}\n"
        f"  reproduce: {after['reproduce']}"
        for before, after in zip(records, settled(records), strict=True)
        if after["verdict"] in FAILING and before["verdict"] not in FAILING
    ]


def now() -> str:
    """The current time, as records give it."""
    return datetime.now(UTC).isoformat(timespec="seconds")
