"""Loading suites."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from paramlaws.suites import registry
from paramlaws.suites.declared import AdapterError


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
