"""Made-up results files for the tests of reports."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

CLAIMS = (
    ("access.parameter-names", "convention", ["weight-bias", "kernel-bias"]),
    ("gradient.value", "law", []),
    ("tie.same-parameter", "law", []),
    ("tie.state-dict", "convention", ["once", "per-name"]),
)
CASES = {"tie.same-parameter": ("one-parameter", "same-layer")}
PLAN = [(claim, case) for claim, _, _ in CLAIMS for case in CASES.get(claim, (None,))]
Key = tuple[str, str | None]
AXES = [{"name": "layers", "labels": ["one", "more"]}, {"name": "width", "labels": ["1", "2"]}]


def header(suite: str = "alpha", **changes: Any) -> dict[str, Any]:
    """The first line of a run."""
    return {
        "record": "header",
        "schema_version": 2,
        "whole": True,
        "target": {
            "id": f"{suite}-1.0",
            "suite": suite,
            "framework": suite.title(),
            "version": "1.0",
            "python": "3.11.7",
            "platform": "Linux x86_64",
            "packages": {suite: "1.0"},
            "verbs": {
                "build": "def build(self):\n    return 'native'\n",
                "read": "def read(self): ...",
            },
        },
        "run": {
            "seed": 7,
            "profile": "default",
            "examples": 100,
            "sizes": [1, 2],
            "started": "2026-01-01T00:00:00+00:00",
            "paramlaws": "0.1.0",
            "command": f"pytest --suite {suite}",
        },
        "claims": [
            {
                "id": claim,
                "revision": 1,
                "kind": kind,
                "group": claim.split(".")[0],
                "statement": f"What {claim} says.",
                "source": "all editions",
                "behaviours": behaviours,
                "after": [],
                "topic": f"topic of {claim}",
                "words": {"per-name": "under each name"},
                "code": f"def check():  # {claim}\n    pass\n",
            }
            for claim, kind, behaviours in CLAIMS
        ],
        "axes": [AXES],
        "planned": [{"claim": claim, "case": case} for claim, case in PLAN],
        **changes,
    }


def verdict(key: Key, suite: str = "alpha", **changes: Any) -> dict[str, Any]:
    """A line for a claim that ended."""
    return {
        "record": "verdict",
        "target": f"{suite}-1.0",
        "claim": key[0],
        "case": key[1],
        "verdict": "holds",
        "behaviour": None,
        "expected": None,
        "revision": 1,
        "examples": 104,
        "fixed": 4,
        "drawn": 100,
        "distinct": 90,
        "blocked": {},
        "seconds": 0.5,
        "counterexample": None,
        "message": None,
        "departures": [],
        "untried": [],
        "unsupported": None,
        "occurred": {"bias": 90},
        "explored": ["0 4;100 0"],
        "verbs": ["build"],
        "reproduce": None,
        **changes,
    }


def run(
    suite: str = "alpha",
    verdicts: Mapping[Key, Mapping[str, Any]] | None = None,
    *,
    keys: Sequence[Key] = tuple(PLAN),
    ended: bool = True,
) -> list[dict[str, Any]]:
    """All lines of a run: `verdicts` changes some of its records."""
    lines = [header(suite)]
    for key in keys:
        started = {"record": "started", "target": f"{suite}-1.0", "claim": key[0], "case": key[1]}
        lines += [started, verdict(key, suite, **(verdicts or {}).get(key, {}))]
    footer = {"record": "footer", "target": f"{suite}-1.0", "verdicts": len(keys)}
    return [*lines, footer] if ended else lines


def released(lines: Iterable[Mapping[str, Any]], version: str) -> list[dict[str, Any]]:
    """The lines of a run as a run on another version of its framework would have them."""
    text = json.dumps(list(lines)).replace("-1.0", f"-{version}")
    made: list[dict[str, Any]] = json.loads(text)
    for line in made:
        if line["record"] == "header":
            line["target"]["version"] = version
    return made


def write(path: Path, lines: Iterable[Mapping[str, Any]]) -> Path:
    """The lines as a file."""
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


DEPARTURE = {
    "behaviour": "per-name",
    "where": ["lazy"],
    "reason": "It was changed.",
    "link": "https://example.org/changed",
    "versions": "thing >=2",
    "smallest": "Example(Architecture(1, (Dense(1),)))",
    "reproducer": "print('shown')",
}
UNSUPPORTED = {"reason": "It has no such notion.", "link": "https://example.org/none"}
#: One of everything.
MIXED: dict[Key, dict[str, Any]] = {
    ("access.parameter-names", None): {
        "behaviour": "kernel-bias",
        "expected": "kernel-bias",
        "expected_source": {"source": "documented", "link": "https://example.org/names"},
    },
    ("gradient.value", None): {
        "verdict": "violated",
        "message": "gradient of 0 weight: [[2.0]] instead of [[1.0]]",
        "counterexample": "Example(Architecture(1, (Dense(1),)))",
        "reproduce": "pytest --suite beta --claim gradient.value",
    },
    ("tie.same-parameter", "one-parameter"): {
        "verdict": "unsupported",
        "unsupported": UNSUPPORTED,
        "examples": 0,
    },
    ("tie.state-dict", None): {
        "verdict": "departs",
        "behaviour": "per-name",
        "expected": "once",
        "expected_source": {"source": "book"},
        "departures": [DEPARTURE],
    },
}


#: What the claims catch of two faults, and a false alarm.
POWER: dict[str, dict[str, Any]] = {
    "alpha.json": {
        "schema_version": 2,
        "revisions": {claim: 1 for claim, _, _ in CLAIMS},
        "suite": "alpha",
        "framework": "Alpha",
        "versions": {"alpha": "1.0"},
        "measured": "2026-01-01",
        "faults": [
            {
                "fault": "rounds",
                "statement": "Gradients are rounded.",
                "about": ["gradient.value"],
                "like": "https://example.org/rounds",
                "by": ["gradient.value"],
                "book": False,
                "findings": [
                    {
                        "claim": "gradient.value",
                        "case": None,
                        "verdict": "violated",
                        "examples": 3,
                        "message": "off",
                    }
                ],
                "blocked": 1,
                "examples": 3,
            },
            {
                "fault": "hides",
                "statement": "Nobody sees it.",
                "about": ["tie.state-dict"],
                "like": None,
                "by": [],
                "book": False,
                "findings": [],
                "blocked": 0,
                "examples": None,
            },
        ],
    },
    "alarms-alpha.json": {
        "schema_version": 2,
        "revisions": {claim: 1 for claim, _, _ in CLAIMS},
        "suite": "alpha",
        "framework": "Alpha",
        "versions": {"alpha": "1.0"},
        "runs": [{"profile": "quick", "seed": seed} for seed in range(5)],
        "verdicts": [],
        "alarms": [{"seed": 2, "claim": "gradient.value"}],
    },
    "statistics.json": {
        "schema_version": 2,
        "measured": "2026-01-01",
        "runs": 1000,
        "tests": 5000,
        "levels": [{"level": 0.01, "rejected": 49, "probability": 0.5}],
        "own_level": 1e-13,
        "alarms": 0,
    },
}


def write_power(folder: Path) -> Path:
    """Writes these files into a folder."""
    folder.mkdir()
    for name, content in POWER.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return folder
