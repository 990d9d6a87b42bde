"""The table of suites and releases: what it says is there, and what else says it agrees."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from configparser import ConfigParser
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from paramlaws.suites import targets
from paramlaws.suites.targets import DEFAULT, SuiteEntry, TableError, table

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SUITES, ENVIRONMENTS = table().suites.values(), table().environments.values()


def _assigned(tree: ast.ClassDef) -> dict[str, Any]:
    """The constants of a class, by name."""
    nodes = [node for node in tree.body if isinstance(node, ast.Assign)]
    return {
        target.id: node.value.value
        for node in nodes
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value, ast.Constant)
    }


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_an_adapter_is_where_it_is_said_to_be(suite: SuiteEntry) -> None:
    """Under the name of its row, whether its framework is installed or not; as are its faults."""
    module, _, kind = suite.adapter.partition(":")
    spec = find_spec(module)
    assert spec is not None and spec.origin is not None
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    found = {node.name: _assigned(node) for node in tree.body if isinstance(node, ast.ClassDef)}
    assert found[kind]["name"] == suite.name
    assert suite.faults is None or find_spec(suite.faults)


def test_each_suite_has_an_environment_of_its_name() -> None:
    """To which an error leads where its framework is not installed."""
    assert all(table().environments[suite.name].suite == suite.name for suite in SUITES)
    assert all(row.suite == row.name for row in table().of(DEFAULT))


def test_extras_are_those_of_the_default_matrix() -> None:
    """`pip install -e '.[NAME]'` installs what `tox -e NAME` does, with the same pins."""
    extras = PROJECT["project"]["optional-dependencies"]
    assert {name: extras[name] for name in table().default} == {
        row.name: list(row.pins) for row in table().of(DEFAULT)
    }
    assert not extras.keys() & (table().environments.keys() - set(table().default))


def test_each_folder_of_modules_is_installed() -> None:
    """As faults of a framework, say, that fill a folder of their own."""
    options = PROJECT["tool"]["setuptools"]
    found = {
        ".".join((package, *file.parent.relative_to(ROOT / folder).parts))
        for package, folder in options["package-dir"].items()
        for file in (ROOT / folder).rglob("__init__.py")
    }
    assert found == set(options["packages"])


def test_a_report_expects_each_suite() -> None:
    """And says where its interpreter comes from, if it needs a particular one."""
    assert list(table().expected) == [row.suite for row in table().of(DEFAULT)]
    for row in table().of(DEFAULT):
        said = table().expected[row.suite]
        assert said == row.absence
        assert (f"it needs Python {row.python}" in said) == (row.python is not None)


def _altered(folder: Path, old: str, new: str) -> Path:
    text = targets.FILE.read_text(encoding="utf-8")
    assert old in text
    file = folder / "targets.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return file


TORCH = '[environments."pytorch-2.6"]\nsuite = "pytorch"\n'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[suites.jax]", "[suites.jax", "cannot be read: "),
        ("[suites.jax]", "[suite.jax]", "there is no key 'suite'; did you mean 'suites'?"),
        ("[suites.jax]", "[suites.reference]", "Cannot declare ('suites', 'reference') twice"),
        ("adapter = ", "adaptor = ", "suites/reference: there is no key 'adaptor'; did you mean"),
        ("suites.jax:Jax", "suites.jax.Jax", "suites/jax/adapter: 'paramlaws.suites.jax.Jax' does"),
        (TORCH, TORCH + 'pin = "x"\n', "environments/pytorch-2.6: there is no key 'pin'; did you "),
        (TORCH, TORCH.replace("suite =", "# "), "pytorch-2.6: 'suite' is a required property"),
        (
            TORCH,
            TORCH.replace('"pytorch"', '"pytroch"'),
            "2.6/suite: 'pytroch' is unknown; did ",
        ),
        ('= "history"', '= "hstory"', "/matrix: 'hstory' is unknown; did you mean 'history'?"),
        ("torch==2.6.0", "torch=2.6.0", "2.6/pins/0: 'torch=2.6.0' is not a 'requirement'"),
        ('"3.11"', "3.11", "environments/tensorflow-keras2/python: 3.11 is not of type 'string'"),
        ('"pytorch-2.6"', '"pytorch 2.6"', "environments: 'pytorch 2.6' does not match"),
    ],
)
def test_a_mistyped_table_is_one_clear_error(tmp_path: Path, old: str, new: str, said: str) -> None:
    """It names the file, the row, the key and the word that is likely meant."""
    file = _altered(tmp_path, old, new)
    with pytest.raises(TableError) as raised:
        targets.read(file)
    assert str(raised.value).startswith(f"{file}: ")
    assert said in str(raised.value)


# -- tox ------------------------------------------------------------------------------------------
def test_tox_can_read_it() -> None:
    """With nothing but the standard library, as in tox's own environment."""
    read = "import sys; sys.path[:0] = sys.argv[1:]; from suites import targets; "
    command = [sys.executable, "-I", "-S", "-c", read + "print(*targets.table().default)"]
    done = subprocess.run([*command, str(ROOT)], capture_output=True, text=True, check=False)
    assert done.stdout.split() == list(table().default), done.stderr


def test_where_the_table_cannot_be_checked_a_mistyped_key_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inside tox, that is; the row is named, too."""
    monkeypatch.setitem(sys.modules, "jsonschema_rs", None)
    with pytest.raises(TableError, match=r"environments/pytorch-2.6: .*'pin'"):
        targets.read(_altered(tmp_path, TORCH, TORCH + 'pin = "x"\n'))
    with pytest.raises(TableError, match=r"2.6: 'pins' must be a list, not 'torch==2.6.0'"):
        targets.read(_altered(tmp_path, '["torch==2.6.0"]', '"torch==2.6.0"'))


def _tox(*arguments: str) -> str:
    python = os.environ.get("PARAMLAWS_TOX")
    if python is None:
        pytest.skip("`tox -e tests` runs this: it says which tox there is")
    command = [python, "-m", "tox", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_tox_has_an_environment_of_each_row() -> None:
    """By default those of the default matrix, then what comes after them."""
    assert _tox("list", "-d", "--no-desc").split() == [*table().default, "transfer", "report"]
    assert set(_tox("list", "--no-desc").split()) >= table().environments.keys()


def _settings(*names: str) -> ConfigParser:
    """What tox says of these environments."""
    keys = ["deps", "base_python", "suite", "commands", "set_env", "depends", "ignore_outcome"]
    keys.append("constrain_package_deps")
    found = ConfigParser(interpolation=None, delimiters=("=",))
    found.read_string(_tox("config", "-e", ",".join(names), "-k", *keys))
    return found


def test_the_environments_of_tox_are_as_the_table_says() -> None:
    """Pins, interpreter, suite and variables; no name is taken for that of a Python."""
    found = _settings(*table().environments)
    for row in ENVIRONMENTS:
        said = found[f"testenv:{row.name}"]
        assert said["deps"].split() == list(row.pins)
        assert said["constrain_package_deps"] == "True"
        assert said["ignore_outcome"] == str(row.matrix != DEFAULT)
        if row.python:
            assert said["base_python"] == f"python{row.python}"
        else:
            assert Path(said["base_python"]).is_absolute()
        assert said["suite"] == row.suite
        assert said["commands"].split()[:3] == ["pytest", "--suite", row.suite]
        for name, value in table().suites[row.suite].variables.items():
            assert f"{name}={value}" in said["set_env"].split()


def test_the_report_of_tox_comes_last_and_expects_each_suite() -> None:
    """After all releases, if they run as well."""
    said = _settings("report")["testenv:report"]
    for suite, reason in table().expected.items():
        assert f"--expect '{suite}={reason}'" in said["commands"]
    assert said["depends"].split() == [*table().environments, "transfer"]
