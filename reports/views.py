"""What a page shows of a report, in the form in which it shows it."""

from __future__ import annotations

import json
import shlex
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, TypeAlias

from paramlaws.reports import pictures
from paramlaws.reports.anchors import anchors
from paramlaws.reports.networks import network
from paramlaws.specs.verdict import WORST_FIRST

Data: TypeAlias = dict[str, Any]

#: Verdicts by which a target differs from the book or from what the law says.
_DIFFERENT = ("departs", "violated", "stale")


def groups(report: Data) -> list[Data]:
    """The matrix: groups of claims, each with a cell a target."""
    rows, names = _by_cell(report), keys(report)
    different = {found["claim"]["id"] for found in differences(report)}
    found = []
    for group, claims in groupby(report["claims"], key=lambda claim: claim["group"]):
        lines = []
        for claim in claims:
            cells = [
                {
                    **_cell(rows[claim["id"], target["id"]]),
                    "target": target,
                    "name": name(target),
                    "address": f"claim:{claim['id']}@{names[target['id']]}",
                }
                for target in report["targets"]
            ]
            verbs = sorted({verb for cell in cells for verb in cell["verbs"]})
            line = {"claim": claim, "cells": cells, "verbs": verbs}
            lines.append({**line, "different": claim["id"] in different})
        found.append({"name": group, "lines": lines})
    return found


def _by_cell(report: Data) -> dict[tuple[str, str], list[Data]]:
    rows: dict[tuple[str, str], list[Data]] = {}
    for row in report["verdicts"]:
        rows.setdefault((row["claim"], row["target"]), []).append(row)
    return rows


def by_target(report: Data) -> dict[str, list[Data]]:
    """The verdicts of each target."""
    found: dict[str, list[Data]] = {target["id"]: [] for target in report["targets"]}
    for row in report["verdicts"]:
        found[row["target"]].append(row)
    return found


def _cell(rows: Sequence[Data]) -> Data:
    """One claim on one target: the worst of its cases, and all of them."""
    worst = min(rows, key=_badness)
    same = sum(row["verdict"] == worst["verdict"] for row in rows)
    behaviours = sorted({row["behaviour"] for row in rows if row["behaviour"]})
    return {
        "verdict": worst["verdict"],
        "behaviour": " / ".join(behaviours),
        "ways": f"{same} of {len(rows)} ways" if len(rows) > 1 and same < len(rows) else "",
        "rows": sorted(rows, key=_badness),
        "verbs": list(dict.fromkeys(verb for row in rows for verb in row["verbs"])),
    }


def _badness(row: Data) -> int:
    return WORST_FIRST.index(row["verdict"])


def command(row: Data, target: Data) -> str:
    """What to type to see a result again."""
    words = ["pytest", "--suite", target["suite"], "--claim", row["claim"]]
    if target["run"]["seed"] is not None:
        words += ["--hypothesis-seed", str(target["run"]["seed"])]
    return shlex.join(words)


def differences(report: Data) -> list[Data]:
    """The claims on which targets differ from the book, from the law, or from each other.

    Each with its answers: the verdict, what is seen in words, and the targets that show it.
    """
    targets = short_names(report)
    rows: dict[str, list[Data]] = defaultdict(list)
    for row in report["verdicts"]:
        if row["verdict"] in (*_DIFFERENT, "holds"):
            rows[row["claim"]].append(row)
    found = []
    for claim in report["claims"]:
        own = rows[claim["id"]]
        departs = any(row["verdict"] in _DIFFERENT for row in own)
        if departs or len({row["behaviour"] for row in own if row["behaviour"]}) > 1:
            answers = _answers(claim, own, targets)
            found.append({"claim": claim, "departs": departs, "answers": answers})
    return sorted(found, key=lambda difference: not difference["departs"])


def _answers(claim: Data, rows: Sequence[Data], targets: dict[str, str]) -> list[Data]:
    """Each verdict and what is seen in words, with the targets that show it; what holds last."""
    seen: dict[tuple[str, str], dict[str, None]] = {}
    for row in rows:
        if row["behaviour"] is not None or claim["kind"] != "convention":
            names = seen.setdefault((row["verdict"], in_words(claim, row)), {})
            names[targets[row["target"]]] = None
    return [
        {"verdict": verdict, "words": words, "names": list(names)}
        for (verdict, words), names in sorted(seen.items(), key=lambda item: item[0][0] == "holds")
    ]


def in_words(claim: Data, row: Data) -> str:
    """What was seen, so that it follows the claim's topic.

    A departure has words of its own for what no other framework shows; conventions have them for
    their own behaviours.
    """
    behaviour: str | None = row["behaviour"]
    if behaviour is None:
        return "as stated"
    own = (d.get("words") for d in row["departures"] if d["behaviour"] == behaviour)
    words: str = next(filter(None, own), None) or claim["words"].get(behaviour, behaviour)
    return words


def pairs(report: Data) -> list[Data]:
    """What targets carried to each other: a line an origin, a cell a target, None for itself."""
    names = {f"from {target['id']}": target for target in report["targets"]}
    found: dict[tuple[str, str], list[Data]] = {}
    for row in report["verdicts"]:
        if row["case"] in names:
            found.setdefault((row["case"], row["target"]), []).append(row)
    origins = [case for case in names if any(case == key for key, _ in found)]
    return [
        {
            "origin": names[case],
            "cells": [
                _pair(found.get((case, target["id"]))) if target is not names[case] else None
                for target in report["targets"]
            ],
        }
        for case in origins
    ]


def _pair(rows: Sequence[Data] | None) -> Data:
    if not rows:
        return {"verdict": "not-run", "networks": 0, "claims": ""}
    worst = min(rows, key=_badness)["verdict"]
    claims = [row["claim"] for row in rows if row["verdict"] == worst]
    return {
        "verdict": worst,
        "networks": min(row["examples"] for row in rows),
        "claims": "" if len(claims) == len(rows) else ", ".join(claims),
    }


def tried(report: Data) -> Counter[str]:
    """How many examples there were on each target."""
    found: Counter[str] = Counter()
    for row in report["verdicts"]:
        found[row["target"]] += row["examples"]
    return found


# -- pictures -----------------------------------------------------------------------------------
def figures(report: Data) -> dict[str, list[Data]]:
    """For each claim of which something can be drawn, the figures with their captions."""
    if len(report["targets"]) > MOST_PANELS:
        return {}
    panels: dict[str, dict[str, list[pictures.Panel]]] = {}
    networks: dict[str, Data] = {}
    targets = short_names(report)
    for row in report["verdicts"]:
        shown, own = row["shown"], panels.setdefault(row["claim"], {})
        title = targets[row["target"]]
        for kind in _CAPTIONS:
            # A target's first case is enough.
            if kind in shown and title not in [panel.title for panel in own.get(kind, ())]:
                panel = _panel(kind, title, row)
                own.setdefault(kind, []).extend([panel] if panel else [])
        if "network" in shown:
            networks.setdefault(row["claim"], shown["network"])
    found: dict[str, list[Data]] = {}
    for claim, kinds in panels.items():
        if claim in networks:
            svg = network(networks[claim])
            found[claim] = [{"caption": _NETWORK, "svg": svg, "is_network": True}]
        for kind, own_panels in kinds.items():
            if not own_panels:
                continue
            svg = pictures.figure(own_panels, f"{claim}-{kind}")
            one = {"caption": _CAPTIONS[kind], "svg": svg, "is_network": False}
            found.setdefault(claim, []).append(one)
    return found


def _panel(kind: str, title: str, row: Data) -> pictures.Panel | None:
    shown = row["shown"][kind]
    if kind == "histogram":
        return pictures.histogram(title, shown, row["expected"])
    return (
        pictures.gradients(title, shown) if kind == "gradients" else pictures.course(title, shown)
    )


#: For more targets than these, nothing is drawn: nobody could compare so many.
MOST_PANELS = 18
_NETWORK = "One of the networks; layers of one colour share parameters."
_CAPTIONS = {
    "histogram": "Default weights of one layer on each target, and the distribution that is "
    "expected there (that which is seen, where nothing is expected).",
    "gradients": "The gradient of a tied weight on each target: what each of its uses contributes, "
    "and what the framework says.",
    "course": "Training on each target: the loss, the size of each parameter (root of the mean "
    "square) and of its gradient, step by step.",
}


# -- power --------------------------------------------------------------------------------------
def power(report: Data) -> Data:
    """How many faults are caught, by framework, and how many alarms were false."""
    measured = report["power"]
    suites = [_suite(report, record) for record in measured["suites"]]
    alarms = [
        {
            "framework": record["framework"],
            "versions": _versions(record),
            "outdated": _outdated(report, record),
            "runs": len(record["runs"]),
            "profiles": _profiles(record["runs"]),
            "alarms": len(record["alarms"]),
        }
        for record in measured["alarms"]
    ]
    real = [suite for suite in suites if not suite["is_reference"]]
    variants = [suite for suite in suites if suite["is_reference"]]
    return {
        "suites": suites,
        "faults": sum(len(suite["faults"]) for suite in real),
        "caught": sum(suite["caught"] for suite in real),
        "variants": sum(len(suite["faults"]) for suite in variants),
        "variants_caught": sum(suite["caught"] for suite in variants),
        "alarm_rows": alarms,
        "runs": sum(row["runs"] for row in alarms),
        "alarms": sum(row["alarms"] for row in alarms),
        "statistics": measured["statistics"],
    }


def _suite(report: Data, record: Data) -> Data:
    faults = [
        {**fault, "others": [c for c in _red(fault) if c not in fault["by"]]}
        for fault in record["faults"]
    ]
    caught = [fault for fault in faults if fault["by"]]
    return {
        "framework": record["framework"],
        "is_reference": record["suite"] == "reference",
        "versions": _versions(record),
        "outdated": _outdated(report, record),
        "measured": record["measured"],
        "faults": faults,
        "caught": len(caught),
        "unseen": sum(fault["book"] is False for fault in caught),
        "examples": _median(f["examples"] for f in caught if f["examples"] is not None),
        "findings": _median(len(_red(fault)) for fault in faults),
    }


def _outdated(report: Data, record: Data) -> list[str]:
    """The claims that were measured in another revision than the report shows, or not at all."""
    measured = record["revisions"]
    return [c["id"] for c in report["claims"] if measured.get(c["id"]) != c["revision"]]


def _red(fault: Data) -> list[str]:
    """The claims that the fault turned red, but for what is no claim."""
    return list(dict.fromkeys(f["claim"] for f in fault["findings"] if "." in f["claim"]))


def _versions(record: Data) -> str:
    return ", ".join(f"{package} {version}" for package, version in record["versions"].items())


def _profiles(runs: Iterable[Data]) -> str:
    counts = Counter(run["profile"] for run in runs)
    return ", ".join(f"{times} {profile}" for profile, times in counts.items())


def _median(numbers: Iterable[int]) -> str:
    found = list(numbers)
    return f"{statistics.median(found):g}" if found else "-"


def catches(report: Data) -> dict[str, list[Data]]:
    """The faults that each claim is about and catches."""
    found: dict[str, list[Data]] = {claim["id"]: [] for claim in report["claims"]}
    for record in report["power"]["suites"]:
        for fault in record["faults"]:
            for claim in fault["by"]:
                if claim in found:
                    one = {"framework": record["framework"], "statement": fault["statement"]}
                    found[claim].append(one)
    return found


def keys(report: Data) -> dict[str, str]:
    """What addresses call a target: by its suite, or its suite and version, if that is enough."""
    found: dict[str, str] = {}
    targets = report["targets"]
    suites = Counter(target["suite"] for target in targets)
    versions = Counter((target["suite"], target["version"]) for target in targets)
    for target in targets:
        suite, version = target["suite"], target["version"]
        if suites[suite] == 1:
            found[target["id"]] = suite
        else:
            found[target["id"]] = (
                f"{suite}-{version}" if versions[suite, version] == 1 else target["id"]
            )
    return anchors(found)


def adapters(report: Data) -> dict[str, str]:
    """For each target the key of the first one whose adapter has the same lines."""
    names = keys(report)
    first: dict[str, str] = {}
    found = {}
    for target in report["targets"]:
        lines = json.dumps(target["verbs"], sort_keys=True)
        found[target["id"]] = first.setdefault(lines, names[target["id"]])
    return found


def short_names(report: Data) -> dict[str, str]:
    """What targets are called where one knows which there are: with versions if these differ."""
    frameworks = Counter(target["framework"] for target in report["targets"])
    return {
        target["id"]: target["framework"] if frameworks[target["framework"]] == 1 else name(target)
        for target in report["targets"]
    }


def name(target: Data) -> str:
    """A target as people call it."""
    return f"{target['framework']} {target['version'] or ''}".strip()
