"""The bare loop: `python -m benchmarks.replaying SUITE CALLS OUT` makes the calls of a run again.

OUT becomes a JSON object of the seconds that importing the framework and making the calls took;
reading the file is not counted.
"""

from __future__ import annotations

import json
import pickle
import sys
import time
import warnings
from pathlib import Path

from benchmarks.calls import replay
from paramlaws.runner import subprocesses
from paramlaws.suites import registry


def main(name: str, calls: str, out: str) -> None:
    """Replays what `--watch-calls` wrote for a suite."""
    warnings.simplefilter("ignore")
    start = time.perf_counter()
    suite = registry.load(name)
    imported = time.perf_counter()
    events = pickle.loads(Path(calls).read_bytes())
    begin = time.perf_counter()
    replay(events, lambda verb: subprocesses.run if verb == "subprocess" else getattr(suite, verb))
    spent = {"import": imported - start, "calls": time.perf_counter() - begin}
    Path(out).write_text(json.dumps(spent), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
