"""Loading suites."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from paramlaws.suites import registry
from paramlaws.suites.declared import AdapterError
from paramlaws.suites.installing import advice
from paramlaws.suites.targets import DEFAULT, table


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file of Python that can be imported as `somebody`."""
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path / "somebody.py"
    sys.modules.pop("somebody", None)


def test_what_is_imported_is_not_searched_for_garbage(module: Path) -> None:
    """Neither while it is imported nor later."""
    module.write_text(
        "import gc\n"
        "from paramlaws.suites.reference import Reference\n"
        "class Own(Reference): name, framework, knowledge = 'own', 'Own', None\n"
        "COLLECTS, MANY = gc.isenabled(), [[] for _ in range(1000)]\n"
    )
    before = gc.get_freeze_count()
    suite = registry.load_adapter("somebody:Own")
    assert gc.get_freeze_count() >= before + 1000
    assert not sys.modules[type(suite).__module__].COLLECTS
    assert gc.isenabled()
    frozen = gc.get_freeze_count()
    registry.load_adapter("somebody:Own")
    assert gc.get_freeze_count() == frozen


def test_garbage_is_collected_again_after_a_failed_import(module: Path) -> None:
    """And the error names the adapter."""
    module.write_text("import no_such_package\n")
    with pytest.raises(AdapterError, match=r"--adapter somebody:Own: .*no_such_package"):
        registry.load_adapter("somebody:Own")
    assert gc.isenabled()


_HEAD = "from paramlaws.suites.reference import Reference\nclass Own(Reference):\n    "


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def f(:", "importing somebody fails: invalid syntax ("),
        ("import no_such", "importing it fails: ModuleNotFoundError: No module named 'no_such' ("),
        ("import os\nx = {}['y']", "importing somebody fails: KeyError: 'y' ("),
        ("import os\nx = {}['y']", "somebody.py, line 2: `x = {}['y']`)"),
        (_HEAD + "def __init__(self): raise OSError('no card')", "Own() fails: OSError: no card ("),
        (_HEAD + "def __init__(self, device): pass", "missing 1 required positional argument"),
        (_HEAD + "name = 'my/own'", "name = 'my/own'; it names files"),
        (_HEAD.replace("Own", "Onw") + "pass", "no suite 'Own'; did you mean 'Onw'?"),
        ("Own = 3", "Own is not a class derived from paramlaws.specs.suite.Suite"),
        (
            "from paramlaws.specs.suite import Suite\nclass Own(Suite):\n def foward(self): pass",
            "did you mean 'forward' by 'foward'?",
        ),
    ],
)
def test_what_is_wrong_with_an_adapter_is_said_in_a_line(
    module: Path, text: str, said: str
) -> None:
    """Its own line, not ours: the way to it says nothing to its author."""
    module.write_text(text)
    with pytest.raises(AdapterError) as raised:
        registry.load_adapter("somebody:Own")
    message = str(raised.value)
    assert said in message and message.startswith("--adapter somebody:Own: ")
    assert "registry.py" not in message and "\n" not in message


def test_an_adapter_beside_the_command_is_found_by_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python does not look for modules in the folder in which a command is given."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nobody_else.py").touch()
    # Tests themselves may run with an empty place on the path, which is this folder.
    monkeypatch.setattr(sys, "path", [place for place in sys.path if place])
    with pytest.raises(AdapterError, match=r"nobody_else\.py is here: put PYTHONPATH=\. in front"):
        registry.load_adapter("nobody_else:Own")
    with pytest.raises(AdapterError, match="is its folder on PYTHONPATH"):
        registry.load_adapter("nowhere_else:Own")


def test_advice_is_for_those_who_came_by_pip_and_for_a_clone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no use for tox where nothing tells it what to do."""
    monkeypatch.chdir(tmp_path)
    suite = next(name for name, row in table().suites.items() if row.faults and name != "reference")
    alone = advice(suite)
    assert alone.startswith("install it with `pip install ") and "tox" not in alone
    assert all(pin in alone for pin in table().environments[suite].pins)
    (tmp_path / "tox.ini").touch()
    assert f"or run `tox -e {suite}`, which has an environment" in advice(suite)


def test_advice_names_the_interpreter_where_it_matters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pip finds nothing for another one."""
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    for row in table().of(DEFAULT):
        assert ("(this is 3.99)" in advice(row.suite)) == (row.python is not None)
