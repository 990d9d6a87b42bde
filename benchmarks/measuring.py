"""Running the suites' environments and timing whole processes, by pyperf."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyperf

from paramlaws.suites import targets

ROOT = Path(__file__).resolve().parents[1]
#: The environment variables that `tox.ini` sets for every suite; those already set take precedence.
SETTINGS = {
    "PYTHONWARNINGS": "",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "JAX_PLATFORMS": "cpu",
    "XLA_FLAGS": "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true",
}


class BenchmarkError(Exception):
    """Something could not be measured; the message says what, and what to do."""


@dataclass(frozen=True)
class Times:
    """The seconds of each run of a process, and its peak memory in MB."""

    seconds: list[float]
    memory: float = 0.0
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def median(self) -> float:
        """The median of the runs."""
        ordered = sorted(self.seconds)
        middle = len(ordered) // 2
        return (ordered[middle] + ordered[-middle - 1]) / 2

    def __str__(self) -> str:
        if len(self.seconds) == 1:
            return f"{self.median:.1f} s"
        return f"{self.median:.1f} s ({min(self.seconds):.1f} to {max(self.seconds):.1f})"


@dataclass(frozen=True)
class Environments:
    """The environments that tox has made, by their names in `suites/targets.toml`."""

    folder: Path

    def python(self, name: str) -> str:
        """The interpreter of an environment; raises BenchmarkError if there is none."""
        found = self.folder / name / "bin" / "python"
        if not found.exists():
            raise BenchmarkError(f"{found} is not there: run `tox -e {name} --notest` first")
        return str(found)

    def suite(self, name: str) -> str:
        """The suite that an environment runs."""
        return targets.table().environments[name].suite

    def pytest(self, name: str, *options: str) -> list[str]:
        """The command that runs an environment's suite."""
        return [self.python(name), "-m", "pytest", "-q", "--suite", self.suite(name), *options]

    def variables(self, name: str) -> dict[str, str]:
        """The environment variables with which the environment is run."""
        cache = {
            "JAX_COMPILATION_CACHE_DIR": str(self.folder / "xla"),
            "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
            "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
        }
        own = targets.table().suites[self.suite(name)].variables
        return {**SETTINGS, **cache, **own, **os.environ}


def once(command: Sequence[str], variables: Mapping[str, str]) -> None:
    """Runs a command; raises BenchmarkError if it fails."""
    done = subprocess.run(
        command, env=dict(variables), cwd=ROOT, check=False, capture_output=True, text=True
    )
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-20:])
        raise BenchmarkError(f"{' '.join(command)} ended with {done.returncode}:\n{tail}")


def timed(command: Sequence[str], variables: Mapping[str, str], runs: int = 1) -> Times:
    """Times a whole process that must succeed, `runs` times."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "times.json")
        how = ["--processes", str(runs), "--values", "1", "--warmups", "0", "--loops", "1"]
        how += ["--inherit-environ", ",".join(variables), "-o", str(file)]
        once([sys.executable, "-m", "pyperf", "command", "-q", *how, "--", *command], variables)
        found = pyperf.BenchmarkSuite.load(str(file)).get_benchmarks()[0]
        rss = [run.get_metadata().get("command_max_rss", 0) for run in found.get_runs()]
        return Times(list(found.get_values()), max(rss) / 1e6)


def gain(runs: int) -> float:
    """How much faster two loops of plain Python run in parallel than one after the other, here.

    Two cores that share hardware, with each other or with other machines, give less than 2.
    """
    loop = [sys.executable, "-c", "sum(i * i for i in range(10_000_000))"]
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(loop, check=True)
        alone = time.perf_counter()
        with subprocess.Popen(loop):
            subprocess.run(loop, check=True)
        found.append(2 * (alone - start) / (time.perf_counter() - alone))
    return statistics.median(found)


def read(file: Path) -> Any:
    """The content of a JSON file."""
    return json.loads(file.read_text(encoding="utf-8"))
