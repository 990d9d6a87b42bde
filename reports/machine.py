"""The report for machines and for other pages: JUnit XML, Markdown, and a badge for each target."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

import anybadge
import junitparser

from paramlaws.reports import views
from paramlaws.specs.verdict import FAILING, VERDICTS

Data: TypeAlias = dict[str, Any]

#: What XML 1.0 cannot hold.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_GREEN, _YELLOW, _RED, _GREY = "#2da44e", "#d4a72c", "#cf222e", "#8c959f"


def junit(report: Data) -> str:
    """A test suite for each target, and in it a test for each claim and case."""
    made = junitparser.JUnitXml("paramlaws")
    rows = views.by_target(report)
    for target in report["targets"]:
        suite = junitparser.TestSuite(_xml(target["id"]))
        suite.add_testcases([_test(row, target) for row in rows[target["id"]]])
        made.add_testsuite(suite)
    text: bytes = made.tostring()  # type: ignore[no-untyped-call]
    return text.decode("utf-8")


def _test(row: Data, target: Data) -> junitparser.TestCase:
    case = f"[{row['case']}]" if row["case"] is not None else ""
    name, group = _xml(row["claim"] + case), _xml(row["claim"].split(".")[0])
    test = junitparser.TestCase(name, f"{_xml(target['suite'])}.{group}", row["seconds"])
    message = _xml(row["message"] or row["verdict"])
    result: junitparser.junitparser.Result
    if row["verdict"] == "errored":
        result = junitparser.Error(message, "errored")
    elif row["verdict"] in FAILING:
        result = junitparser.Failure(message, row["verdict"])
    elif row["verdict"] in ("unsupported", "not-run"):
        reason = row["unsupported"]["reason"] if row["unsupported"] else message
        result = junitparser.Skipped(_xml(reason), row["verdict"])
    else:
        return test
    details = [row["message"], row["counterexample"], row["reproduce"]]
    result.text = _xml("\n".join(text for text in details if text))
    test.result = [result]
    return test


def _xml(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def markdown(report: Data) -> str:
    """A summary for a pull request or a job's page."""
    lines = [f"### Parameter management: {len(report['claims'])} claims", ""]
    lines += [_row("target", *VERDICTS), _row("---", *("---:" for _ in VERDICTS))]
    for target in report["targets"]:
        counts = (str(target["counts"][verdict] or "") for verdict in VERDICTS)
        lines.append(_row(_md(views.name(target)), *counts))
    failing = [row for row in report["verdicts"] if row["verdict"] in FAILING]
    if failing:
        lines += ["", f"**{len(failing)} failing**", ""]
        lines += [f"- {_failure(row)}" for row in failing]
    if report["notes"]:
        lines += ["", "**Not everything is here**", ""]
        lines += [f"- {_md(note)}" for note in report["notes"]]
    if differences := views.differences(report):
        lines += ["", "<details><summary>Where they differ</summary>", ""]
        for difference in differences:
            claim = difference["claim"]
            answers = "; ".join(
                f"**{_md(a['words'])}**: {_md(', '.join(a['names']))}"
                for a in difference["answers"]
            )
            lines.append(f"- {_md(claim['topic'] or claim['id'])}: {answers}")
        lines += ["", "</details>"]
    return "\n".join(lines) + "\n"


def _failure(row: Data) -> str:
    case = f"[{row['case']}]" if row["case"] is not None else ""
    shown = f"{_code(row['claim'] + case)} is {row['verdict']} on {_code(row['target'])}"
    shown += f": {_md((row['message'] or '').splitlines()[0][:200])}" if row["message"] else ""
    return shown + (f"  \n  {_code(row['reproduce'])}" if row["reproduce"] else "")


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _md(text: str) -> str:
    """The text in one line, with nothing in it that Markdown or HTML would read as its own."""
    return re.sub(r"([\\`*_{}\[\]<>()#+\-.!|~&])", r"\\\1", " ".join(text.split()))


def _code(text: str) -> str:
    """The text as code, in a fence that is longer than any in it."""
    text = " ".join(text.split())
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    space = " " if "`" in text else ""
    return f"{fence}{space}{text}{space}{fence}"


def badges(report: Data) -> dict[str, str]:
    """For each target the name of a file and an SVG that says how many claims do not fail."""
    found = {}
    for target in report["targets"]:
        counts = target["counts"]
        good, ran = counts["holds"] + counts["departs"], report_size(counts)
        failing = sum(counts[verdict] for verdict in FAILING)
        colour = _RED if failing else _GREY if not ran else _YELLOW if counts["departs"] else _GREEN
        value = f"{good} of {ran} claims" if ran else "not run"
        badge = anybadge.Badge(f"parameters: {views.name(target)}", value, default_color=colour)
        found[f"{re.sub(r'[^A-Za-z0-9._+-]', '_', target['id'])}.svg"] = badge.badge_svg_text
    return found


def report_size(counts: dict[str, int]) -> int:
    """How many claims were judged."""
    return sum(number for verdict, number in counts.items() if verdict not in _NOT_JUDGED)


_NOT_JUDGED = ("unsupported", "not-run")
