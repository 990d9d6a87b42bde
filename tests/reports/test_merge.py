"""Merging: whatever the order, never twice, and never what does not fit together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paramlaws.reports.document import document
from paramlaws.reports.merge import merge
from paramlaws.runner.journal import Journal
from paramlaws.specs.record import ResultsError
from tests.reports.journals import (
    CLAIMS,
    MIXED,
    PLAN,
    UNSUPPORTED,
    header,
    released,
    run,
    verdict,
    write,
)

#: What fails on one target only.
ALONE: dict[Any, dict[str, Any]] = {("tie.state-dict", None): {"verdict": "violated"}}
WORDS = ("holds", "departs", "violated", "stale", "errored", "unsupported")


def report(paths: list[Path], **options: Any) -> dict[str, Any]:
    """The report on some files."""
    return document(merge(paths, **options), "2026-01-01T00:00:00+00:00")


@given(st.data())
def test_order_and_repetition_do_not_matter(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Files in any order, some twice, runs split over files: one and the same report."""
    folder = tmp_path_factory.mktemp("merge")
    files: list[Path] = []
    whole: list[dict[str, Any]] = []
    for suite in ("alpha", "beta", "gamma"):
        words = {key: {"verdict": data.draw(st.sampled_from(WORDS))} for key in PLAN}
        parts = data.draw(st.lists(st.integers(0, 2), min_size=len(PLAN), max_size=len(PLAN)))
        for part in sorted(set(parts)):
            keys = [key for key, own in zip(PLAN, parts, strict=True) if own == part]
            lines = run(suite, words, keys=keys)
            lines[0]["planned"] = [{"claim": claim, "case": case} for claim, case in keys]
            files.append(write(folder / f"{suite}{part}.jsonl", lines))
        whole += run(suite, words)
    one = report([write(folder / "whole.jsonl", whole)])
    shuffled = data.draw(st.permutations(files)) + data.draw(st.lists(st.sampled_from(files)))
    assert report(shuffled) == one


def test_a_copy_of_a_file_adds_nothing(tmp_path: Path) -> None:
    """The same results under another name."""
    first, second = write(tmp_path / "a.jsonl", run()), write(tmp_path / "b.jsonl", run())
    assert report([first, second]) == report([first])


def test_a_target_is_described_by_the_run_that_most_of_it_comes_from(tmp_path: Path) -> None:
    """Not by a later one of a few claims."""
    large, small = run(), run(keys=PLAN[:1])
    small[0]["planned"] = [{"claim": PLAN[0][0], "case": PLAN[0][1]}]
    small[0]["run"] = {**small[0]["run"], "profile": "exchange", "started": "2099-01-01T00:00:00"}
    (target,) = report([write(tmp_path / "a.jsonl", large), write(tmp_path / "b.jsonl", small)])[
        "targets"
    ]
    assert target["run"] == large[0]["run"]


def test_in_one_file_the_later_run_counts(tmp_path: Path) -> None:
    """A journal is in the order of time."""
    key = ("gradient.value", None)
    old = run(verdicts={key: {"verdict": "violated"}})
    new = run(keys=[key])
    new[0]["planned"] = [{"claim": key[0], "case": None}]
    rows = report([write(tmp_path / "a.jsonl", [*old, *new])])["verdicts"]
    assert {row["verdict"] for row in rows} == {"holds"}
    assert len(rows) == len(PLAN)


@pytest.mark.parametrize("names", ["ab", "ba"])
def test_a_verdict_that_was_superseded_contradicts_nobody(tmp_path: Path, names: str) -> None:
    """Neither a copy, nor the file under another spelling, nor an agreeing one, named as may be."""
    twice = [*run(verdicts={PLAN[1]: {"verdict": "violated"}}), *run()]
    first = write(tmp_path / f"{names[0]}.jsonl", twice)
    one = report([first])
    assert {row["verdict"] for row in one["verdicts"]} == {"holds"}
    assert report([first, tmp_path / ".." / tmp_path.name / first.name]) == one
    for lines in (twice, run()):
        second = write(tmp_path / f"{names[1]}.jsonl", lines)
        assert report([first, second]) == report([second, first]) == one


def test_counts_have_their_denominator(tmp_path: Path) -> None:
    """Each claim once, by its worst case; unsupported and not-run never count as holding."""
    (target,) = report([write(tmp_path / "a.jsonl", run(verdicts=MIXED))])["targets"]
    assert target["claims"] == 4
    assert {word: n for word, n in target["counts"].items() if n} == {
        "holds": 2,
        "violated": 1,
        "departs": 1,
    }


def test_a_run_without_its_end_keeps_what_it_had(tmp_path: Path) -> None:
    """The rest is not run, and the note names the file."""
    lines = run(keys=PLAN[:2], ended=False)
    begun = {"record": "started", "target": "alpha-1.0", "claim": PLAN[2][0], "case": PLAN[2][1]}
    made = report([write(tmp_path / "dead.jsonl", [*lines, begun])])
    words = [(row["verdict"], row["message"]) for row in made["verdicts"]]
    assert words[:2] == [("holds", None)] * 2
    assert words[2] == ("not-run", "the run ended during this claim")
    assert words[3] == ("not-run", "the run ended before this claim")
    (note,) = made["notes"]
    assert "dead.jsonl" in note and "3 of 5" in note
    assert note.endswith("it was at tie.same-parameter[one-parameter]")
    assert made["targets"][0]["complete"] is False


def test_a_last_line_cut_in_two_is_the_end_of_a_dead_run(tmp_path: Path) -> None:
    """What was whole is kept; a later run appended to the file is read."""
    file = write(tmp_path / "dead.jsonl", run(keys=PLAN[:2], ended=False))
    with file.open("a", encoding="utf-8") as opened:
        opened.write(json.dumps(verdict(PLAN[2]))[:40])
    made = report([file])
    assert [row["verdict"] for row in made["verdicts"]].count("holds") == 2
    journal = Journal(file, append=True)
    for line in run():
        journal.write(line)
    journal.close()
    assert {row["verdict"] for row in report([file])["verdicts"]} == {"holds"}


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
def test_a_line_cut_inside_a_character_is_the_end_of_a_dead_run(
    tmp_path: Path, separators: tuple[str, str]
) -> None:
    """However the JSON is spaced, and though nothing can decode the line."""

    def text(lines: list[dict[str, Any]]) -> bytes:
        return "".join(
            json.dumps(line, ensure_ascii=False, separators=separators) + "\n" for line in lines
        ).encode()

    dead = text(run(keys=PLAN[:2], ended=False)) + '{"record":"é'.encode()[:-1]
    file = tmp_path / "dead.jsonl"
    file.write_bytes(dead)
    made = report([file])
    assert [row["verdict"] for row in made["verdicts"]].count("holds") == 2
    assert "3 of 5" in made["notes"][0]
    file.write_bytes(dead + b"\n" + text(run()))
    assert {row["verdict"] for row in report([file])["verdicts"]} == {"holds"}


def test_each_dead_run_has_its_own_figure(tmp_path: Path) -> None:
    """What one of them lacks is not counted as recorded by the other."""
    files = [
        write(tmp_path / "a.jsonl", run(keys=PLAN[:1], ended=False)),
        write(tmp_path / "b.jsonl", run(keys=PLAN[:2], ended=False)),
    ]
    notes = report(files)["notes"]
    assert len(notes) == 2
    assert all("3 of 5" in note for note in notes)


def test_a_line_separator_in_a_text_does_not_end_the_line(tmp_path: Path) -> None:
    """Only a newline does."""
    message = "a\u2028b\x85c"
    lines = run(verdicts={PLAN[1]: {"message": message}})
    file = tmp_path / "a.jsonl"
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    file.write_text(text, encoding="utf-8")
    assert report([file])["verdicts"][1]["message"] == message


def test_a_claim_may_have_any_id(tmp_path: Path) -> None:
    """A suite of somebody else's too."""
    text = json.dumps(run()).replace("gradient.value", "<b>.2")
    made = report([write(tmp_path / "a.jsonl", json.loads(text))])
    assert "<b>.2" in {claim["id"] for claim in made["claims"]}


def test_without_runs_what_was_expected_is_shown() -> None:
    """And without that there is nothing to show."""
    made = report([], expected={"beta": "no 3.11"})
    assert (made["claims"], made["verdicts"]) == ([], [])
    assert made["notes"] == ["beta: not run: no 3.11"]
    with pytest.raises(ResultsError, match="run pytest first"):
        merge([])


def test_claims_that_were_not_selected_are_not_run(tmp_path: Path) -> None:
    """In a run of one claim the others show as such."""
    lines = run(keys=PLAN[:1])
    lines[0]["planned"] = [{"claim": PLAN[0][0], "case": None}]
    rows = report([write(tmp_path / "a.jsonl", lines)])["verdicts"]
    assert [row["verdict"] for row in rows] == ["holds", "not-run", "not-run", "not-run"]
    assert rows[1]["message"] == "not selected in this run"


def test_a_suite_that_should_be_there_is_shown(tmp_path: Path) -> None:
    """With the reason for which it is not."""
    made = report([write(tmp_path / "a.jsonl", run())], expected={"alpha": "-", "beta": "no 3.11"})
    absent = made["targets"][1]
    assert (absent["id"], absent["version"], absent["counts"]["not-run"]) == ("beta", None, 4)
    assert made["notes"] == ["beta: not run: no 3.11"]


def test_suspects_are_named(tmp_path: Path) -> None:
    """A claim that every target fails that ran it; what is unsupported says nothing of it."""
    failing: dict[Any, dict[str, Any]] = {("gradient.value", None): {"verdict": "violated"}}
    unsupported = {
        key: {"verdict": "unsupported", "unsupported": UNSUPPORTED} for key in (*failing, *ALONE)
    }
    lines = [*run("alpha", {**failing, **ALONE}), *run("beta", failing | unsupported)]
    assert report([write(tmp_path / "a.jsonl", lines)])["suspects"] == []
    lines += run("gamma", failing)
    assert report([write(tmp_path / "b.jsonl", lines)])["suspects"] == [
        {"claim": "gradient.value", "sign": "all 2 targets that ran it fail it"}
    ]


def test_versions_are_sorted_as_versions(tmp_path: Path) -> None:
    """Within their suite, and not by their letters."""
    lines = [
        line
        for suite, version in (("beta", "1.0"), ("alpha", "0.10.2"), ("alpha", "0.4.30"))
        for line in released(run(suite), version)
    ]
    targets = report([write(tmp_path / "a.jsonl", lines)])["targets"]
    assert [target["id"] for target in targets] == ["alpha-0.4.30", "alpha-0.10.2", "beta-1.0"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "the file is empty"),
        ([header(schema_version=1)], "line 1: schema version 1, and 2 can be read"),
        ([verdict(PLAN[0])], "line 1: target 'alpha-1.0' has no header"),
        ([header(), verdict(("no.claim", None))], "line 2: claim 'no.claim' is not in"),
        ([header(), verdict(PLAN[0], verdict="fine")], "line 2: verdict"),
        ([header(), {"record": "verdict", "target": "alpha-1.0"}], "line 2"),
        ([header(), {"record": "diary", "target": "alpha-1.0"}], "line 2"),
        ([{"hello": "world"}], "line 1"),
        ([header(planned=[{"claim": "no.claim", "case": None}])], "line 1: claim 'no.claim' is"),
        ([header(claims=[{**header()["claims"][0], "statement": ""}])], "line 1: claims/0/state"),
        ([header(), verdict(PLAN[0], seconds=float("nan"))], "line 2: not JSON of a record (NaN"),
        ([header(), verdict(PLAN[0], seconds=float("inf"))], "line 2: not JSON of a record (Inf"),
    ],
)
def test_a_file_that_is_none_is_refused(
    tmp_path: Path, lines: list[dict[str, Any]], said: str
) -> None:
    """One error that names the file, the line and the value."""
    file = write(tmp_path / "odd.jsonl", lines)
    with pytest.raises(ResultsError) as raised:
        merge([file])
    assert "odd.jsonl" in str(raised.value)
    assert said in str(raised.value)
    assert file.exists()


@pytest.mark.parametrize(
    "text",
    [
        "not json\n",
        "[1, 2]\n",
        "\x00\n",
        '{"record": ',
        "[" * 10**6,
        "9" * 5000,
        '{"record": 1e999}',
    ],
)
def test_text_that_is_not_json_is_refused(tmp_path: Path, text: str) -> None:
    """With the line's number and its beginning."""
    file = tmp_path / "odd.jsonl"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ResultsError, match=r"odd\.jsonl, line 1: not"):
        merge([file])


def test_a_broken_line_in_the_middle_is_refused(tmp_path: Path) -> None:
    """Only the end of a run can have been cut off."""
    file = write(tmp_path / "odd.jsonl", run())
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[3] = lines[3][:30]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(ResultsError, match=r"odd\.jsonl, line 4: not JSON"):
        merge([file])


def test_a_broken_line_after_the_end_is_refused(tmp_path: Path) -> None:
    """No run that could have died is open there."""
    file = write(tmp_path / "odd.jsonl", run())
    with file.open("a", encoding="utf-8") as opened:
        opened.write('{"rec')
    with pytest.raises(ResultsError, match=r"odd\.jsonl, line 13: not JSON .*delete that line"):
        merge([file])


def _revised(claim: str, revision: int, **changes: Any) -> list[dict[str, Any]]:
    """The claims of a header, one of them in another revision."""
    return [
        {**own, "revision": revision, **changes} if own["id"] == claim else own
        for own in header()["claims"]
    ]


@pytest.mark.parametrize("names", ["ab", "ba"])
def test_files_merge_claim_by_claim(tmp_path: Path, names: str) -> None:
    """One that knows fewer claims has the others not run, whichever file is read first."""
    few = run("beta", keys=PLAN[:1])
    few[0] = {**few[0], "claims": header()["claims"][:1], "planned": few[0]["planned"][:1]}
    write(tmp_path / f"{names[0]}.jsonl", run())
    write(tmp_path / f"{names[1]}.jsonl", few)
    made = report(tmp_path.glob("*.jsonl"))
    assert [claim["id"] for claim in made["claims"]] == [claim for claim, _, _ in CLAIMS]
    rows = [row for row in made["verdicts"] if row["target"] == "beta-1.0"]
    assert [row["verdict"] for row in rows] == ["holds", "not-run", "not-run", "not-run"]
    assert rows[1]["message"] == "newer than the version of this run"


@pytest.mark.parametrize("names", ["ab", "ba"])
def test_another_revision_is_shown_as_such(tmp_path: Path, names: str) -> None:
    """The newest one counts, and no verdict about an older one is shown as if about it."""
    new = run("beta")
    new[0] = {**new[0], "claims": _revised("gradient.value", 2)}
    new = [
        {**line, "revision": 2}
        if line["record"] == "verdict" and line["claim"] == "gradient.value"
        else line
        for line in new
    ]
    write(tmp_path / f"{names[0]}.jsonl", run())
    write(tmp_path / f"{names[1]}.jsonl", new)
    made = report(tmp_path.glob("*.jsonl"))
    rows = {row["target"]: row for row in made["verdicts"] if row["claim"] == "gradient.value"}
    assert rows["beta-1.0"]["verdict"] == "holds"
    assert rows["alpha-1.0"]["verdict"] == "not-run"
    assert "holds in revision 1 of this claim, and revision 2" in rows["alpha-1.0"]["message"]
    assert {claim["id"]: claim["revision"] for claim in made["claims"]}["gradient.value"] == 2


def test_one_revision_has_one_meaning(tmp_path: Path) -> None:
    """Results are read by a claim's kind and behaviours."""
    other = header("beta", claims=_revised("gradient.value", 1, kind="convention"))
    first, second = write(tmp_path / "a.jsonl", run()), write(tmp_path / "b.jsonl", [other])
    with pytest.raises(ResultsError, match=r"differ on gradient\.value, revision 1: kind"):
        merge([first, second])


def test_contradictions_are_refused(tmp_path: Path) -> None:
    """Two files that say different things of one target: both are named."""
    first = write(tmp_path / "a.jsonl", run())
    second = write(tmp_path / "b.jsonl", run(verdicts={PLAN[1]: {"verdict": "violated"}}))
    with pytest.raises(ResultsError) as raised:
        merge([first, second])
    for word in ("a.jsonl", "b.jsonl", "gradient.value", "'holds'", "'violated'"):
        assert word in str(raised.value)
