"""Whether what is right is ever called wrong, in run after run.

`python -m paramlaws.faults.alarms --suite NAME --seeds 50` tries all claims with so many further
seeds on a framework in which nothing was changed: no verdict may fail, and all runs must agree;
`python -m paramlaws.faults.alarms all` does so in every environment that tox has made.
`python -m paramlaws.faults.alarms --statistics 10000` runs the claims about distributions so often
on the reference, whose values do come from them, and counts how often a test would reject that.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import hypothesis
from hypothesis import Phase
from scipy import stats

from paramlaws.faults.outcome import SCHEMA_VERSION
from paramlaws.faults.power import FaultError
from paramlaws.runner import profiles
from paramlaws.runner.environments import Environments
from paramlaws.runner.target import Target
from paramlaws.runner.trial import Trial
from paramlaws.specs import distributions
from paramlaws.specs.case import ONLY, Case
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.outcome import Blocked, Violation
from paramlaws.specs.suite import Suite
from paramlaws.specs.verdict import FAILING, settled
from paramlaws.suites import registry

FOLDER = Path("reports/power")
#: The claims about distributions, with their cases.
STATISTICAL = (
    ("init.default-weight", ONLY),
    ("init.default-bias", ONLY),
    ("init.per-block", ONLY),
    ("init.normal", ONLY),
    ("init.custom", Case(variant="chapter's distribution")),
)
#: Those whose every test compares values with the distribution that they do come from; the others
#: also find out from which distributions values do not come.
EACH_IS_RIGHT = ("init.normal", "init.custom")
#: At these levels a rate can be seen; the claims reject at `distributions.ALPHA`.
LEVELS = (0.1, 0.01, 0.001)

Row: TypeAlias = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 where nothing right was called wrong, 1 where something was, 2 for bad input."""
    options = _parser().parse_args(arguments)
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    try:
        if options.statistics:
            return _statistics(options.statistics, options.folder)
        if options.what == "all":
            return _all(options)
        suite = registry.load(options.suite)
        name = options.name or suite.name
        return _runs(suite, name, options.profile, options.seeds, options.folder)
    except (registry.Unavailable, FaultError) as error:
        print(f"paramlaws.faults.alarms: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m paramlaws.faults.alarms", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("what", nargs="?", choices=("all",), help="in every environment of tox")
    what.add_argument("--suite", choices=registry.KNOWN)
    what.add_argument("--statistics", type=int, metavar="RUNS")
    parser.add_argument("--name", help="what the file is called; default: as the suite")
    parser.add_argument("--seeds", type=int, default=50, metavar="NUMBER", help="further ones")
    parser.add_argument("--profile", choices=profiles.EXAMPLES, default="quick")
    parser.add_argument("--folder", type=Path, default=FOLDER, metavar="DIR", help="for the files")
    parser.add_argument("--environments", type=Path, default=Path(".tox"), metavar="DIR")
    return parser


def _all(options: argparse.Namespace) -> int:
    there = Environments(options.environments)
    if not there.suites:
        raise registry.Unavailable(f"{options.environments} has no environment: run tox first")
    module = ["paramlaws.faults.alarms", "--seeds", str(options.seeds)]
    module += ["--profile", options.profile, "--folder", str(options.folder)]
    suites = there.suites.items()
    runs = {name: [*module, "--suite", suite, "--name", name] for name, suite in suites}
    return max(there.run(runs))


# -- runs with other seeds ----------------------------------------------------------------------
def _runs(suite: Suite, name: str, profile: str, seeds: int, folder: Path) -> int:
    file = folder / f"alarms-{name}.json"
    found = _so_far(file, suite)
    done = [run["seed"] for run in found["runs"] if run["profile"] == profile]
    for seed in range(len(done), len(done) + seeds):
        rows = run(suite, profile, seed)
        alarms = [row for row in rows if row["verdict"] in FAILING]
        known = {(row["claim"], row["case"]): row for row in found["verdicts"] or rows}
        alarms += [row for row in rows if row not in alarms and not _same(row, known)]
        found["verdicts"] = found["verdicts"] or [
            {name: row[name] for name in ("claim", "case", "verdict", "behaviour")} for row in rows
        ]
        found["runs"].append({"profile": profile, "seed": seed})
        found["alarms"] += [{"profile": profile, "seed": seed, **row} for row in alarms]
        _write(found, file)
        print(f"{name}, {profile}, seed {seed}: {len(alarms)} false alarms", flush=True)
    print(f"{name}: {len(found['alarms'])} false alarms in {len(found['runs'])} runs")
    return 1 if found["alarms"] else 0


def _so_far(file: Path, suite: Suite) -> Row:
    """What the file says of these claims and versions; nothing where it is about others."""
    versions = dict(suite.versions())
    if file.exists():
        try:
            found: Row = json.loads(file.read_text(encoding="utf-8"))
            same = (found["revisions"], found["versions"]) == (_revisions(), versions)
        except (ValueError, KeyError, TypeError) as error:
            raise FaultError(f"{file}: not what this writes ({error!r}); delete it") from error
        if same:
            return found
    return {
        "schema_version": SCHEMA_VERSION,
        "revisions": _revisions(),
        "suite": suite.name,
        "framework": suite.framework,
        "versions": versions,
        "runs": [],
        "verdicts": [],
        "alarms": [],
    }


def _revisions() -> dict[str, int]:
    return {claim.id: claim.revision for claim in CATALOGUE}


def run(suite: Suite, profile: str, seed: int) -> list[Row]:
    """The verdicts of all claims with a seed, with what was observed."""
    hypothesis.settings.register_profile(
        "alarms",
        max_examples=profiles.EXAMPLES[profile],
        database=None,
        deadline=None,
        phases=[Phase.generate],
    )
    hypothesis.settings.load_profile("alarms")
    target = Target.of(suite, seed, f"--suite {suite.name}")
    trials = [Trial(target, c, case) for c in CATALOGUE for case in c.cases_on(suite)]
    records = settled([trial.run().line() for trial in trials])
    wanted = ("claim", "case", "verdict", "behaviour", "message", "counterexample")
    rows = [{name: record[name] for name in wanted} for record in records]
    suite.forget()
    return rows


def _same(row: Row, known: dict[tuple[str, str | None], Row]) -> bool:
    other = known.get((row["claim"], row["case"]))
    return other is not None and all(row[k] == other[k] for k in ("verdict", "behaviour"))


# -- statistics ---------------------------------------------------------------------------------
def _statistics(runs: int, folder: Path) -> int:
    levels, alarms = simulated(runs)
    rows = []
    for level in LEVELS:
        below = sum(found < level for found in levels)
        probability = stats.binomtest(below, len(levels), level, alternative="greater").pvalue
        rows.append({"level": level, "rejected": below, "probability": float(probability)})
        print(f"at level {level}: {below} of {len(levels)} tests reject, p = {probability:.3g}")
    print(f"at the claims' own level, {distributions.ALPHA}: {alarms} of {runs} runs")
    found = {
        "schema_version": SCHEMA_VERSION,
        "measured": datetime.now(UTC).date().isoformat(),
        "claims": [claim for claim, _ in STATISTICAL],
        "runs": runs,
        "tests": len(levels),
        "levels": rows,
        "own_level": distributions.ALPHA,
        "alarms": alarms,
    }
    _write(found, folder / "statistics.json")
    # One in a million: this is a test of a test, and must not be a source of false alarms itself.
    return 1 if alarms or any(row["probability"] < 1e-6 for row in rows) else 0


def simulated(runs: int) -> tuple[list[float], int]:
    """The p-values of so many runs of the claims on the reference, and how many runs failed."""
    suite = registry.load("reference")
    levels: list[float] = []
    alarms = 0
    for seed in range(runs):
        target = Target.of(suite, seed, "--suite reference")
        failed = False
        for claim, case in STATISTICAL:
            trial = Trial(target, CATALOGUE[claim], case)
            edges = trial.claim.edges_of(case)
            with _seen() as seen:
                try:
                    # No other run has these values.
                    trial.examine(replace(edges[seed % len(edges)], seed=seed))
                except (Violation, Blocked):
                    failed = True
            levels += seen if claim in EACH_IS_RIGHT else []
        alarms += failed
    return levels, alarms


@contextmanager
def _seen() -> Iterator[list[float]]:
    """The p-values of what is tested meanwhile."""
    levels: list[float] = []
    right = distributions.is_likely

    def watched(level: float) -> bool:
        levels.append(float(level))
        return right(level)

    distributions.is_likely = watched
    try:
        yield levels
    finally:
        distributions.is_likely = right


def _write(found: Row, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
