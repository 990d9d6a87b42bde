"""`paramlaws since CLAIM`: since which release each framework does what, in the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import click
from packaging.version import InvalidVersion, Version

from paramlaws.reports import compat
from paramlaws.reports.names import release as version_of
from paramlaws.reports.refused import Refused, printable
from paramlaws.reports.statements import UNKNOWN, span
from paramlaws.reports.words import listed, number
from paramlaws.specs.nearest import nearest
from paramlaws.specs.record import ResultsError
from paramlaws.specs.verdict import VERDICTS

Data: TypeAlias = dict[str, Any]


@click.command()
@click.argument("claim")
@click.option("--suite", metavar="NAME", help="Only this framework; default: all.")
@click.option("--case", metavar="NAME", help="Only this case, of those of a claim with several.")
@click.option("--release", metavar="VERSION", help="Only what this release does; needs --suite.")
@click.option(
    "--behaviour",
    metavar="NAME",
    help="Whether the release does this, as an exit status: a behaviour or a verdict.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--table",
    type=click.Path(path_type=Path),
    default=compat.FOLDER / compat.NAME,
    show_default=True,
    metavar="FILE",
    help="The table, as `paramlaws compat` writes it.",
)
@click.pass_context
def since(
    context: click.Context,
    claim: str,
    suite: str | None,
    case: str | None,
    release: str | None,
    behaviour: str | None,
    as_json: bool,
    table: Path,
) -> None:
    """Print since which release a framework does what a claim is about.

    With --release and --behaviour, the exit status is 0 if the release does that in all cases, 1
    if it does not, and 2 if that is not known.

    \b
    Examples:
      paramlaws since tie.survives-copy
      paramlaws since tie.survives-copy --suite NAME --json
      paramlaws since gradient.second-backward --suite NAME --release 2.6.0 --behaviour adds
    """
    try:
        query = _Query(compat.read(table), claim, suite, case, release, behaviour)
        found = query.found()
        does = query.does(found)
    except ResultsError as error:
        raise Refused(str(error)) from error
    if as_json:
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        for line in query.lines(found):
            click.echo(printable(line))
    context.exit(0 if does else 1)


class _Query:
    """A valid question to the table; raises ResultsError if the options are not."""

    def __init__(
        self,
        table: Data,
        claim: str,
        suite: str | None,
        case: str | None,
        release: str | None,
        behaviour: str | None,
    ) -> None:
        self.table = table
        self.id = claim
        self.claim = _one(table["claims"], claim, "claim")
        support = self.claim["support"]
        self.suites = [suite] if suite else [*support]
        if suite:
            _one(support, suite, "suite")
        cases = {own["case"] for name in self.suites for own in support[name]["cases"]}
        if case is not None and case not in cases:
            known = sorted(filter(None, cases))
            hint = nearest(case, known) if known else "this claim has one case only"
            raise ResultsError(f"--case {case}: there is no such case; {hint}")
        self.case = case
        self.behaviour = behaviour
        if release is None and behaviour is not None:
            raise ResultsError("--behaviour needs --release: which release is asked?")
        if release is not None and suite is None:
            raise ResultsError("--release needs --suite: of which framework is it?")
        self.release = _version(table["suites"][suite], release) if suite and release else None
        if behaviour is not None:
            self._check_behaviour(behaviour)

    def _check_behaviour(self, behaviour: str) -> None:
        seen = {
            statement["behaviour"]
            for support in self.claim["support"].values()
            for own in support["cases"]
            for statement in own["statements"]
        }
        known = dict.fromkeys((*self.claim["behaviours"], *sorted(filter(None, seen)), *VERDICTS))
        if behaviour not in known:
            hint = nearest(behaviour, known)
            raise ResultsError(f"--behaviour {behaviour}: {self.id} knows no such; {hint}")

    def found(self) -> list[Data]:
        """The statements that answer the question, by suite and case."""
        return [
            {
                "claim": self.id,
                "suite": suite,
                "mirror": self.claim["support"][suite]["mirror"],
                "case": own["case"],
                "statements": [one for one in own["statements"] if self._is_of_release(one)],
            }
            for suite in self.suites
            for own in self.claim["support"][suite]["cases"]
            if self.case is None or own["case"] == self.case
        ]

    def _is_of_release(self, statement: Data) -> bool:
        return self.release is None or self.release in statement["tested"]

    def does(self, found: Sequence[Data]) -> bool:
        """Whether the given release shows the given behaviour; True if none was given."""
        if self.behaviour is None:
            return True
        asked = [one for own in found for one in own["statements"]]
        unknown = [one for one in asked if one["verdict"] in UNKNOWN]
        if unknown or not asked:
            why = unknown[0]["words"] if unknown else "it has no such case"
            raise ResultsError(f"nothing is known of {self.id} on {self.release}: {why}")
        return all(self.behaviour in (one["behaviour"], one["verdict"]) for one in asked)

    def lines(self, found: Sequence[Data]) -> Iterator[str]:
        """The answer in words, line by line."""
        yield f"{self.id}: {self.claim['topic']}".rstrip(": ")
        for suite in self.suites:
            of = self.table["suites"][suite]
            versions = [release["version"] for release in of["releases"]]
            yield f"{of['framework']}: {number(len(versions), 'release')}, {_range(versions)}"
            for hole in of["holes"]:
                yield f"  not run: {', '.join(hole['pins'])}: {hole['reason']}"
            for own in found:
                if own["suite"] == suite:
                    case = f"[{own['case']}] " if own["case"] else ""
                    for one in own["statements"]:
                        yield f"  {case}{one['words']}: {span(one)}"
                        if one["example"]:
                            yield f"    {one['example']}"


def _range(versions: Sequence[str]) -> str:
    return versions[0] if len(versions) == 1 else f"{versions[0]} to {versions[-1]}"


def _one(known: Data, name: str, what: str) -> Data:
    if name not in known:
        raise ResultsError(f"{name}: there is no such {what}; {nearest(name, known)}")
    found: Data = known[name]
    return found


def _version(suite: Data, wanted: str) -> str:
    """The version of a tested release, given by its version or the name of its environment."""
    for release in suite["releases"]:
        if wanted in (release["version"], release["environment"]):
            return str(release["version"])
    versions = [release["version"] for release in suite["releases"]]
    try:
        asked = Version(wanted)
    except InvalidVersion as error:
        raise ResultsError(f"--release {wanted}: {nearest(wanted, versions)}") from error
    older = [version for version in versions if version_of({"version": version}) < asked]
    near = [*older[-1:], *versions[len(older) : len(older) + 1]]
    raise ResultsError(f"--release {wanted}: not measured; the nearest measured: {listed(near)}")
