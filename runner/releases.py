"""Running the claims on one release after the other, each in a tox environment of its own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from paramlaws.runner.archive import SUFFIX, Archive
from paramlaws.runner.journal import unite, whole_lines
from paramlaws.runner.recorder import summary
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.record import ResultsError
from paramlaws.specs.space import axes
from paramlaws.specs.verdict import ERRORED
from paramlaws.suites.targets import Environment

#: How a release ended.
KEPT, MADE, NEW_HOLE, KNOWN_HOLE = "kept", "made", "new hole", "known hole"
HOLES_VERSION = 1


@dataclass(frozen=True)
class Plan:
    """How releases are run, and where their results go.

    tox: the command that runs tox.
    environments: the folder in which it makes environments.
    folder: for the compressed results and the list of holes.
    options: options of pytest for every run.
    keep: whether to keep environments; those that existed before are always kept.
    retry: whether to try again releases that could not be run, and claims that errored.
    again: whether to run everything, whatever results exist.
    """

    tox: Sequence[str]
    environments: Path
    folder: Path
    options: Sequence[str] = ()
    keep: bool = False
    retry: bool = False
    again: bool = False


@dataclass(frozen=True)
class Outcome:
    """The outcome of one release.

    how: one of KEPT, MADE, NEW_HOLE and KNOWN_HOLE.
    text: a line with a summary of its results, or the reason why there are none.
    """

    name: str
    how: str
    text: str


class Holes:
    """The file of releases that could not be installed, imported or run to the end, with reasons.

    Raises ResultsError if it exists and cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "holes.json"
        self._entries: dict[str, dict[str, Any]] = {}
        if not self.path.exists():
            return
        try:
            holes = json.loads(self.path.read_text(encoding="utf-8"))["holes"]
            self._entries = {hole["environment"]: hole for hole in holes}
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise ResultsError(f"{self.path}: cannot be read ({error}); delete it") from error

    def reason(self, row: Environment) -> str | None:
        """Why a release with these pins has no results, None if no reason is recorded."""
        entry = self._entries.get(row.name)
        return str(entry["reason"]) if entry and entry["pins"] == list(row.pins) else None

    def add(self, row: Environment, reason: str) -> None:
        """Records a release that has no results."""
        self._entries[row.name] = {
            "environment": row.name,
            "suite": row.suite,
            "pins": list(row.pins),
            "reason": reason,
        }
        self._write()

    def remove(self, row: Environment) -> None:
        """Removes a release, now that it has results."""
        if self._entries.pop(row.name, None):
            self._write()

    def _write(self) -> None:
        entries = [self._entries[name] for name in sorted(self._entries)]
        content = {"schema_version": HOLES_VERSION, "holes": entries}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


class Release:
    """A release of the table, with its environment and results."""

    def __init__(self, row: Environment, plan: Plan) -> None:
        self.row = row
        self.plan = plan
        self.place = plan.environments / row.name
        # Next to the environments, where nothing is kept for long.
        self.work = plan.environments / "history" / f"{row.name}.jsonl"
        self.log = self.work.with_suffix(".log")

    def run(self, holes: Holes) -> Outcome:
        """Runs the claims that lack a current result.

        Nothing that was recorded is lost if this is interrupted or the run dies.
        """
        try:
            archive = Archive(self.plan.folder / f"{self.row.name}{SUFFIX}")
            self._collect(archive)
            claims = self._claims(archive)
            if not claims:
                holes.remove(self.row)
                return Outcome(self.row.name, KEPT, f"{len(archive.verdicts)} verdicts are there")
            known = holes.reason(self.row)
            if known and not (self.plan.retry or self.plan.again):
                return Outcome(self.row.name, KNOWN_HOLE, known)
            return self._made(archive, claims, holes)
        except ResultsError as error:
            is_known = holes.reason(self.row) == str(error)
            holes.add(self.row, str(error))
            return Outcome(self.row.name, KNOWN_HOLE if is_known else NEW_HOLE, str(error))

    def _made(self, archive: Archive, claims: Sequence[str], holes: Holes) -> Outcome:
        begun = time.monotonic()
        was_there = self.place.exists()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.log.unlink(missing_ok=True)
        try:
            if self._install():
                self._check(claims)
        finally:
            self._collect(archive)
            if not (was_there or self.plan.keep):
                shutil.rmtree(self.place, ignore_errors=True)
        if archive.missing(_revisions()):
            said = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
            known, reason = holes.reason(self.row), _why(archive, said)
            holes.add(self.row, reason)
            return Outcome(self.row.name, KNOWN_HOLE if known else NEW_HOLE, reason)
        holes.remove(self.row)
        counts = summary(archive.verdicts)[0].partition(": ")[2]
        return Outcome(self.row.name, MADE, f"{counts}, in {time.monotonic() - begun:.0f} s")

    def _claims(self, archive: Archive) -> list[str]:
        """The ids of the claims to run."""
        if self.plan.again or not self._is_of(archive):
            return list(_revisions())
        errored = {line["claim"] for line in archive.verdicts if line["verdict"] == ERRORED}
        missing = {*archive.missing(_revisions()), *(errored if self.plan.retry else ())}
        return [claim for claim in _revisions() if claim in missing]

    def _is_of(self, archive: Archive) -> bool:
        """Whether the results are this release's, with the current axes of coverage."""
        header = archive.header
        if header is None:
            return True
        packages: Mapping[str, str] = header["target"]["packages"]
        pins = {pin.name: pin for pin in map(Requirement, self.row.pins)}
        fits = (_fits(pins[name], version) for name, version in packages.items() if name in pins)
        return all(fits) and header.get("axes") == json.loads(json.dumps(axes()))

    def _collect(self, archive: Archive) -> None:
        """Archives what a run has recorded, even one that was killed earlier."""
        unite(self.work)
        if not self.work.exists():
            return
        archive.add(list(whole_lines(self.work)), afresh=not self._is_of(archive))
        self.work.unlink()

    def _install(self) -> bool:
        """Makes the environment, with this project in it; whether that worked."""
        result = self.log.with_suffix(".tox.json")
        result.unlink(missing_ok=True)
        self._tox("run", ["--notest", "--result-json", str(result)])
        try:
            # tox's exit status says nothing here, as it ignores failures of history releases.
            made = json.loads(result.read_text(encoding="utf-8"))["testenvs"][self.row.name]
            return bool(made["result"]["success"])
        except (OSError, ValueError, LookupError):
            return False
        finally:
            result.unlink(missing_ok=True)

    def _check(self, claims: Sequence[str]) -> None:
        """Runs the claims in the environment."""
        chosen = [] if len(claims) == len(CATALOGUE) else [f"--claim={each}" for each in claims]
        run = ["paramlaws", "run", "--suite", self.row.suite, *chosen, *self.plan.options]
        self._tox("exec", ["--", *run, f"--results={self.work.resolve()}"])

    def _tox(self, command: str, words: Sequence[str]) -> None:
        place = ["--workdir", str(self.plan.environments), "--skip-missing-interpreters", "false"]
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [*self.plan.tox, command, "--colored", "no", "-e", self.row.name, *place, *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            try:
                process.wait()
            finally:
                _end(process)


def _revisions() -> dict[str, int]:
    return {claim.id: claim.revision for claim in CATALOGUE}


def _fits(pin: Requirement, version: str) -> bool:
    """Whether what a package calls itself is what was pinned."""
    release = version.partition("+")[0]
    # A post-release often calls itself by the release that it mends.
    mended, post, _ = str(pin.specifier).removeprefix("==").partition(".post")
    return bool(post and release == mended) or pin.specifier.contains(release, prereleases=True)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process that an interrupt from the terminal, sent to all, has not ended."""
    for end in (process.terminate, process.kill):
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            end()
    process.wait()


def _why(archive: Archive, said: Sequence[str]) -> str:
    """Why results are missing, in a line."""
    missing = archive.without_verdict
    telling = telling_line(said)
    if archive.header and not missing:
        older = archive.missing(_revisions())
        return f"another revision of {len(older)} claims was run there, {older[0]} first: {telling}"
    if not missing:
        return telling
    claim, case = missing[0]
    cell = f"{claim}[{case}]" if case else claim
    return f"no verdict of {len(missing)} checks, the first of which is {cell}: {telling}"


#: Lines that tell why something failed, in the output of pip, pytest, tox, a crash or an exception.
_BEFORE = r"\s*(?:INTERNALERROR> |E +)?"
_TELLING = (
    re.compile(_BEFORE + r"(?:ERROR|error): +(?!ResolutionImpossible)(.+)"),
    re.compile(r".*?(could not find python interpreter.+)"),
    re.compile(r".*?((?:Fatal Python error|worker '\w+' crashed).+)"),
    re.compile(_BEFORE + r"((?:\w+\.)*\w+(?:Error|Exception)\b.*)"),
)
#: How tox ends, whatever it was.
_SUMMARY = re.compile(r"\s*(?:\S+: (?:FAIL|OK|SKIP|exit)\b.*|evaluation failed.*|)")


def telling_line(said: Iterable[str]) -> str:
    """The last line of pip's, tox's and pytest's output that tells why there was no result."""
    lines = [line.rstrip() for line in said]
    for pattern in _TELLING:
        if found := [match[1] for line in lines if (match := pattern.match(line))]:
            return found[-1].strip()
    rest = [line.strip() for line in lines if not _SUMMARY.fullmatch(line)]
    return rest[-1] if rest else "nothing was said"
