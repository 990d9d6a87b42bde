"""A history: each release is run once, what stands in the way is told, and nothing is lost."""

from __future__ import annotations

import json
import lzma
import stat
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from paramlaws.runner import releases
from paramlaws.runner.archive import Archive
from paramlaws.runner.history import history
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.space import axes
from paramlaws.suites import targets
from paramlaws.suites.targets import Environment, Table

#: What is asked of each release here: the claims, and the revision of each.
REVISIONS = {"construct.output-shape": 1, "tie.same-parameter": 2}
#: Takes the place of tox: what it does is said in a file beside it, for each environment.
TOX = f"""\
#!{sys.executable}
import json, pathlib, subprocess, sys
words = sys.argv[1:]
name = words[words.index("-e") + 1]
folder = pathlib.Path(words[words.index("--workdir") + 1])
here = pathlib.Path(__file__).parent
script = json.loads((here / "script.json").read_text()).get(name, {{}})
if words[0] == "run":
    (folder / name).mkdir(parents=True, exist_ok=True)
    made = {{"result": {{"success": "said" not in script or "lines" in script}}}}
    print(script.get("said", ""))
    place = pathlib.Path(words[words.index("--result-json") + 1])
    place.write_text(json.dumps({{"testenvs": {{name: made}}}}))
    raise SystemExit(0)
command = words[words.index("--") + 1:]
with open(here / "calls", "a") as calls:
    calls.write(json.dumps([name, command]) + "\\n")
if script.get("real"):
    python = [sys.executable, "-m", "paramlaws.commands"]
    raise SystemExit(subprocess.run([*python, *command[1:]]).returncode)
results = next(word.partition("=")[2] for word in command if word.startswith("--results="))
if "lines" in script:
    chosen = [word.partition("=")[2] for word in command if word.startswith("--claim=")]
    with open(results, "a") as file:
        for line in script["lines"]:
            if line["record"] == "header" and chosen:
                line["whole"] = {{e["claim"] for e in line["planned"]}} <= {{*chosen}}
                line["planned"] = [e for e in line["planned"] if e["claim"] in chosen]
            if not chosen or line.get("claim", chosen[0]) in chosen:
                file.write(json.dumps(line) + "\\n")
if script.get("interrupts"):
    (here / "interrupt").touch()
"""


def _row(name: str, *pins: str) -> Environment:
    return Environment(name, "reference", "history", pins or ("thing==1.0",), "3.11")


def _lines(
    revisions: dict[str, int] = REVISIONS, *, version: str = "1.0", ended: bool = True
) -> list[dict[str, Any]]:
    """What a run records, in as few words as a history looks at."""
    target = {"id": f"reference-{version}", "packages": {"thing": version}}
    keys = [{"claim": claim, "case": None} for claim in revisions]
    run = {"started": "2026-01-01", "seed": 0}
    header = {
        "record": "header",
        "target": target,
        "run": run,
        "whole": True,
        "axes": json.loads(json.dumps(axes())),
        "planned": keys,
    }
    own = {"target": target["id"], "verdict": "holds"}
    verdicts = [
        {"record": "verdict", **own, **key, "revision": revisions[key["claim"]]} for key in keys
    ]
    footer = {"record": "footer", "target": target["id"], "verdicts": 2, "ended": "2026-01-02"}
    return [header, *verdicts, footer] if ended else [header, *verdicts[:1]]


def _interrupted_by(file: Path) -> type[subprocess.Popen[bytes]]:
    """Processes that are waited for until an interrupt, where a file says that there is one.

    A real signal may be lost: one that arrives during a collection of garbage is raised in the
    callbacks of that, which Python ignores.
    """

    class Waiting(subprocess.Popen[bytes]):
        def wait(self, timeout: float | None = None) -> int:
            code = super().wait(timeout)
            if file.exists():
                file.unlink()
                raise KeyboardInterrupt
            return code

    return Waiting


class Machine:
    """A table of made-up releases, a tox, and the command."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.results = folder / "history"
        self.environments = folder / "environments"
        self.tox = folder / "tox"
        self.tox.write_text(TOX, encoding="utf-8")
        self.tox.chmod(self.tox.stat().st_mode | stat.S_IXUSR)
        self.monkeypatch = monkeypatch
        (folder / "tox.ini").touch()
        monkeypatch.chdir(folder)
        monkeypatch.setattr(releases, "_revisions", lambda: self.revisions)
        monkeypatch.setattr(releases.subprocess, "Popen", _interrupted_by(folder / "interrupt"))
        self.revisions = dict(REVISIONS)
        self.has(thing={"lines": _lines()})

    def has(self, *rows: Environment, **script: dict[str, Any]) -> None:
        """Has these rows, and a tox that does this in their environments."""
        entries = rows or tuple(_row(name) for name in script)
        table = Table(targets.table().suites, {row.name: row for row in entries})
        self.monkeypatch.setattr("paramlaws.runner.history.targets.table", lambda: table)
        (self.folder / "script.json").write_text(json.dumps(script), encoding="utf-8")

    def run(self, *options: str) -> Result:
        """Runs the command."""
        places = ["--folder", str(self.results), "--environments", str(self.environments)]
        words = [*places, "--tox", str(self.tox), "--processes", "1", *options]
        return CliRunner().invoke(history, words)

    def calls(self) -> list[tuple[str, list[str]]]:
        """The environments in which something was run, and what, since this was last asked."""
        file = self.folder / "calls"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return [json.loads(line) for line in lines]

    @property
    def holes(self) -> dict[str, str]:
        """The releases that do not run, with the reason."""
        content = json.loads((self.results / "holes.json").read_text(encoding="utf-8"))
        return {hole["environment"]: hole["reason"] for hole in content["holes"]}

    def archive(self, name: str = "thing") -> Archive:
        """What is kept of a release."""
        return Archive(self.results / f"{name}.jsonl.xz")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine with nothing on it."""
    return Machine(tmp_path, monkeypatch)


def _selected(command: Sequence[str]) -> list[str]:
    return [word.partition("=")[2] for word in command if word.startswith("--claim=")]


def test_a_release_is_run_and_kept(machine: Machine) -> None:
    """By the suite's own command, in its environment; the results are an ordinary file."""
    known = {claim.id: claim.revision for claim in CATALOGUE}
    machine.revisions = {claim: known[claim] for claim in REVISIONS}
    machine.has(thing={"real": True})
    done = machine.run()
    assert done.exit_code == 0, done.output
    ((name, command),) = machine.calls()
    assert (name, command[:4]) == ("thing", ["paramlaws", "run", "--suite", "reference"])
    assert command[command.index("--hypothesis-seed") + 1] == "0"
    text = lzma.decompress((machine.results / "thing.jsonl.xz").read_bytes()).decode()
    records = [json.loads(line) for line in text.splitlines()]
    assert (records[0]["record"], records[-1]["record"]) == ("header", "footer")
    assert {r["claim"] for r in records if r["record"] == "verdict"} == set(REVISIONS)
    assert "thing: made: of 74 claims, 2 hold" in done.output


def test_what_has_results_is_not_run_again(machine: Machine) -> None:
    """Unless that is asked for."""
    machine.run()
    assert len(machine.calls()) == 1
    done = machine.run()
    assert (done.exit_code, machine.calls()) == (0, [])
    assert "thing: kept: 2 verdicts are there" in done.output
    machine.run("--again")
    assert len(machine.calls()) == 1


def test_only_claims_of_another_revision_are_run_again(machine: Machine) -> None:
    """And new ones; the file remains that of one whole run."""
    machine.has(thing={"lines": _lines({"construct.output-shape": 1, "tie.same-parameter": 1})})
    machine.revisions["tie.same-parameter"] = 1
    machine.run()
    machine.revisions["tie.same-parameter"] = 2
    machine.has(thing={"lines": _lines()})
    machine.calls()
    assert machine.run().exit_code == 0
    ((_, command),) = machine.calls()
    assert _selected(command) == ["tie.same-parameter"]
    archive = machine.archive()
    assert {line["claim"]: line["revision"] for line in archive.verdicts} == REVISIONS
    assert archive.header is not None
    assert archive.header["whole"]
    assert archive.without_verdict == []


def test_results_of_another_release_do_not_count(machine: Machine) -> None:
    """Where a row's pin is raised, say."""
    machine.run()
    machine.has(_row("thing", "thing==1.1"), thing={"lines": _lines(version="1.1")})
    assert machine.run().exit_code == 0
    header = machine.archive().header
    assert header is not None
    assert header["target"]["packages"] == {"thing": "1.1"}


@pytest.mark.parametrize("pin", ["thing==1.0.post2", "thing==1.0", "thing<2", "other==3"])
@pytest.mark.parametrize("version", ["1.0", "1.0+cpu"])
def test_a_release_may_call_itself_otherwise(machine: Machine, pin: str, version: str) -> None:
    """By the release that it mends, or with the name of its build: it is not run again for that."""
    machine.has(_row("thing", pin), thing={"lines": _lines(version=version)})
    machine.run()
    machine.calls()
    assert machine.run().exit_code == 0
    assert machine.calls() == []


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            "ERROR: Could not find a version that satisfies it\n"
            "ERROR: No matching distribution found for thing==1.0\n"
            "thing: exit 1 (2.01 seconds) /tmp> python -m pip install thing==1.0",
            "No matching distribution found for thing==1.0",
        ),
        (
            "ERROR: Cannot install thing==1.0 because these package versions have conflicts.\n"
            "ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/\n",
            "Cannot install thing==1.0 because these package versions have conflicts.",
        ),
        (
            "thing: failed with could not find python interpreter matching any of: python3.11\n"
            "  evaluation failed :( (0.08 seconds)",
            "could not find python interpreter matching any of: python3.11",
        ),
        (
            "ERROR: suite 'thing': its framework does not import here (No module named 'x')",
            "suite 'thing': its framework does not import here (No module named 'x')",
        ),
        (
            "INTERNALERROR>   File 'suites/thing.py', line 3, in versions\n"
            "INTERNALERROR> AttributeError: module 'thing' has no attribute '__version__'\n",
            "AttributeError: module 'thing' has no attribute '__version__'",
        ),
        ("something else\n  evaluation failed :( (0.08 seconds)\n\n", "something else"),
        ("", "nothing was said"),
    ],
)
def test_a_release_that_does_not_run_is_a_hole(machine: Machine, said: str, reason: str) -> None:
    """With the line that tells why; the others go on, and it is tried again only if asked."""
    machine.has(bad={"said": said}, thing={"lines": _lines()})
    done = machine.run()
    assert done.exit_code == 1
    assert f"bad: new hole: {reason}" in done.output
    assert machine.holes == {"bad": reason}
    assert not machine.archive().missing(REVISIONS)
    assert [name for name, _ in machine.calls()] == ["thing"]
    done = machine.run()
    assert (done.exit_code, machine.calls()) == (0, [])
    assert f"bad: known hole: {reason}" in done.output
    machine.has(bad={"lines": _lines()})
    assert machine.run("--retry").exit_code == 0
    assert machine.holes == {}


def test_a_hole_is_one_for_its_pins_only(machine: Machine) -> None:
    """A row that is mended is tried without being asked for."""
    machine.has(thing={"said": "ERROR: no"})
    machine.run()
    machine.has(_row("thing", "thing==1.0", "other<2"), thing={"lines": _lines()})
    assert machine.run().exit_code == 0
    assert machine.holes == {}


def test_a_run_that_dies_keeps_what_it_has(machine: Machine) -> None:
    """It is a hole, as it would die again; what is left to do is done if asked."""
    machine.has(thing={"lines": _lines(ended=False), "said": "Fatal Python error: Aborted"})
    done = machine.run()
    assert done.exit_code == 1
    reason = "no verdict of 1 checks, the first of which is tie.same-parameter: Fatal Python error"
    assert machine.holes["thing"].startswith(reason)
    assert len(machine.archive().verdicts) == 1
    machine.calls()
    machine.has(thing={"lines": _lines()})
    assert machine.run("--retry").exit_code == 0
    ((_, command),) = machine.calls()
    assert _selected(command) == ["tie.same-parameter"]


def test_an_interrupt_loses_nothing(machine: Machine) -> None:
    """Neither what is finished nor what was recorded; the environment is removed."""
    machine.has(
        first={"lines": _lines()}, second={"lines": _lines(ended=False), "interrupts": True}
    )
    done = machine.run()
    assert done.exit_code == 1
    assert not machine.archive("first").missing(REVISIONS)
    assert machine.archive("second").missing(REVISIONS) == ["tie.same-parameter"]
    assert not (machine.environments / "second").exists()
    machine.calls()
    machine.has(first={"lines": _lines()}, second={"lines": _lines()})
    assert machine.run().exit_code == 0
    ((name, command),) = machine.calls()
    assert (name, _selected(command)) == ("second", ["tie.same-parameter"])


def test_an_environment_goes_unless_it_was_there(machine: Machine) -> None:
    """Or is to stay."""
    machine.run()
    assert not (machine.environments / "thing").exists()
    machine.run("--again", "--keep")
    assert (machine.environments / "thing").exists()
    machine.run("--again")
    assert (machine.environments / "thing").exists()


def test_a_file_that_cannot_be_read_is_a_hole(machine: Machine) -> None:
    """The file is left as it is."""
    machine.results.mkdir()
    (machine.results / "thing.jsonl.xz").write_bytes(b"no")
    done = machine.run()
    assert done.exit_code == 1
    assert "thing.jsonl.xz: cannot be read" in done.output
    assert (machine.results / "thing.jsonl.xz").read_bytes() == b"no"
    assert machine.run().exit_code == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--suite", "refrence"], "--suite refrence: unknown; did you mean 'reference'?"),
        (["--environment", "thng"], "--environment thng: unknown; did you mean 'thing'?"),
        (["--suite", "jax"], "no release is of these suites"),
        (["--tox", "no/such/tox"], "--tox no/such/tox: there is no such program"),
        (["--profile", "fast"], "Invalid value for '--profile'"),
    ],
)
def test_what_cannot_be_meant_is_refused(machine: Machine, options: list[str], said: str) -> None:
    """Before anything is run."""
    done = machine.run(*options)
    assert done.exit_code == 2
    assert said in done.output
    assert machine.calls() == []


def test_it_is_run_in_a_clone_only(machine: Machine) -> None:
    """Elsewhere tox knows no release, and each would be taken for one that does not run."""
    (machine.folder / "tox.ini").unlink()
    done = machine.run()
    assert done.exit_code == 2
    assert "run this in a clone" in done.output
    assert not machine.results.exists()


def test_a_list_of_holes_that_cannot_be_read_is_refused(machine: Machine) -> None:
    """It may hold what somebody found out."""
    machine.results.mkdir()
    (machine.results / "holes.json").write_text("[]", encoding="utf-8")
    done = machine.run()
    assert done.exit_code == 2
    assert "holes.json: cannot be read" in done.output
