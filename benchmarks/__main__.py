"""`python -m benchmarks [PART…]` measures how long the suite takes; see README.md."""

from __future__ import annotations

import argparse
import json
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from tabulate import tabulate

from benchmarks import plots
from benchmarks.measuring import ROOT, BenchmarkError, Environments, gain, once, read, timed
from paramlaws.suites import targets

HERE = Path(__file__).parent
#: Examples for warming up, and examples over which memory is measured. Pooled networks and compiled
#: functions take some 10,000 examples until they need no more memory.
WARM_UP, LONG = 10_000, 20_000
#: Caches are cleared every 2,000 examples (`runner.memory`); the peak over two such periods counts.
PERIODS = 4_000

Row = Sequence[Any]


@dataclass(frozen=True)
class Bench:
    """The settings of all parts: the environments, which of them to measure, and how."""

    environments: Environments
    targets: tuple[str, ...]
    profile: str
    runs: int
    folder: Path
    array_api_tests: Path | None
    tox: str

    def pytest(self, target: str, *options: str, profile: str | None = None) -> list[str]:
        """The command that runs an environment's suite, always with the same seed."""
        how = ["--hypothesis-profile", profile or self.profile, "--hypothesis-seed", "1"]
        results = self.folder / f"{target}.jsonl"
        return self.environments.pytest(target, *how, f"--results={results}", *options)

    def module(self, target: str, name: str, *arguments: str) -> list[str]:
        """The command that runs a module of this package on an environment's suite."""
        python, suite = self.environments.python(target), self.environments.suite(target)
        return [python, "-m", f"benchmarks.{name}", suite, *arguments]

    def verdicts(self, target: str) -> list[tuple[str, ...]]:
        """The verdicts of the last run in an environment, ordered by claim and case."""
        lines = (self.folder / f"{target}.jsonl").read_text(encoding="utf-8").splitlines()
        last = max(i for i, line in enumerate(lines) if json.loads(line)["record"] == "header")
        rows = [json.loads(line) for line in lines[last:]]
        wanted = ("claim", "case", "verdict", "behaviour")
        return sorted(tuple(str(r[w]) for w in wanted) for r in rows if r["record"] == "verdict")


def harness(bench: Bench) -> tuple[Row, list[Row]]:
    """The time per example that is spent neither in the framework nor in the oracle."""
    rows = []
    for target in bench.targets:
        file = bench.folder / f"watch-{target}.json"
        watch = ["-p", "benchmarks.watching", f"--watch={file}"]
        once(bench.pytest(target, *watch), bench.environments.variables(target))
        accounts = [a for a in read(file).values() if a["examples"]]
        own = [(a["total"] - a["framework"] - a["oracle"]) / a["examples"] for a in accounts]
        each = [seconds for account in accounts for seconds in account["each"]]
        shares = [sum(a[k] for a in accounts) for k in ("total", "framework", "oracle")]
        rows.append(
            (
                target,
                sum(a["examples"] for a in accounts),
                f"{1000 * statistics.median(own):.2f}",
                f"{1000 * statistics.median(each):.1f}",
                f"{shares[1] / shares[0]:.0%}",
                f"{shares[2] / shares[0]:.0%}",
            )
        )
    head = ("target", "examples", "harness, ms", "example, ms (median)", "framework", "oracle")
    return head, rows


def bare(bench: Bench) -> tuple[Row, list[Row]]:
    """A whole run compared with the bare framework calls of the same examples in a loop."""
    rows = []
    for target in bench.targets:
        variables = bench.environments.variables(target)
        calls, out = bench.folder / f"calls-{target}", bench.folder / "replay.json"
        once(bench.pytest(target, "-p", "benchmarks.watching", f"--watch-calls={calls}"), variables)
        whole = timed(bench.pytest(target), variables, bench.runs)
        spent = []
        for _ in range(bench.runs):
            once(bench.module(target, "replaying", str(calls), str(out)), variables)
            spent.append(sum(read(out).values()))
        calls.unlink()
        loop = statistics.median(spent)
        rows.append((target, whole, f"{loop:.1f} s", f"{whole.median / loop:.2f}"))
    return ("target", "whole run", "bare loop", "ratio"), rows


def quick(bench: Bench) -> tuple[Row, list[Row]]:
    """From the command to the verdicts, with the quick profile, in one process and in two."""
    rows = []
    for target in bench.targets:
        variables = bench.environments.variables(target)
        one, two = (
            timed(bench.pytest(target, *workers, profile="quick"), variables, bench.runs)
            for workers in ((), ("-n", "2"))
        )
        rows.append((target, one, two, f"{max(one.memory, two.memory):.0f}"))
    return ("target", "one process", "-n 2", "MB"), rows


def workers(bench: Bench) -> tuple[Row, list[Row]]:
    """A run shared by two workers compared with one in a single process: time and verdicts."""
    rows = []
    for target in bench.targets:
        variables = bench.environments.variables(target)
        one = timed(bench.pytest(target), variables, bench.runs)
        expected = bench.verdicts(target)
        two = timed(bench.pytest(target, "-n", "2"), variables, bench.runs)
        same = "same" if bench.verdicts(target) == expected else "DIFFERENT"
        loops = f"{gain(bench.runs):.2f}"
        rows.append((target, one, two, f"{one.median / two.median:.2f}", loops, same))
    return ("target", "one process", "-n 2", "ratio", "ratio of plain loops", "verdicts"), rows


def matrix(bench: Bench) -> tuple[Row, list[Row]]:
    """All claims on all suites, the transfer between them, and the report, two at a time."""
    command = [bench.tox, "-p", "2", "--", "--hypothesis-profile", bench.profile]
    log = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True).stdout
    found = re.findall(r"^\s*(\S+): (\w+)[ \S]* \(([\d.]+)[^)]*\)$", log, re.MULTILINE)
    total = re.findall(r"(?:congratulations|evaluation failed).*\(([\d.]+) seconds\)", log)
    if not total:
        raise BenchmarkError(f"{' '.join(command)} said no time:\n{log[-2000:]}")
    rows: list[Row] = [(name, verdict, f"{float(spent):.0f} s") for name, verdict, spent in found]
    return ("environment", "outcome", "time"), [*rows, ("all", "", f"{float(total[0]):.0f} s")]


def naive(bench: Bench) -> tuple[Row, list[Row]]:
    """The same claims in a suite that draws any widths and builds each network anew."""
    rows = []
    for target in bench.targets:
        out = bench.folder / "naive.json"
        command = bench.module(target, "naive", "15", str(out))
        once(command, bench.environments.variables(target) | {"JAX_COMPILATION_CACHE_DIR": ""})
        spent = {who: 1000 * seconds for who, seconds in read(out).items()}
        ratio = spent["naive"] / spent["ours"]
        rows.append((target, f"{spent['naive']:.1f}", f"{spent['ours']:.1f}", f"{ratio:.1f}"))
    return ("target", "naive, ms per example", "ours, ms per example", "ratio"), rows


def array_api(bench: Bench) -> tuple[Row, list[Row]]:
    """array-api-tests on NumPy, from a checkout, compared with this project's reference suite."""
    if bench.array_api_tests is None:
        raise BenchmarkError("name a checkout of array-api-tests with --array-api-tests")
    variables = bench.environments.variables("reference")
    python = bench.environments.python("reference")
    files = [f"array_api_tests/test_{name}.py" for name in _MODULES]
    command = [python, "-m", "pytest", "-q", "--max-examples", "20", "--hypothesis-show-statistics"]
    done = subprocess.run(
        [*command, *files],
        cwd=bench.array_api_tests,
        env={**variables, "ARRAY_API_TESTS_MODULE": "numpy"},
        check=False,
        capture_output=True,
        text=True,
    )
    passing = sum(map(int, re.findall(r"(\d+) passing examples", done.stdout)))
    seconds = re.findall(r"in ([\d.]+)s", done.stdout)
    if not passing or not seconds:
        raise BenchmarkError(f"array-api-tests did not run:\n{done.stdout[-2000:]}{done.stderr}")
    theirs = 1000 * float(seconds[-1]) / passing
    start = harness(replace(bench, targets=("reference",)))[1][0]
    return ("target", "examples", "ms per example, all in"), [
        ("array-api-tests, NumPy", passing, f"{theirs:.2f}"),
        ("paramlaws, reference", start[1], start[3]),
    ]


_MODULES = ("creation_functions", "manipulation_functions", "statistical_functions")


def memory(bench: Bench) -> tuple[Row, list[Row]]:
    """How much resident memory grows over 20,000 examples after 10,000 for warming up."""
    curves, rows = {}, []
    for target in bench.targets:
        pairs = _held(bench, target)
        curves[target] = pairs[:: len(pairs) // 200 or 1]
        before = max(held for examples, held in pairs if 0 <= examples - WARM_UP < PERIODS)
        after = max(held for examples, held in pairs if examples >= WARM_UP + LONG - PERIODS)
        rows.append((target, f"{before:.0f}", f"{after:.0f}", f"{after - before:+.0f}"))
    plots.memory(_with_earlier("memory", curves), HERE / "memory.png")
    return ("target", "MB after warm-up", "MB at the end", "growth, MB"), rows


def _held(bench: Bench, target: str) -> list[tuple[float, float]]:
    command = bench.module(target, "memory", str(WARM_UP + LONG))
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=bench.environments.variables(target),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        pairs = []
        for line in process.stdout:
            pairs.append((float(line), psutil.Process(process.pid).memory_info().rss / 1e6))
            process.stdin.write("\n")
            process.stdin.flush()
    if process.returncode or not pairs:
        raise BenchmarkError(f"{' '.join(command)} ended with {process.returncode}")
    return pairs


def _with_earlier(part: str, found: dict[str, Any]) -> dict[str, Any]:
    """The new measurements, with earlier ones for the other targets."""
    file = HERE / f"{part}.json"
    everything = {**(read(file) if file.exists() else {}), **found}
    file.write_text(json.dumps(everything), encoding="utf-8")
    return everything


def reports(bench: Bench) -> tuple[Row, list[Row]]:
    """Merging and rendering a hundred results files of all claims."""
    once(bench.pytest("reference", profile="quick"), bench.environments.variables("reference"))
    text = (bench.folder / "reference.jsonl").read_text(encoding="utf-8")
    own = json.loads(text.splitlines()[0])["target"]["id"]
    folder = bench.folder / "hundred"
    folder.mkdir(exist_ok=True)
    for number in range(100):
        copy = text.replace(own, f"{own}-{number:03}")
        (folder / f"{number:03}.jsonl").write_text(copy, encoding="utf-8")
    files = [str(file) for file in sorted(folder.iterdir())]
    command = [bench.environments.python("reference"), "-m", "paramlaws.reports", *files]
    out = ["--output", str(bench.folder / "html")]
    found = timed([*command, *out], bench.environments.variables("reference"), bench.runs)
    return ("files", "time", "MB"), [(100, found, f"{found.memory:.0f}")]


def page(bench: Bench) -> tuple[Row, list[Row]]:
    """Showing a report of 15 targets in a browser, and searching in it."""
    from benchmarks import page as browser

    files = [str(file) for file in browser.results(bench.folder)]
    out = bench.folder / "page"
    python = bench.environments.python("reference")
    command = [python, "-m", "paramlaws.reports", *files, "--output", str(out)]
    once(command, bench.environments.variables("reference"))
    paints, answers = browser.times(out / "index.html", bench.runs)
    size = (out / "index.html").stat().st_size / 1e6
    head = ("targets", "MB", "first paint, ms", "an answer, ms")
    found = [
        f"{statistics.median(n):.0f} ({min(n):.0f} to {max(n):.0f})" for n in (paints, answers)
    ]
    return head, [(browser.TARGETS, f"{size:.1f}", *found)]


def growth(bench: Bench) -> tuple[Row, list[Row]]:
    """How cost grows with examples, claims, depth and width."""
    found, rows = {}, []
    for target in bench.targets:
        out = bench.folder / "growth.json"
        once(bench.module(target, "growth", str(out)), bench.environments.variables(target))
        found[target] = read(out)
        for what, pairs in found[target].items():
            (small, first), (large, last) = pairs[0], pairs[-1]
            rows.append((target, what, f"x {large / small:.0f}", f"x {last / first:.1f}"))
    plots.growth(_with_earlier("growth", found), HERE / "growth.png")
    return ("target", "of what", "more of it", "more time"), rows


PARTS: dict[str, Callable[[Bench], tuple[Row, list[Row]]]] = {
    "harness": harness,
    "bare": bare,
    "quick": quick,
    "workers": workers,
    "matrix": matrix,
    "naive": naive,
    "array-api": array_api,
    "memory": memory,
    "reports": reports,
    "page": page,
    "growth": growth,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures the parts; returns the exit status, 2 if something could not be measured."""
    options = _parser().parse_args(arguments)
    parts = options.parts or [p for p in PARTS if p != "array-api" or options.array_api_tests]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(
            Environments(options.environments.resolve()),
            tuple(options.target or reversed(targets.table().default)),
            options.profile,
            options.runs,
            Path(folder),
            options.array_api_tests,
            options.tox or shutil.which("tox") or str(ROOT / ".tools" / "bin" / "tox"),
        )
        machine = f"{psutil.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB"
        print(f"{datetime.now(UTC):%Y-%m-%d}, {platform.platform()}, {machine}", flush=True)
        try:
            for part in parts:
                head, rows = PARTS[part](bench)
                print(f"\n### {part}: {PARTS[part].__doc__}\n", flush=True)
                print(tabulate(rows, head, tablefmt="github", disable_numparse=True), flush=True)
        except BenchmarkError as error:
            print(f"benchmarks: {error}", file=sys.stderr)
            return 2
    return 0


def _part(name: str) -> str:
    if name not in PARTS:
        raise argparse.ArgumentTypeError(f"{name!r}: unknown; known are {', '.join(PARTS)}")
    return name


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    names = ", ".join(PARTS)
    parser.add_argument(
        "parts", nargs="*", type=_part, metavar="PART", help=f"{names}; default all"
    )
    known = targets.table().environments
    parser.add_argument(
        "--target", action="append", choices=known, help="repeatable; default: the default matrix"
    )
    parser.add_argument("--environments", type=Path, default=ROOT / ".tox", metavar="DIR")
    parser.add_argument("--profile", default="default", help="how many examples; default: default")
    parser.add_argument("--runs", type=int, default=3, help="runs of a whole process; default 3")
    parser.add_argument("--array-api-tests", type=Path, metavar="DIR", help="a checkout of it")
    parser.add_argument("--tox", metavar="FILE", help="the tox to run; default: as found")
    return parser


if __name__ == "__main__":
    sys.exit(main())
