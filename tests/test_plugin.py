"""The command line: what is refused and how, what is recorded, and showing a failure again."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from fakeredis import TcpFakeServer

from paramlaws.runner.items import ClaimItem
from paramlaws.runner.plugin import pytest_sessionfinish
from paramlaws.suites import registry
from tests.running import absent, in_a_shell, records


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--suite", "nobody"], f"--suite nobody: unknown; known are {', '.join(registry.KNOWN)}"),
        (["--suite", "PyTorch"], "--suite PyTorch: unknown; did you mean 'pytorch'?"),
        (["--claim", "tie.sam"], "there is no such claim; did you mean 'tie.same-parameter'?"),
        (["--claim", "ties.*"], "there is no such claim; did you mean 'tie.*'?"),
        (
            ["--claim", "tie.survives-copy[deepcopy, same-layer]"],
            "a case is chosen by itself: --claim tie.survives-copy --case 'deepcopy, same-layer'",
        ),
        (["--claim", "no"], "there is no such claim; the groups are construct.*, access.*, "),
        (["--hypothesis-profile", "fast"], "fast: unknown; known are quick, default, ci, deep"),
        (["--suite", "reference", "--case", "same-laye"], "unknown; did you mean 'same-layer'?"),
        (
            ["--suite", "reference", "--claim", "value.*", "--case", "same-layer"],
            "--case same-layer: unknown; these claims have no cases, so leave --case out",
        ),
        (
            ["--suite", "reference", "--claim", "tie.survives-copy", "--case", "same-layer"],
            "only part of a case; write all of it, as in 'deepcopy, same-layer'",
        ),
        (["--adapter", "adapters"], "it must read MODULE:CLASS"),
        (["--adapter", "nowhere:Suite"], "No module named 'nowhere'"),
        (
            ["--adapter", "adapters:Nobody"],
            "adapters has no suite 'Nobody'; known are Faulty, Deadly, ",
        ),
        (["--adapter", "adapters:Stranger"], "not a class derived from"),
        (
            ["--adapter", "adapters:Mute"],
            "Mute lacks the verbs array_type, assign, backward, build",
        ),
        (["--adapter", "adapters:Taken"], "the name 'reference' is taken"),
        (["--adapter", "adapters:Old"], "suite 'old' is for numpy >=99 and"),
        (["--example", "Example()"], "--example needs --claim"),
        (["--claim", "tie.*", "--example", "import os"], "not an example: 'import os'"),
        (
            ["--claim", "tie.*", "--example", "Example(Architecture(1, (Densee(3),)))"],
            "there is no 'Densee'; did you mean 'Dense'?",
        ),
        (["--suite", "reference", "--results", "/dev/null/x"], "/dev/null/x: results cannot be"),
        (["--example-database", "redis://localhost:1"], "Error 111"),
        (["--hypothesis-seed", "many"], "--hypothesis-seed many: it must be an integer"),
        (
            ["--adapter", "adapters:Faulty", "--adapter", "adapters:Twin"],
            "two suites are called 'faulty'",
        ),
    ],
)
def test_wrong_options_get_one_clear_error(run: Any, options: list[str], said: str) -> None:
    """One line that names the value and the way out, at the end; what failed where is not shown."""
    result = run(*options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (error,) = result.stderr.str().strip().splitlines()
    assert error.startswith("ERROR: ") and said in error
    shown = result.stdout.str()
    assert "ERROR" not in shown and "Traceback" not in shown and len(shown.splitlines()) < 10


def test_a_suite_whose_framework_is_not_here_is_an_error(run: Any) -> None:
    """It says how it gets here."""
    suite = absent()
    result = run("--suite", suite)
    assert result.ret not in (0, 5)
    said = result.stdout.str() + result.stderr.str()
    assert f"suite {suite!r}: its framework does not import here" in said
    assert "install it with `pip install " in said and "Traceback" not in said


def test_a_run_writes_what_it_saw(run: Any, pytester: pytest.Pytester) -> None:
    """A header, a line for each claim as it begins and ends, and a footer."""
    result = run("--suite", "reference", "--claim", "access.*", "--hypothesis-profile", "quick")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["reference-*: of * claims, 13 hold, 0 depart, 0 violated*"])
    (file,) = (pytester.path / "reports" / "results").glob("reference-*.jsonl")
    lines = records(file)
    assert [line["record"] for line in lines] == ["header", *["started", "verdict"] * 13, "footer"]
    assert lines[0]["run"]["profile"] == "quick"
    assert len(lines[0]["planned"]) == 13 < len(lines[0]["claims"])


def test_a_selected_claim_is_appended_and_a_full_run_starts_afresh(
    run: Any, pytester: pytest.Pytester
) -> None:
    """Nothing recorded is lost either way."""
    file = pytester.path / "results.jsonl"
    quick = ("--suite", "reference", "--hypothesis-profile", "quick", "--results", str(file))
    assert run(*quick, "--claim", "value.*").ret == 0
    assert run(*quick, "--claim", "listing.count").ret == 0
    kinds = [line["record"] for line in records(file)]
    assert kinds.count("header") == kinds.count("footer") == 2
    assert run(*quick).ret == 0
    assert [line["record"] for line in records(file)].count("header") == 1
    before = file.with_name("results.jsonl.previous")
    assert [line["record"] for line in records(before)].count("header") == 2


def test_an_example_that_says_nothing_does_not_pass(run: Any) -> None:
    """One sentence says why, and what to ask for instead."""
    example = "Example(Architecture(1, (Dense(3),)))"
    chosen = ("--suite", "reference", "--claim", "tie.gradients-add", "--case", "same-layer")
    result = run(*chosen, "--example", example)
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        ["*not tried: the claim is about networks in which a parameter is used more than once*"]
    )
    assert "Traceback" not in result.stdout.str()


def test_an_example_of_an_unsupported_claim_does_not_pass(
    run: Any, pytester: pytest.Pytester
) -> None:
    """It was not tried, whatever the verdict on the claim."""
    pytester.makepyfile(
        lacking="""
        from pathlib import Path
        from paramlaws.suites.reference import Reference

        class Lacking(Reference):
            name, framework = "lacking", "Lacking"
            knowledge = Path(__file__).with_suffix(".toml")
        """
    )
    entry = '[[unsupported]]\nclaim = "gradient.*"\nreason = "no notion"\nlink = "https://x.org"\n'
    pytester.path.joinpath("lacking.toml").write_text(entry, encoding="utf-8")
    chosen = ("--adapter", "lacking:Lacking", "--claim", "gradient.value")
    assert run(*chosen).ret == 0
    result = run(*chosen, "--example", "Example(Architecture(1, (Dense(1),)))")
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        ["not tried: lacking-gradient.value is declared unsupported: no notion (https://x.org)"]
    )


def test_a_reproducer_that_is_not_there_is_said_before_anything_runs(
    run: Any, pytester: pytest.Pytester
) -> None:
    """In one line; the results of earlier runs stay."""
    pytester.makepyfile(
        astray="""
        from pathlib import Path
        from paramlaws.suites.reference import Reference

        class Astray(Reference):
            name, framework = "astray", "Astray"
            knowledge = Path(__file__).with_suffix(".toml")
        """
    )
    entry = """
        [[departures]]
        claim = "listing.order"
        behaviour = "sorted-by-name"
        words = "sorted by name"
        reason = "r"
        link = "https://example.org"
        smallest = 'Example(Architecture(1, (Dense(1),)))'
    """
    file = pytester.path / "astray.toml"
    file.write_text(dedent(entry), encoding="utf-8")
    chosen = ("--adapter", "astray:Astray", "--claim", "value.*", "--results=astray.jsonl")
    assert run(*chosen).ret == 0
    before = Path("astray.jsonl").read_bytes()
    file.write_text(dedent(entry) + 'reproducer = "gone.py"\n', encoding="utf-8")
    result = run(*chosen)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (error,) = result.stderr.str().strip().splitlines()
    assert "listing.order: there is no reproducer 'gone.py' in " in error
    assert Path("astray.jsonl").read_bytes() == before


def test_a_violation_can_be_shown_again(
    run: Any, pytester: pytest.Pytester, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The command in the record does so in any folder, on the smallest network."""
    result = run("--adapter", "adapters:Faulty", "--claim", "access.two-parameters")
    assert result.ret == 1
    (file,) = (pytester.path / "reports" / "results").glob("faulty-*.jsonl")
    (record,) = [line for line in records(file) if line["record"] == "verdict"]
    assert record["verdict"] == "violated"
    assert record["counterexample"] == "Example(Architecture(1, (Dense(1),)))"
    result.stdout.fnmatch_lines([f"*reproduce:      {record['reproduce'].replace('[', '[[]')}"])
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    again = in_a_shell(record["reproduce"], elsewhere)
    assert again.returncode == 1
    assert f"observed:       {record['message']}" in again.stdout
    assert "counterexample: Example(Architecture(1, (Dense(1),)))" in again.stdout
    # One example is for looking at: nothing is recorded.
    assert [path.name for path in elsewhere.iterdir() if path.suffix == ".jsonl"] == []
    assert records(file)[-1]["record"] == "footer"


def test_the_same_seed_shows_the_same_examples(run: Any, pytester: pytest.Pytester) -> None:
    """`--hypothesis-seed` is recorded, and repeats a run."""
    options = ("--suite", "reference", "--claim", "tie.gradients-add", "--hypothesis-seed", "5")
    occurred = []
    for name in ("a.jsonl", "b.jsonl"):
        assert run(*options, "--results", name).ret == 0
        lines = records(pytester.path / name)
        assert lines[0]["run"]["seed"] == 5
        occurred.append([line["occurred"] for line in lines if line["record"] == "verdict"])
    assert occurred[0] == occurred[1]


def test_a_killed_run_leaves_what_it_had(run: Any, pytester: pytest.Pytester) -> None:
    """After SIGKILL the file has all that ended before, and merges with the rest not run."""
    result = run("--adapter", "adapters:Deadly", "--results", "deadly.jsonl")
    assert result.ret == -9
    lines = records(pytester.path / "deadly.jsonl")
    ended = [line for line in lines if line["record"] == "verdict"]
    assert ended and all(line["verdict"] == "holds" for line in ended)
    assert lines[-1]["record"] == "started"
    report = pytester.run(
        sys.executable, "-m", "paramlaws.reports", "deadly.jsonl", "--output", "out"
    )
    assert report.ret == 1
    report.stderr.fnmatch_lines(["*deadly.jsonl: the run of deadly-* has no end*"])
    made = json.loads((pytester.path / "out" / "report.json").read_text(encoding="utf-8"))
    verdicts = [row["verdict"] for row in made["verdicts"]]
    assert verdicts.count("holds") == len(ended)
    assert set(verdicts) == {"holds", "not-run"}
    planned = len(lines[0]["planned"])
    assert len(verdicts) == planned


def test_the_list_of_claims_can_be_seen(run: Any) -> None:
    """`--collect-only` writes nothing."""
    result = run("--suite", "reference", "--collect-only", "-q", "--results", "none.jsonl")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*reference-tie.same-parameter[[]same-layer]"])
    assert not Path("none.jsonl").exists()


def _passed_before(run: Any, profile: str, place: str) -> int:
    """How many examples passed before one failed, for a claim that fails on batches of three."""
    claim = ("--adapter", "adapters:Rare", "--claim", "gradient.value", "--results", "rare.jsonl")
    kept = ("--hypothesis-profile", profile, "--example-database", place)
    assert run(*claim, *kept).ret == 1
    return [r for r in records(Path("rare.jsonl")) if r["record"] == "verdict"][-1]["examples"]


def _redis() -> Iterator[str]:
    server = TcpFakeServer(("127.0.0.1", 0))
    Thread(target=server.serve_forever, daemon=True).start()
    yield "redis://{}:{}".format(*server.server_address)
    server.shutdown()
    server.server_close()


def _folder() -> Iterator[str]:
    yield "examples"


@pytest.mark.parametrize("kind", [_folder, _redis])
def test_what_one_run_found_another_one_tries_first(
    run: Any, kind: Callable[[], Iterator[str]]
) -> None:
    """Through a folder or a server, and only there."""
    with contextmanager(kind)() as place:
        # What Hypothesis draws first is as simple as can be, a single row.
        assert _passed_before(run, "default", place) > 0
        assert _passed_before(run, "quick", place) == 0
        assert _passed_before(run, "default", "elsewhere") > 0


@pytest.mark.parametrize(
    ("kinds", "left"),
    [((ClaimItem, ClaimItem), True), ((ClaimItem, pytest.Function), False), ((), False)],
)
def test_only_the_networks_of_claims_are_left_to_the_end(
    kinds: tuple[type, ...], left: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where other tests were run too, pytest looks for garbage, and tells of what it finds."""
    calls: list[None] = []
    monkeypatch.setattr(gc, "freeze", lambda: calls.append(None))
    session: Any = SimpleNamespace(items=[object.__new__(kind) for kind in kinds])
    pytest_sessionfinish(session)
    assert bool(calls) == left
