"""Native scripts in sections, and what a knowledge file says that they show."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from paramlaws.reports.schemas import RECORD
from paramlaws.runner.target import Target
from paramlaws.runner.trial import Trial
from paramlaws.specs.case import ONLY, Case
from paramlaws.specs.claims import CATALOGUE
from paramlaws.suites.knowledge import Knowledge, KnowledgeError
from paramlaws.suites.known import load
from paramlaws.suites.reference import Reference
from paramlaws.suites.sections import read

SCRIPT = '''"""Sums."""

import math
import pickle
from pathlib import Path
from typing import Any

math.tau  # Said for its effect.
one = 1


def two():
    return one + one


# %% sum: one and one are two
assert two() == 2

# %% pickle: a class of a section can be pickled


class Own:
    pass


assert isinstance(pickle.loads(pickle.dumps(Own())), Own)

# %% wrong: one is two
assert one == 2
'''
SHOWS = """
[[native]]
script = "sums.py"
versions = { thing = ">=2" }

[native.shows]
"listing.order" = "sum"
"tie.*[one-parameter]" = ["sum", "pickle"]
"gradient.reset: none" = "pickle"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a script in sections."""
    tmp_path.joinpath("native").mkdir()
    tmp_path.joinpath("native/sums.py").write_text(SCRIPT, encoding="utf-8")
    return tmp_path


def _load(folder: Path, text: str, version: str = "2.0") -> Knowledge:
    file = folder / "known.toml"
    file.write_text(text, encoding="utf-8")
    return load(file, {"thing": version})


def test_a_section_is_a_program_of_its_own(folder: Path) -> None:
    """With what it needs of the opening, and no more."""
    sections = read(folder / "native/sums.py")
    assert list(sections) == ["sum", "pickle", "wrong"]
    script = sections["sum"].script
    assert script.startswith("# one and one are two\n")
    assert "def two" in script and "one = 1" in script and "math.tau" in script
    assert "Path" not in script and "pickle" not in script
    subprocess.run([sys.executable, "-c", script], check=True)


def test_a_section_runs_and_fails_as_it_says(folder: Path) -> None:
    """As a program, whose classes can be pickled."""
    sections = read(folder / "native/sums.py")
    sections["pickle"].run()
    with pytest.raises(AssertionError):
        sections["wrong"].run()


@pytest.mark.parametrize(
    ("text", "said"), [("x = 1\n", "no sections"), (SCRIPT + SCRIPT, "two sections 'sum'")]
)
def test_what_has_no_sections_is_an_error(tmp_path: Path, text: str, said: str) -> None:
    """It names the file."""
    file = tmp_path / "own.py"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=rf"own\.py has {said}"):
        read(file)


def test_a_statement_is_shown_for_its_behaviour_case_and_version(folder: Path) -> None:
    """And for no other."""
    known = _load(folder, SHOWS)

    def shown(claim: str, case: Case = ONLY, behaviour: str | None = None) -> list[str]:
        return [s.name for s in known.shown_natively(CATALOGUE[claim], case, behaviour)]

    assert shown("listing.order") == ["sum"]
    assert shown("listing.order", behaviour="sorted-by-name") == []
    assert shown("gradient.reset", behaviour="none") == ["pickle"]
    assert shown("gradient.reset", behaviour="zeros") == []
    assert shown("tie.listed-once", Case(tie="one-parameter")) == ["sum", "pickle"]
    assert shown("tie.listed-once", Case(tie="same-layer")) == []
    known = _load(folder, SHOWS, "1.9")
    assert shown("listing.order") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("sums.py", "sum.py", "sum.py"),
        ('"listing.order" = "sum"', '"listing.order" = "sums"', "did you mean 'sum'?"),
        ("listing.order", "listing.ordr", "did you mean 'listing.order'?"),
        ("gradient.reset: none", "gradient.reset: nine", "did you mean 'none'?"),
        ("gradient.reset: none", "gradient.reset", "no behaviour 'None'"),
        ("gradient.reset: none", "gradient.reset, none", "is not like"),
        ("listing.order", "listing.order: sorted-by-name", "no departure shows 'sorted-by-name'"),
        ("versions", "version", "did you mean 'versions'?"),
    ],
)
def test_what_cannot_be_meant_is_an_error(folder: Path, old: str, new: str, said: str) -> None:
    """It names file and entry, and what is near."""
    with pytest.raises(KnowledgeError, match=r"known\.toml: ") as error:
        _load(folder, SHOWS.replace(old, new))
    assert said in str(error.value)


def test_a_record_carries_what_shows_it(folder: Path) -> None:
    """The lines for the behaviour that was seen, and none for another one."""
    file = folder / "known.toml"
    file.write_text(SHOWS.replace("thing", "numpy").replace(">=2", ">=1"), encoding="utf-8")

    class Own(Reference):
        name = "own"
        knowledge = file

    class Zeros(Own):
        def reset_gradients(self, model: Any) -> Any:
            for _, parameter in model.named_parameters():
                parameter.grad = np.zeros_like(parameter.value)
            return model

    script = read(folder / "native/sums.py")["pickle"].script
    for suite, behaviour, native in ((Own(), "none", script), (Zeros(), "zeros", None)):
        trial = Trial(Target.of(suite, 1, "--adapter own:Own"), CATALOGUE["gradient.reset"])
        record = trial.run()
        assert (record.verdict, record.behaviour) == ("holds", behaviour)
        assert record.native == native
        RECORD.check(record.line())
