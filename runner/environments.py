"""The environments that tox has made, and running modules in several of them at once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path as File

from paramlaws.suites import targets


class Environments:
    """The environments of `suites/targets.toml` that exist in tox's folder.

    suites: the suite of each, by the environment's name; several may run the same suite with
        different releases.
    """

    def __init__(self, folder: File) -> None:
        self._pythons = dict(_pythons(folder))
        rows = targets.table().environments
        self.suites = {name: rows[name].suite for name in self._pythons}

    def run(self, modules: Mapping[str, Sequence[str]]) -> list[int]:
        """Runs a module with arguments in each environment and returns the exit codes.

        modules: the module and its arguments, by environment.
        As many run at once as there are cores; the output of each is printed when it has ended.
        """
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(self._run, modules, modules.values()))

    def _run(self, name: str, module: Sequence[str]) -> int:
        command = [str(self._pythons[name]), "-m", *module]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        print(done.stdout, end="", flush=True)
        print(done.stderr, end="", flush=True, file=sys.stderr)
        return abs(done.returncode)


def _pythons(folder: File) -> Iterator[tuple[str, File]]:
    place = File("Scripts", "python.exe") if os.name == "nt" else File("bin", "python")
    for name in targets.table().environments:
        if (folder / name / place).exists():
            yield name, folder / name / place
