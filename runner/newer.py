"""`paramlaws check-new`: lists releases that the registry has and the table lacks.

Those that are newer than the table, or those between two of it, for finding which changed what.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

import click
from packaging.requirements import Requirement
from packaging.version import Version

from paramlaws.runner.refused import Refused
from paramlaws.runner.releases import telling_line
from paramlaws.specs.nearest import nearest
from paramlaws.suites import targets
from paramlaws.suites.targets import HISTORY, Environment, SuiteEntry


@click.command("check-new")
@click.option("--suite", multiple=True, metavar="NAME", help="Only this framework (repeatable).")
@click.option(
    "--between",
    nargs=2,
    metavar="OLD NEW",
    help="Instead, every release between these two of one suite: which of them changed it?",
)
@click.pass_context
def check_new(
    context: click.Context, suite: tuple[str, ...], between: tuple[str, str] | None
) -> None:
    """Print a row for suites/targets.toml for each release that is newer than those in it.

    pip is asked, so these are releases that this interpreter can install. Of each minor line it is
    the last one. Exits with 0 where there are none, with 1 where there are some, and with 2 where
    the registry gives no answer.

    \b
    Examples:
      paramlaws check-new
      paramlaws check-new >> suites/targets.toml || paramlaws history
      paramlaws check-new --suite NAME --between 3.2.1 3.3.3
    """
    known = targets.table().suites
    for name in suite:
        if name not in known:
            raise Refused(f"--suite {name}: unknown; {nearest(name, known)}")
    if between is None:
        found = [row for name in suite or known for row in newer(known[name])]
    elif len(suite) == 1:
        found = list(those_between(known[suite[0]], *between))
    else:
        raise Refused("--between needs one --suite: of which framework are these releases?")
    for row in found:
        click.echo("\n" + as_text(row), nl=False)
    said = "between these" if between else "newer than suites/targets.toml"
    click.echo(f"{len(found)} {said}", err=True)
    context.exit(1 if found else 0)


def newer(suite: SuiteEntry) -> Iterator[Environment]:
    """The rows that the table lacks, for the last release of each minor line that is newer.

    They are like that of the newest release, with the newest of what is released along with it.
    """
    rows = [row for row in targets.table().environments.values() if row.suite == suite.name]
    if not (suite.packages and rows):
        return
    main, *others = suite.packages
    newest = max(rows, key=lambda row: _pinned(row, main) or Version("0"))
    have = _pinned(newest, main)
    lines: dict[tuple[int, int], Version] = {}
    for version in sorted(available(main)):
        if have is None or version > have:
            lines[version.major, version.minor] = version
    if not lines:
        return
    latest = {package: max(available(package)) for package in others}
    names = targets.table().environments
    for version in lines.values():
        short = f"{_prefix(suite, rows)}-{version.major}.{version.minor}"
        name = f"{_prefix(suite, rows)}-{version}" if short in names else short
        pins = _pins(newest, {**latest, main: version})
        yield replace(newest, name=name, matrix=HISTORY, pins=pins, note="")


def those_between(suite: SuiteEntry, old: str, new: str) -> Iterator[Environment]:
    """The rows that the table lacks between two that it has, like that of the newer one.

    Raises Refused if the table has no row for one of them.
    """
    rows = [row for row in targets.table().environments.values() if row.suite == suite.name]
    by_version = {_pinned(row, main): row for row in rows for main in suite.packages[:1]}
    for text in (old, new):
        if text not in map(str, by_version):
            known = [str(version) for version in by_version if version]
            raise Refused(f"--between: {suite.name} has no row of {text}; {nearest(text, known)}")
    main, row = suite.packages[0], by_version[Version(new)]
    for version in sorted(available(main)):
        if Version(old) < version < Version(new) and version not in by_version:
            name = f"{_prefix(suite, rows)}-{version}"
            pins = _pins(row, {main: version})
            yield replace(row, name=name, matrix=HISTORY, pins=pins, note="")


def available(package: str) -> list[Version]:
    """The releases that pip can install here; raises Refused if it cannot tell."""
    command = [sys.executable, "-m", "pip", "index", "versions", package, "--json"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    try:
        # Builds of one release for several devices are one release.
        return [Version(Version(text).public) for text in json.loads(done.stdout)["versions"]]
    except (ValueError, LookupError) as error:
        said = telling_line(done.stderr.splitlines())
        raise Refused(f"{package}: the registry gives no answer: {said}") from error


def as_text(row: Environment) -> str:
    """The row as the table has it, in TOML."""
    python = [f'python = "{row.python}"'] if row.python else []
    return "\n".join(
        [
            f'[environments."{row.name}"]',
            f'suite = "{row.suite}"',
            f'matrix = "{row.matrix}"',
            *python,
            # Of texts, a list is written as in JSON.
            f"pins = {json.dumps(row.pins)}",
            "",
        ]
    )


def _pinned(row: Environment, package: str) -> Version | None:
    """The version of a package that a row pins, None if it does not."""
    for pin in map(Requirement, row.pins):
        exact = [each.version for each in pin.specifier if each.operator == "=="]
        if pin.name == package and exact:
            return Version(exact[0])
    return None


def _pins(row: Environment, versions: dict[str, Version]) -> tuple[str, ...]:
    """The pins of a row with these versions."""
    found = []
    for pin in row.pins:
        name = Requirement(pin).name
        found.append(f"{name}=={versions[name]}" if name in versions else pin)
    return tuple(found)


def _prefix(suite: SuiteEntry, rows: Sequence[Environment]) -> str:
    """The common beginning of the names of a suite's releases."""
    names = [row.name.rpartition("-")[0] for row in rows if row.matrix == HISTORY]
    return names[0] if names else suite.name
