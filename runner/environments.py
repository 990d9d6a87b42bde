"""The environments that tox has made, and running modules in several of them side by side."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path as File

from paramlaws.suites import registry


class Environments:
    """Those of the suites, in a folder of tox's.

    suites: which of them are there.
    """

    def __init__(self, folder: File) -> None:
        self._pythons = dict(_pythons(folder))
        self.suites = tuple(self._pythons)

    def run(self, modules: Mapping[str, Sequence[str]]) -> list[int]:
        """The exit codes of a module with its arguments for each suite, as many at once as cores.

        What they say is passed on when each has ended.
        """
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(self._run, modules, modules.values()))

    def _run(self, suite: str, module: Sequence[str]) -> int:
        command = [str(self._pythons[suite]), "-m", *module]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        print(done.stdout, end="", flush=True)
        print(done.stderr, end="", flush=True, file=sys.stderr)
        return abs(done.returncode)


def _pythons(folder: File) -> Iterator[tuple[str, File]]:
    place = File("Scripts", "python.exe") if os.name == "nt" else File("bin", "python")
    for suite in registry.KNOWN:
        if (folder / suite / place).exists():
            yield suite, folder / suite / place
