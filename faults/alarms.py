"""`paramlaws alarms`: counts false alarms.

All claims are tried with further seeds on an unmodified framework: no verdict may fail, and all
runs must agree. The claims about distributions are also run on the reference, whose values do come
from these distributions, to count how often a test rejects them.
"""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import click
import hypothesis
from hypothesis import Phase
from scipy import stats

from paramlaws.faults.outcome import SCHEMA_VERSION
from paramlaws.faults.power import FaultError
from paramlaws.runner import options, profiles
from paramlaws.runner.environments import Environments
from paramlaws.runner.refused import Refused
from paramlaws.runner.target import Target
from paramlaws.runner.trial import Trial
from paramlaws.specs import distributions
from paramlaws.specs.case import ONLY, Case
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.outcome import Blocked, Violation
from paramlaws.specs.suite import Suite
from paramlaws.specs.verdict import FAILING, settled
from paramlaws.suites import registry
from paramlaws.suites.declared import AdapterError

FOLDER = Path("reports/power")
#: The claims about distributions, with their cases.
STATISTICAL = (
    ("init.default-weight", ONLY),
    ("init.default-bias", ONLY),
    ("init.per-block", ONLY),
    ("init.normal", ONLY),
    ("init.custom", Case(variant="chapter's distribution")),
)
#: The claims that test values only against their true distribution; the others also test them
#: against distributions that they do not come from.
EACH_IS_RIGHT = ("init.normal", "init.custom")
#: Levels at which the rate of rejection can be measured; the claims use `distributions.ALPHA`.
LEVELS = (0.1, 0.01, 0.001)

Row: TypeAlias = dict[str, Any]


@click.command()
@click.argument("everywhere", type=click.Choice(["all"]), required=False, metavar="[all]")
@click.option(
    "--suite", type=click.Choice(list(registry.KNOWN)), help="The suite that is installed here."
)
@click.option(
    "--statistics", type=int, metavar="RUNS", help="Run the claims about distributions instead."
)
@click.option("--name", help="Name of the file; default: the suite's.")
@click.option("--seeds", type=int, default=50, show_default=True, help="Number of further seeds.")
@click.option(
    "--profile", type=click.Choice(list(profiles.EXAMPLES)), default="quick", show_default=True
)
@options.folder("--folder", str(FOLDER), "For the files.")
@options.environments
@click.pass_context
def alarms(
    context: click.Context,
    everywhere: str | None,
    suite: str | None,
    statistics: int | None,
    name: str | None,
    seeds: int,
    profile: str,
    folder: Path,
    environments: Path,
) -> None:
    """Try all claims with further seeds on unmodified frameworks, and record false alarms.

    With `all`, in every environment that tox has made. The exit status is 0 without false alarms,
    1 with some, and 2 for invalid arguments.

    \b
    Examples:
      paramlaws alarms --suite reference --seeds 3
      paramlaws alarms all
      paramlaws alarms --statistics 10000
    """
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    if [everywhere, suite, statistics].count(None) != 2:
        raise click.UsageError("one of `all`, --suite and --statistics is needed")
    try:
        if statistics:
            status = _statistics(statistics, folder)
        elif suite:
            loaded = registry.load(suite)
            status = _runs(loaded, name or suite, profile, seeds, folder)
        else:
            status = _all(environments, profile, seeds, folder)
    except (registry.Unavailable, FaultError, AdapterError) as error:
        raise Refused(str(error)) from error
    context.exit(status)


def _all(environments: Path, profile: str, seeds: int, folder: Path) -> int:
    there = Environments(environments)
    if not there.suites:
        raise registry.Unavailable(f"{environments} has no environment: run tox first")
    module = ["paramlaws.faults.alarms", "--seeds", str(seeds)]
    module += ["--profile", profile, "--folder", str(folder)]
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
        wrong = [row for row in rows if row["verdict"] in FAILING]
        known = {(row["claim"], row["case"]): row for row in found["verdicts"] or rows}
        wrong += [row for row in rows if row not in wrong and not _same(row, known)]
        found["verdicts"] = found["verdicts"] or [
            {name: row[name] for name in ("claim", "case", "verdict", "behaviour")} for row in rows
        ]
        found["runs"].append({"profile": profile, "seed": seed})
        found["alarms"] += [{"profile": profile, "seed": seed, **row} for row in wrong]
        _write(found, file)
        print(f"{name}, {profile}, seed {seed}: {len(wrong)} false alarms", flush=True)
    print(f"{name}: {len(found['alarms'])} false alarms in {len(found['runs'])} runs")
    return 1 if found["alarms"] else 0


def _so_far(file: Path, suite: Suite) -> Row:
    """The runs that the file has for the current claims and versions; none if it is outdated."""
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
    """The verdicts and behaviours of all claims with a seed."""
    hypothesis.settings.register_profile(
        "alarms",
        max_examples=profiles.EXAMPLES[profile],
        database=None,
        deadline=None,
        phases=[Phase.generate],
    )
    hypothesis.settings.load_profile("alarms")
    target = Target.of(suite, seed)
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
    levels, failed = simulated(runs)
    rows = []
    for level in LEVELS:
        below = sum(found < level for found in levels)
        probability = stats.binomtest(below, len(levels), level, alternative="greater").pvalue
        rows.append({"level": level, "rejected": below, "probability": float(probability)})
        print(f"at level {level}: {below} of {len(levels)} tests reject, p = {probability:.3g}")
    print(f"at the claims' own level, {distributions.ALPHA}: {failed} of {runs} runs")
    found = {
        "schema_version": SCHEMA_VERSION,
        "measured": datetime.now(UTC).date().isoformat(),
        "claims": [claim for claim, _ in STATISTICAL],
        "runs": runs,
        "tests": len(levels),
        "levels": rows,
        "own_level": distributions.ALPHA,
        "alarms": failed,
    }
    _write(found, folder / "statistics.json")
    # One in a million, since this test of a test must not raise false alarms itself.
    return 1 if failed or any(row["probability"] < 1e-6 for row in rows) else 0


def simulated(runs: int) -> tuple[list[float], int]:
    """The p-values of this many runs of the claims on the reference, and how many runs failed."""
    suite = registry.load("reference")
    levels: list[float] = []
    alarms = 0
    for seed in range(runs):
        target = Target.of(suite, seed)
        failed = False
        for claim, case in STATISTICAL:
            trial = Trial(target, CATALOGUE[claim], case)
            edges = trial.claim.edges_of(case)
            with _seen() as seen:
                try:
                    # A seed that no other run has.
                    trial.examine(replace(edges[seed % len(edges)], seed=seed))
                except (Violation, Blocked):
                    failed = True
            levels += seen if claim in EACH_IS_RIGHT else []
        alarms += failed
    return levels, alarms


@contextmanager
def _seen() -> Iterator[list[float]]:
    """A list that receives the p-values of all tests inside the context."""
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
    alarms(prog_name="paramlaws alarms")
