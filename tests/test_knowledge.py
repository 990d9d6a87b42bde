"""Reading what is known of a framework, and refusing what cannot be meant."""

from __future__ import annotations

import json
import lzma
from importlib.resources import files
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from paramlaws.specs.case import Case
from paramlaws.specs.claims import CATALOGUE
from paramlaws.suites.knowledge import Knowledge, KnowledgeError, load
from paramlaws.suites.reference import Reference
from paramlaws.suites.targets import DEFAULT, Environment, table

SMALLEST = "smallest = 'Example(Architecture(1, (Dense(1),)))'"
DEPARTURE = f"""
[[departures]]
claim = "listing.order"
behaviour = "sorted-by-name"
words = "sorted by name"
reason = "r"
link = "https://example.org"
versions = {{ thing = ">=2,<3" }}
{SMALLEST}
"""
DOCUMENTED = """
[[documented]]
claim = "gradient.reset"
behaviour = "none"
link = "https://example.org/reset"
"""
REAL = Path(__file__).parent / "reports" / "real"


def _recorded(suite: str) -> dict[str, str]:
    """The packages of a suite's recorded run, if there is one."""
    file = REAL / f"{suite}.jsonl.xz"
    if not file.exists():
        return {}
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        packages: dict[str, str] = json.loads(next(lines))["target"]["packages"]
        return packages


def _pinned(row: Environment) -> dict[str, str]:
    """The versions that an environment is pinned to, as its suite calls the packages."""
    pins = [Requirement(pin) for pin in row.pins]
    exact = {p.name.removesuffix("-cpu"): str(p.specifier).removeprefix("==") for p in pins}
    return {name: version for name, version in exact.items() if version[0].isdigit()}


#: By the name of a file, the versions that it is read for.
VERSIONS: dict[str, list[dict[str, str]]] = {}
for _row in table().environments.values():
    _file = VERSIONS.setdefault(table().suites[_row.suite].module, [])
    _known = _recorded(_row.suite)  # also the packages that no environment pins
    _file.append(_pinned(_row) | _known if _row.matrix == DEFAULT else _known | _pinned(_row))


def _load(folder: Path, text: str, version: str = "2.1") -> Knowledge:
    file = folder / "known.toml"
    file.write_text(text, encoding="utf-8")
    return load(file, {"thing": version})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[book", "cannot be read"),
        ("[boook]\n", "there is no table 'boook'; did you mean 'book'?"),
        ('[book]\n"no.claim" = "x"', "no.claim"),
        ('[book]\n"gradient.reset" = "ones"', "no behaviour 'ones'; did you mean 'none'?"),
        ('[book]\n"gradient.value" = "none"', "gradient.value is a law"),
        ('[documented]\n"gradient.reset" = "none"', "write [[documented]]"),
        (DOCUMENTED.replace("gradient.reset", "gradient.rest"), "did you mean 'gradient.reset'?"),
        (DOCUMENTED.replace('"none"', '"nona"'), "did you mean 'none'?"),
        (DOCUMENTED.replace("gradient.reset", "gradient.value"), "gradient.value is a law"),
        (DOCUMENTED.replace("link", "lnk"), "there is no key 'lnk'; did you mean 'link'?"),
        (DOCUMENTED.replace('link = "https://example.org/reset"', ""), "link"),
        (DOCUMENTED.replace("https:", "htps:"), "neither a page (https://...) nor a file"),
        (DOCUMENTED + 'cases = "same-layer"', "cases = 'same-layer'; write [\"same-layer\"]"),
        (DOCUMENTED + "cases = 1", "cases = 1; it must be a list"),
        (DOCUMENTED + 'versions = { thnig = ">=2" }', "'thnig'; did you mean 'thing'?"),
        (DOCUMENTED + 'versions = { thing = "2 or 3" }', "no range of versions"),
        (DEPARTURE.replace("listing.order", "listing.odour"), "listing.odour"),
        (DEPARTURE.replace('reason = "r"\n', ""), "listing.order: it needs reason"),
        (DEPARTURE.replace('link = "https://example.org"\n', ""), "it needs link"),
        (DEPARTURE.replace(SMALLEST, ""), "it needs smallest"),
        (DEPARTURE.replace("Example(", "Exmaple("), "not an example"),
        (DEPARTURE.replace("behaviour", "behavior"), "behavior"),
        (DEPARTURE + 'exception = "ValueError"', "not both"),
        (DEPARTURE.replace('words = "sorted by name"\n', ""), "listing.order needs words"),
        (DEPARTURE.replace("listing.order", "listing.*"), "no claim 'listing.*'"),
        (DEPARTURE + 'where = ["lasy"]', "lasy"),
        (
            DEPARTURE + 'where = ["lazy"]',
            "the smallest example is not one that shows it: by `where`, input widths are left",
        ),
        (DEPARTURE + 'where = "lazy"', "where = 'lazy'; write [\"lazy\"]"),
        (DEPARTURE + 'where = ["lasy"]', "did you mean 'lazy'?"),
        (DEPARTURE.replace("listing.order", "listing.ordr"), "did you mean 'listing.order'?"),
        (DEPARTURE + 'reproducer = "none.py"', "there is no reproducer 'none.py' in"),
        (DEPARTURE.replace(">=2,<3", "2 or 3"), "no range of versions"),
        ('[[unsupported]]\nclaim = "tie.*"', "reason"),
        ('[[untried]]\nclaim = "tie.many-uses"\nreason = "r"', "where"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """One error that names the file and the entry."""
    with pytest.raises(KnowledgeError) as raised:
        _load(tmp_path, text)
    assert "known.toml" in str(raised.value)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("version", "known"),
    [("1.9", 0), ("2.0", 1), ("2.9.1", 1), ("3.0", 0), ("2.1+cpu", 1), ("2.5.0rc1", 1)],
)
def test_a_departure_is_for_its_versions(tmp_path: Path, version: str, known: int) -> None:
    """Local and pre-release versions count as what they are."""
    assert len(_load(tmp_path, DEPARTURE, version).departures) == known


def test_a_version_that_is_none_is_refused(tmp_path: Path) -> None:
    """As it cannot be compared with the range that an entry is for."""
    with pytest.raises(KnowledgeError, match="says 'of May', which cannot be compared"):
        _load(tmp_path, DEPARTURE, "of May")


def test_a_mistyped_case_is_refused(tmp_path: Path) -> None:
    """With the case that is meant, since the entry would be about nothing."""
    text = DEPARTURE.replace("listing.order", "tie.survives-copy[deepcoppy]")
    known = _load(tmp_path, text.replace('behaviour = "sorted-by-name"', 'behaviour = "untied"'))

    class Own(Reference):
        knowledge = tmp_path / "known.toml"

    with pytest.raises(KnowledgeError, match=r"no case 'deepcoppy'; did you mean 'deepcopy'\?"):
        known.check_cases(Own())


def test_what_is_documented_comes_before_the_book(tmp_path: Path) -> None:
    """The chapter is a source, and frameworks have moved since it was written."""
    known = _load(tmp_path, '[book]\n"gradient.reset" = "zeros"\n' + DOCUMENTED)
    assert known.expected(CATALOGUE["gradient.reset"]) == "none"


@pytest.mark.parametrize(("version", "expected"), [("2.9", "none"), ("3.1", "zeros"), ("4", None)])
def test_what_is_documented_is_for_its_versions(
    tmp_path: Path, version: str, expected: str | None
) -> None:
    """Several entries say what is documented of one claim, each of other versions."""
    older = DOCUMENTED + 'versions = { thing = "<3" }'
    newer = DOCUMENTED.replace("none", "zeros") + 'versions = { thing = ">=3,<4" }'
    known = _load(tmp_path, older + newer, version)
    assert known.expected(CATALOGUE["gradient.reset"]) == expected


def test_what_is_documented_is_for_its_cases(tmp_path: Path) -> None:
    """Of the other cases nothing is expected."""
    text = DOCUMENTED.replace("gradient.reset", "persist.mismatch[extra layer in the file]")
    known = _load(tmp_path, text.replace('"none"', '"unchanged"'))
    claim = CATALOGUE["persist.mismatch"]
    assert known.expected(claim, Case("npz", None, "extra layer in the file")) == "unchanged"
    assert known.expected(claim, Case("npz", None, "wrong shape")) is None


def test_two_entries_about_one_case_are_refused(tmp_path: Path) -> None:
    """By any part of the case, since neither counts before the other."""
    entry = DOCUMENTED.replace("gradient.reset", "persist.mismatch").replace("none", "unchanged")
    other = entry.replace("unchanged", "partly-loaded")
    known = _load(
        tmp_path, entry + 'cases = ["npz"]' + other + 'cases = ["extra layer in the file"]'
    )

    class Own(Reference):
        knowledge = tmp_path / "known.toml"

    with pytest.raises(
        KnowledgeError, match=r"known.toml: persist.mismatch\[npz, extra layer in the file\] is doc"
    ):
        known.check_cases(Own())
    _load(
        tmp_path, entry + 'cases = ["wrong shape"]' + other + 'cases = ["extra layer in the file"]'
    ).check_cases(Own())


@pytest.mark.parametrize("name", VERSIONS)
def test_what_is_shipped_is_sound(name: str) -> None:
    """Each file loads; links are https, reproducers are there, and something is said of each."""
    file = Path(str(files("paramlaws.suites").joinpath(f"{name}.toml")))
    for versions in VERSIONS[name]:
        known = load(file, versions)
        assert known.book or known.documented
        for entry in known.documented:
            # The reference has no page but its own source.
            assert name == "reference" or entry.link.startswith("https://")
            assert name == "reference" or entry.versions, f"{entry.claim}: which versions?"
        for declared in (*known.departures, *known.unsupported):
            assert declared.link.startswith("https://")
            assert len(declared.reason) > 20
        for departure in known.departures:
            assert departure.versions, f"{departure.claim}: which versions?"
            assert departure.reproducer is not None and departure.reproducer.is_file()
            # What some examples may hide is told with its condition.
            narrow = departure.where or departure.certain or departure.sometimes
            assert departure.condition or not narrow, departure.claim


def test_a_departure_says_when_it_shows(tmp_path: Path) -> None:
    """By the features of its examples, or in words of its own; nothing where it always shows."""
    claim = CATALOGUE["listing.order"]
    lazily = DEPARTURE.replace("(Dense(1),)", "(Dense(1),), lazy=True")
    for text, said in (
        (DEPARTURE, None),
        (lazily + 'where = ["lazy"]\n', "input widths are left to be inferred"),
        (lazily + 'where = ["lazy"]\nwhen = "it is lazy"\n', "it is lazy"),
        (
            lazily + 'where = ["lazy", "bias"]\n',
            "input widths are left to be inferred and a layer has a bias",
        ),
    ):
        (departure,) = _load(tmp_path, text).departures_of(claim, Case())
        assert departure.condition == said
