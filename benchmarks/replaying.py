"""The bare loop: `python -m benchmarks.replaying SUITE FILE` makes the calls of a run again.

It prints the seconds that importing the framework and making the calls took; reading the file is
not counted.
"""

from __future__ import annotations

import json
import pickle
import sys
import time
from pathlib import Path

from benchmarks.calls import replay
from paramlaws.specs import elsewhere
from paramlaws.suites import registry


def main(name: str, file: str) -> None:
    """Replays what `--watch-calls` wrote for a suite."""
    start = time.perf_counter()
    suite = registry.load(name)
    imported = time.perf_counter()
    events = pickle.loads(Path(file).read_bytes())
    verbs = {"elsewhere": elsewhere.run}
    begin = time.perf_counter()
    replay(events, lambda verb: verbs.get(verb) or getattr(suite, verb))
    spent = {"import": imported - start, "calls": time.perf_counter() - begin}
    print(json.dumps(spent))


if __name__ == "__main__":
    main(*sys.argv[1:])
