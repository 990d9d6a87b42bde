"""The benchmarks see what a run does, and can make its calls again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from paramlaws.specs.claims import CATALOGUE

ROOT = Path(__file__).parents[1]


def _python(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_run_is_watched_and_its_calls_are_made_again(tmp_path: Path) -> None:
    """Every example is accounted for, the parts make no more than the whole, and replay works."""
    accounts, calls, out = (tmp_path / name for name in ("accounts.json", "calls", "out.json"))
    claims = ("value.explicit-read", "gradient.value", "persist.roundtrip")
    _python(
        *("pytest", "-q", "-p", "benchmarks.watching", "--suite", "reference"),
        *(word for claim in claims for word in ("--claim", claim)),
        *("--hypothesis-profile", "quick", f"--results={tmp_path / 'results.jsonl'}"),
        *(f"--watch={accounts}", f"--watch-calls={calls}"),
    )
    seen = json.loads(accounts.read_text(encoding="utf-8"))
    assert len(seen) == len(claims)
    for name, account in seen.items():
        assert account["examples"] == len(account["each"]) > 2, name
        assert 0 < account["framework"] + account["oracle"] < account["total"], name
    assert "backward" in seen["reference-gradient.value"]["verbs"]
    _python("benchmarks.replaying", "reference", str(calls), str(out))
    assert json.loads(out.read_text(encoding="utf-8"))["calls"] > 0


def test_a_replay_makes_the_same_calls(tmp_path: Path) -> None:
    """The same verbs, on what the calls before returned."""
    from benchmarks.calls import Tape, replay

    tape, made = Tape(), []

    def verb(name: str) -> object:
        def call(*arguments: object) -> list[object]:
            made.append((name, arguments))
            return [object(), len(made)]

        return call

    first = tape.call("build", verb("build"), (3,))
    tape.call("read", verb("read"), (first, first[0], "x"))
    tape.end([first])
    tape.call("forward", verb("forward"), (first,))
    tape.end([])
    original, made[:] = list(made), []
    replay(tape.events, verb)
    assert [name for name, _ in made] == [name for name, _ in original]
    (_, read), (_, forward) = made[1:]
    assert read[0] is forward[0] and read[1] is read[0][0] and read[2] == "x"


def test_a_replay_in_which_a_call_fails_is_no_measurement() -> None:
    """Only what was refused at first may be refused again."""
    from benchmarks.calls import Tape, replay

    def fails(*arguments: object) -> object:
        raise ValueError("no")

    refused, taken = Tape(), Tape()
    with pytest.raises(ValueError, match="no"):
        refused.call("load", fails, ())
    replay(refused.events, lambda verb: fails)
    taken.call("load", list, ())
    with pytest.raises(ValueError, match="no"):
        replay(taken.events, lambda verb: fails)


def test_the_claims_that_are_measured_exist() -> None:
    """A renamed claim is not forgotten in the benchmarks."""
    from benchmarks import growth, naive

    for claim in (*growth.CLAIMS, *naive.CLAIMS):
        assert CATALOGUE[claim]
