"""What the README shows is true: its adapter runs, its options exist, its files are there."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from statistics import median

import pytest

from paramlaws.faults.cli import MODULES
from paramlaws.reports.words import SYMBOLS
from paramlaws.runner import profiles
from paramlaws.specs.claims import CATALOGUE
from paramlaws.suites import registry

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _block(language: str, name: str) -> str:
    found = re.search(rf"```{language}\n# {name}\n(.*?)```", README, re.DOTALL)
    assert found, f"the README has no {name}"
    return found[1]


def test_the_adapter_of_the_readme_runs(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it stands there, in a folder of its own, and it appears in the report."""
    pytester.path.joinpath("tinynet.py").write_text(_block("python", "tinynet.py"))
    pytester.path.joinpath("tinynet.toml").write_text(_block("toml", "tinynet.toml"))
    monkeypatch.setenv("PYTHONPATH", str(pytester.path))
    command = ("--pyargs", "paramlaws.specs", "-q")
    groups = [f"--claim={group}.*" for group in ("access", "gradient", "tie")]
    chosen = ("--hypothesis-profile", "quick", "--adapter", "tinynet:TinyNet", *groups)
    run = pytester.run(sys.executable, "-m", "pytest", *command, *chosen)
    assert run.ret == 1
    report = pytester.run(sys.executable, "-m", "paramlaws.reports")
    assert report.ret == 0
    made = json.loads((pytester.path / "reports/html/report.json").read_text(encoding="utf-8"))
    verdicts = {(row["claim"], row["case"]): row for row in made["verdicts"]}
    assert verdicts["tie.gradients-add", "same-layer"]["verdict"] == "holds"
    assert verdicts["tie.gradients-add", "one-parameter"]["verdict"] == "unsupported"
    assert verdicts["access.unique-names", None]["verdict"] == "violated"
    said = ("does not implement", "blocked by")
    for row in verdicts.values():
        if row["verdict"] == "errored":
            assert any(words in row["message"] for words in said), row
    (target,) = made["targets"]
    assert target["counts"]["holds"] > 20


def test_every_file_that_is_linked_is_there() -> None:
    """Links to this repository lead somewhere."""
    for name in ("README.md", "CONTRIBUTING.md"):
        links = re.findall(r"\]\((?!https?:)([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8"))
        assert [link for link in links if not (ROOT / link).exists()] == []


def test_suites_profiles_and_verdicts_are_named_as_they_are() -> None:
    """Names and numbers in the README are those of the code."""
    (suites,) = re.findall(r"^\| `--suite NAME` \| (.*); repeatable", README, re.MULTILINE)
    assert suites == ", ".join(f"`{name}`" for name in registry.KNOWN)
    for profile, examples in profiles.EXAMPLES.items():
        assert f"`{profile}` {examples}" in README
    for verdict, symbol in SYMBOLS.items():
        assert f"| {symbol} {verdict} |" in README


def test_the_two_commands_are_those_of_ci() -> None:
    """CI runs the README's command, word for word."""
    commands = re.findall(r"```sh\n(python3 -m venv .*)\n```", README)
    assert [command.split("tox", 1)[1] for command in commands] == [
        " && .tools/bin/tox",
        " && .tools/bin/tox -e tests",
    ]
    assert "grep -m1 'tox -e tests$' README.md" in (ROOT / ".ci/run").read_text(encoding="utf-8")


def test_what_is_said_of_false_alarms_is_what_was_measured() -> None:
    """All suites were run, with the claims that there are now, and as often as it says."""
    said = re.search(
        r"([\d,]+) false alarms in ([\d,]+) runs .*and ([\d,]+) in ([\d,]+)\s+simulated",
        README,
        re.DOTALL,
    )
    assert said
    alarms, runs, wrong, simulated = (int(n.replace(",", "")) for n in said.groups())
    folder = ROOT / "reports" / "power"
    found = [json.loads(file.read_text(encoding="utf-8")) for file in folder.glob("alarms-*.json")]
    # Beside the default matrix, other releases may have been measured.
    assert {one["suite"] for one in found} == set(registry.KNOWN)
    assert sum(len(one["alarms"]) for one in found) == alarms
    assert sum(len(one["runs"]) for one in found) == runs
    for one in found:
        # A claim that was revised or added since is not among those that were measured.
        revisions = {claim.id: claim.revision for claim in CATALOGUE}
        assert all(revisions.get(claim, 0) >= n for claim, n in one["revisions"].items())
        assert one["revisions"] and one["runs"]
    statistics = json.loads((folder / "statistics.json").read_text(encoding="utf-8"))
    assert (statistics["alarms"], statistics["runs"]) == (wrong, simulated)


def test_what_is_said_of_faults_is_what_was_measured() -> None:
    """By the files that the report takes it from."""
    for suite in MODULES:
        text = (ROOT / "reports" / "power" / f"{suite}.json").read_text(encoding="utf-8")
        measured = json.loads(text)
        faults = measured["faults"]
        caught = [fault for fault in faults if fault["by"]]
        # A fault stands in the module of the claim that it names first.
        assert all(fault["about"][0] in fault["by"] for fault in caught), suite
        unseen = sum(fault["book"] is False for fault in caught)
        examples = [fault["examples"] for fault in caught]
        red = [len({finding["claim"] for finding in fault["findings"]}) for fault in faults]
        version = ".".join(next(iter(measured["versions"].values())).split(".")[:2])
        # "Keras 3" is Keras 3.15, say.
        family = measured["framework"].split(" (")[0].removesuffix(f" {version[0]}")
        name = f"{family} {version}"
        name = "the reference" if suite == "reference" else re.escape(name)
        (row,) = re.findall(rf"^\| {name}[^|]* \|[\d ()|]*\|$", README, re.MULTILINE)
        cells = [cell.strip() for cell in row.strip("|").split("|")][1:]
        assert cells == [
            str(len(faults)),
            str(len(caught)),
            str(unseen),
            f"{median(examples):g} ({max(examples)})",
            f"{median(red):g} ({max(red)})",
        ]
