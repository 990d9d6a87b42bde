"""The names and the order of targets."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, TypeAlias

from packaging.version import InvalidVersion, Version

from paramlaws.reports.anchors import anchors

Data: TypeAlias = dict[str, Any]


def name(target: Data) -> str:
    """A target's name for people: its framework and version."""
    return f"{target['framework']} {target['version'] or ''}".strip()


def short_names(report: Data) -> dict[str, str]:
    """The shortest distinct names of a report's targets, by their ids.

    The framework alone; with the version if a framework occurs twice; the id if even that is
    ambiguous.
    """
    targets = report["targets"]
    frameworks = Counter(target["framework"] for target in targets)
    names = Counter(name(target) for target in targets)
    found = {}
    for target in targets:
        alone = frameworks[target["framework"]] == 1
        long = name(target) if names[name(target)] == 1 else target["id"]
        found[target["id"]] = target["framework"] if alone else long
    return found


def by_release(target: Data) -> tuple[str, Version, str]:
    """A key that sorts targets by suite, and then by version from the oldest."""
    return str(target["suite"]), release(target), str(target["id"])


def release(target: Data) -> Version:
    """The version of a target's framework; an invalid one sorts before all others."""
    try:
        return Version(target["version"] or "0")
    except InvalidVersion:
        return Version("0")


def public(target: Data) -> str:
    """The version of a target's framework without the name of a build, as in "2.6.0+cpu"."""
    return str(target["version"] or "").partition("+")[0]


def keys(report: Data) -> dict[str, str]:
    """The targets' names in addresses, by id: the suite, with the version or more if ambiguous."""
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
    """For each target the key of the first target whose adapter has the same code."""
    names = keys(report)
    first: dict[str, str] = {}
    found = {}
    for target in report["targets"]:
        lines = json.dumps(target["verbs"], sort_keys=True)
        found[target["id"]] = first.setdefault(lines, names[target["id"]])
    return found
