"""The parts of a record that follow from what is declared, and from where an error was raised."""

from __future__ import annotations

import traceback
from pathlib import Path as File
from typing import Any

from paramlaws.specs.outline import outline
from paramlaws.suites.knowledge import Departure, Untried


def where(error: BaseException) -> str:
    """The last lines of the traceback, by file name, function and line."""
    frames = [
        (frame.name, File(frame.filename).name, frame.lineno)
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    # Frames that only pass a verb's call on are left out.
    own = [frame for frame in frames if frame[1] not in ("noting.py", "functools.py")]
    return "".join(f"\n  in {name} ({file}:{line})" for name, file, line in own[-4:])


def untried(entry: Untried) -> str:
    """On which examples a claim is not tested, and why not."""
    return f"not tested if {entry.condition}: {entry.reason}"


def departure(declared: Departure) -> dict[str, Any]:
    """A declared departure as it is recorded."""
    script = declared.reproducer
    versions = ", ".join(f"{package} {wanted}" for package, wanted in declared.versions.items())
    return {
        "behaviour": declared.shown,
        "words": declared.words,
        "where": sorted(declared.where),
        "condition": declared.condition,
        "reason": declared.reason,
        "link": declared.link,
        "versions": versions or "all",
        "smallest": repr(declared.smallest),
        "outline": outline(declared.smallest.architecture),
        "reproducer": script.read_text(encoding="utf-8") if script else None,
        "reproducer_name": script.stem if script else None,
    }
