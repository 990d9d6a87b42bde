"""The report as one self-contained page, `index.html`."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeAlias

import jinja2
from markupsafe import Markup, escape
from pygments import highlight
from pygments.filter import simplefilter
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from pygments.token import Token

from paramlaws.reports import cases, words
from paramlaws.reports.answers import differences
from paramlaws.reports.catches import catches, power
from paramlaws.reports.change import by_version
from paramlaws.reports.failures import failures, nothing_fails, run_nowhere
from paramlaws.reports.figures import figures
from paramlaws.reports.history import SinceWhen, courses, histories
from paramlaws.reports.matrix import groups
from paramlaws.reports.names import adapters, keys
from paramlaws.reports.networks import network
from paramlaws.reports.rows import tried
from paramlaws.reports.statements import BLOCKED
from paramlaws.reports.transfers import pairs
from paramlaws.specs.verdict import ERRORED, FAILING, VERDICTS, counted

Data: TypeAlias = dict[str, Any]

#: The parts of the page's script, in the order of their dependencies.
SCRIPTS = ("tools.js", "copy.js", "coverage.js", "search.js", "report.js")
_BADGE = Markup('<span class="badge {0}"><span aria-hidden="true">{1}</span> {0}</span>')


def render(report: Data) -> str:
    """The page for a report as `document` makes it; all texts of the report are escaped."""
    suites = [target["suite"] for target in report["targets"]]
    environment = _environment()
    script = "".join(_source(environment, name) for name in SCRIPTS)
    return environment.get_template("index.html.j2").render(
        report=report,
        script=script,
        synonyms=json.loads(_source(environment, "synonyms.json")),
        # The page may run this script and no other.
        script_hash=_hash(script),
        groups=groups(report),
        failures=failures(report),
        nothing_fails=nothing_fails(report),
        run_nowhere=run_nowhere(report),
        differences=differences(report),
        pairs=pairs(report),
        power=power(report),
        catches=catches(report),
        tried=tried(report),
        keys=keys(report),
        adapters=adapters(report),
        versions=by_version(report),
        courses=courses(report["compat"], report["claims"], suites),
        histories=histories(report["compat"], suites),
        since_when=SinceWhen(report),
        figures=figures(report),
        claims={claim["id"] for claim in report["claims"]},
        examples={
            kind: sum(row[kind] for row in report["verdicts"]) for kind in ("drawn", "fixed")
        },
    )


def render_change(change: Data, old: Data, new: Data) -> str:
    """The page with the changes between two reports."""
    claims = (*old["claims"], *new["claims"])
    topics = {claim["id"]: claim["topic"] for claim in claims}
    words = {claim["id"]: claim["words"] for claim in claims}
    return (
        _environment()
        .get_template("change.html.j2")
        .render(change=change, old=old, new=new, topics=topics, words=words)
    )


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("paramlaws.reports", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["is_link"] = _is_link
    environment.filters.update(
        answers=cases.answers,
        command=words.command,
        counted=counted,
        departures=cases.departures,
        grouped=cases.grouped,
        in_words=words.behaviour,
        listed=words.listed,
        marked=_marked,
        minute=_minute,
        network=network,
        number=words.number,
        places=cases.places,
        python=_python,
        untried=cases.untried,
    )
    environment.globals.update(
        css=_source(environment, "report.css") + _colours(),
        symbols=words.SYMBOLS,
        badges={verdict: _BADGE.format(verdict, words.SYMBOLS[verdict]) for verdict in VERDICTS},
        meanings=words.MEANINGS,
        # What looks like which verdict.
        fills={BLOCKED: ERRORED},
        verdicts=VERDICTS,
        failing=FAILING,
    )
    return environment


def _source(environment: jinja2.Environment, name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


def _hash(script: str) -> str:
    """The script's hash, as a Content-Security-Policy gives it."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _colours() -> str:
    """The style sheet of highlighted code, for light and dark."""
    light, dark = (
        HtmlFormatter(style=style).get_style_defs(".code")  # type: ignore[no-untyped-call]
        for style in ("xcode", "github-dark")
    )
    plain = ".code, .code pre { background: var(--panel); color: var(--ink); }"
    return f"{light}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}\n{plain}"


def _is_link(text: str) -> bool:
    return text.startswith(("https://", "http://"))


def _minute(time: str) -> str:
    """An ISO time to the minute, for people; any other text unchanged."""
    try:
        return f"{datetime.fromisoformat(time):%Y-%m-%d %H:%M %Z}".strip()
    except ValueError:
        return time


def _marked(text: str) -> Markup:
    """The text with what is between backticks, as in docstrings, as code."""
    return Markup(re.sub(r"`([^`\n]+)`", r"<code>\1</code>", str(escape(text))))


@lru_cache(None)
def _python(code: str) -> Markup:
    """Python code with its syntax highlighted; Pygments escapes it."""
    lexer = PythonLexer()
    lexer.add_filter(_plainly())
    lexer.add_filter("tokenmerge")
    formatter = HtmlFormatter(cssclass="code", wrapcode=True)
    return Markup(highlight(code, lexer, formatter))


@simplefilter
def _plainly(
    self: Any, lexer: Any, stream: Iterable[tuple[Any, str]], options: Any
) -> Iterator[tuple[Any, str]]:
    """The tokens without types for names and operators, which are most of a text."""
    for kind, text in stream:
        plain = kind in Token.Name and kind not in Token.Name.Function
        yield (Token.Text if plain or kind in _SIGNS else kind), text


_SIGNS = (Token.Operator, Token.Punctuation, Token.Text.Whitespace, Token.Text)
