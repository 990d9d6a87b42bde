"""Pictures show what the data say, in lines and in words, whatever the data say."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from paramlaws.reports import pictures
from paramlaws.reports.networks import network
from paramlaws.specs.architecture import Activation, Architecture, Block, Dense
from paramlaws.specs.outline import outline

HOSTILE = '"><script>alert(1)</script>$x^2$ & <b'
SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
HISTOGRAM = {
    "fan_in": 4,
    "units": 2,
    "low": -1.0,
    "high": 1.0,
    "counts": [1, 3, 3, 1],
    "families": {"normal": [1.0, 3.0, 3.0, 1.0], "uniform": [2.0, 2.0, 2.0, 2.0]},
}
GRADIENTS = {"uses": [[1.0, -2.0], [3.0, 0.5]], "found": [4.0, -1.5]}
COURSE = [
    {"loss": 4.0, "sizes": {"weight": [1.0, 0.5], "bias": [0.1, 0.2]}},
    {"loss": 1.0, "sizes": {"weight": [0.9, 0.25], "bias": [0.2, 0.1]}},
    {"loss": 0.5, "sizes": {}},
]


def _tree(svg: Any) -> ElementTree.Element:
    return ElementTree.fromstring(str(svg))


def _texts(tree: ElementTree.Element) -> list[str]:
    return [" ".join("".join(text.itertext()).split()) for text in tree.iter(f"{SVG}text")]


@pytest.mark.parametrize(
    ("panel", "words"),
    [
        (
            pictures.histogram(HOSTILE, HISTOGRAM, "uniform"),
            "8 weights of a layer from 4 to 2 between -1 and 1, against uniform",
        ),
        (pictures.histogram(HOSTILE, HISTOGRAM, None), "against normal"),
        (pictures.gradients(HOSTILE, GRADIENTS), "element 1: -2 + 0.5 = -1.5"),
        (pictures.course(HOSTILE, COURSE), "loss 4 → 1 → 0.5; weight: values 1 → 0.9"),
    ],
    ids=["histogram", "histogram without expectation", "gradients", "course"],
)
def test_a_picture_says_in_words_what_it_shows(panel: pictures.Panel | None, words: str) -> None:
    """For whoever does not see it; titles are text, and no markup or formula."""
    assert panel is not None
    (tree,) = _tree(pictures.figure([panel], "f"))
    assert tree.get("role") == "img"
    assert str(tree.get("aria-label")).startswith(HOSTILE) and words in str(tree.get("aria-label"))
    assert HOSTILE in _texts(tree)
    assert not [node for node in tree.iter() if "script" in node.tag]


def test_a_panel_for_each_target() -> None:
    """Each under its name, and no two things on a page with one id."""
    panels = [p for n in range(5) if (p := pictures.gradients(f"target {n}", GRADIENTS))]
    tree = _tree(pictures.figure(panels, "f"))
    assert [text for text in _texts(tree) if text.startswith("target")] == [
        f"target {n}" for n in range(5)
    ]
    ids = [node.get("id") for node in tree.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    used = {str(node.get(LINK)) for node in tree.iter(f"{SVG}use")}
    assert used and used <= {f"#{one}" for one in ids}
    assert not pictures.figure([], "f")


def test_pictures_have_the_colours_of_the_page() -> None:
    """Which differ between light and dark; what somebody wrote is left as it is."""
    written = "style #000000"
    for panel in (
        pictures.histogram(written, HISTOGRAM, None),
        pictures.gradients(written, GRADIENTS),
        pictures.course(written, COURSE),
    ):
        assert panel
        (tree,) = _tree(pictures.figure([panel], "f"))
        styles = " ".join(node.get("style") or "" for node in tree.iter())
        assert "#000000" not in styles and "#ffffff" not in styles
        assert "currentColor" in styles
        assert written in _texts(tree)


def test_a_network_shows_its_layers_and_what_they_share() -> None:
    """From left to right; layers that share parameters have one colour, others none."""
    shared = Dense(2, shared="a")
    net = Architecture(
        2, (shared, Block((Dense(3, False, "relu"), Activation(), Dense(2))), shared)
    )
    tree = _tree(network(outline(net)).replace("<br>", ", "))
    assert ["".join(item.itertext()) for item in tree.iter("li") if item.find("ol") is None] == [
        "2 in",
        "dense 2, layer a",
        "dense 3, no bias, relu",
        "relu",
        "dense 2",
        "dense 2, layer a",
    ]
    layers = [layer.get("class") for layer in tree.iter("span")]
    assert layers == ["layer tie1", "layer", "layer", "layer", "layer tie1"]
    assert len(tree.findall("li/ol/li")) == 3


@pytest.mark.parametrize(
    "panel",
    [
        pictures.histogram("t", {**HISTOGRAM, "counts": []}, None),
        pictures.histogram("t", {**HISTOGRAM, "low": 2.0}, None),
        pictures.gradients("t", {**GRADIENTS, "found": [1.0]}),
        pictures.course("t", []),
    ],
)
def test_what_cannot_be_drawn_is_left_out(panel: pictures.Panel | None) -> None:
    """Records that do not fit together are no reason to have no report."""
    assert panel is None


def test_a_network_of_hundreds_of_layers_is_left_to_its_text() -> None:
    """Nobody could read it; and letters without a glyph are no reason to warn."""
    assert network(outline(Architecture(1, (Dense(1),) * 200))) == ""
    strange = pictures.gradients("\U0001f9ea", GRADIENTS)
    assert strange and "\U0001f9ea" in str(pictures.figure([strange], "f"))
