"""The report for machines and other pages: JUnit XML, Markdown, and a badge for each target."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

import anybadge
import junitparser

from paramlaws.reports.answers import Answer, differences
from paramlaws.reports.failures import Failure, failures, nothing_fails, run_nowhere
from paramlaws.reports.names import name
from paramlaws.reports.rows import by_target
from paramlaws.reports.words import SYMBOLS, cell, condition, number
from paramlaws.specs.verdict import DEPARTS, FAILING, HOLDS, NOT_RUN, UNSUPPORTED, VERDICTS, counted

Data: TypeAlias = dict[str, Any]

#: The characters that XML 1.0 does not allow.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_GREEN, _RED, _GREY = "#2da44e", "#cf222e", "#8c959f"


def junit(report: Data) -> str:
    """A test suite for each target, and in it a test for each claim and case."""
    made = junitparser.JUnitXml("paramlaws")
    rows = by_target(report)
    for target in report["targets"]:
        suite = junitparser.TestSuite(_xml(target["id"]))
        suite.add_testcases([_test(row, target) for row in rows[target["id"]]])
        made.add_testsuite(suite)
    text: bytes = made.tostring()  # type: ignore[no-untyped-call]
    return text.decode("utf-8")


def _test(row: Data, target: Data) -> junitparser.TestCase:
    group = _xml(row["claim"].split(".")[0])
    test = junitparser.TestCase(_xml(cell(row)), f"{_xml(target['suite'])}.{group}", row["seconds"])
    message = _xml(row["message"] or row["verdict"])
    result: junitparser.junitparser.Result
    if row["verdict"] == "errored":
        result = junitparser.Error(message, "errored")
    elif row["verdict"] in FAILING:
        result = junitparser.Failure(message, row["verdict"])
    elif row["verdict"] in (UNSUPPORTED, NOT_RUN):
        reason = row["unsupported"]["reason"] if row["unsupported"] else message
        result = junitparser.Skipped(_xml(reason), row["verdict"])
    else:
        if row["verdict"] == DEPARTS:
            test.system_out = _xml(_departures(row))
        return test
    details = [row["message"], row["counterexample"], row["reproduce"]]
    result.text = _xml("\n".join(text for text in details if text))
    test.result = [result]
    return test


def _departures(row: Data) -> str:
    """The output of a passing test that departs as declared: what, when, and why."""
    lines = [f"departs as declared: {row['behaviour']}"]
    for departure in row["departures"]:
        said, when = departure.get("words") or departure["behaviour"], condition(departure)
        lines.append(f"{said}{f', if {when}' if when else ''}")
        lines += [f"  {departure['reason']}", f"  {departure['link']}"]
    return "\n".join(lines)


def _xml(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def markdown(report: Data) -> str:
    """A summary for a pull request or a CI job's page: failures, then counts and differences."""
    lines = [f"### Parameter management: {number(len(report['claims']), 'claim')}", ""]
    failing = failures(report)
    if failing:
        lines += [f"**What fails: {number(len(failing), 'check')}**", ""]
        lines += [_failure(one) for one in failing]
        lines += [
            f"- {_code(suspect['claim'])} may be wrong itself: {_md(suspect['sign'])}"
            for suspect in report["suspects"]
        ]
    else:
        lines.append(_md(nothing_fails(report)))
    if nowhere := run_nowhere(report):
        lines += ["", _md(nowhere)]
    if report["notes"]:
        lines += ["", "**Not everything is here**", ""]
        lines += [f"- {_md(note)}" for note in report["notes"]]
    lines += ["", _row("target", *VERDICTS), _row("---", *("---:" for _ in VERDICTS))]
    for target in report["targets"]:
        counts = (str(target["counts"][verdict] or "") for verdict in VERDICTS)
        lines.append(_row(_md(name(target)), *counts))
    if found := differences(report):
        lines += ["", "<details><summary>Where they differ</summary>", ""]
        for difference in found:
            claim = difference.claim
            lines.append(f"- {_spans(claim['topic'] or claim['id'])}")
            lines += [f"  - {_answer(answer)}" for answer in difference.answers]
        lines += ["", "</details>"]
    return "\n".join(lines) + "\n"


def _answer(one: Answer) -> str:
    return f"{SYMBOLS[one.verdict]} {_spans(one.text)}: {_md(', '.join(one.names))}"


def _failure(one: Failure) -> str:
    shown = f"- {SYMBOLS[one.verdict]} {_md(one.text[:300])} ({_code(one.cell)})"
    return shown + (f"  \n  {_code(one.command)}" if one.command else "")


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _md(text: str) -> str:
    """The text in one line, with the syntax of Markdown and HTML escaped."""
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>()#+\-.!|~&])", r"\\\1", text)


def _spans(text: str) -> str:
    """The text as `_md` gives it, with what is in `backticks` as code."""
    parts = enumerate(re.split("`([^`]+)`", " ".join(text.split())))
    return "".join(_code(part) if number % 2 else _escaped(part) for number, part in parts)


def _code(text: str) -> str:
    """The text as code, in a fence longer than any run of backticks in it."""
    text = " ".join(text.split())
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    space = " " if "`" in text else ""
    return f"{fence}{space}{text}{space}{fence}"


def badges(report: Data) -> dict[str, str]:
    """For each target, by file name, an SVG badge with the numbers of claims that hold and depart.

    It is green if nothing fails, red if something does, and grey if nothing was judged.
    """
    found = {}
    for target in report["targets"]:
        counts = target["counts"]
        failing = sum(counts[verdict] for verdict in FAILING)
        shown = [HOLDS, *([DEPARTS] if counts[DEPARTS] else [])]
        text = ", ".join(counted(counts, shown))
        colour = _GREEN
        if failing:
            colour, text = _RED, f"{failing} {'fails' if failing == 1 else 'fail'}, {text}"
        elif not counts[HOLDS] + counts[DEPARTS]:
            colour, text = _GREY, "not run"
        badge = anybadge.Badge(f"parameters: {name(target)}", text, default_color=colour)
        found[f"{re.sub(r'[^A-Za-z0-9._+-]', '_', target['id'])}.svg"] = badge.badge_svg_text
    return found
