"""One fault, one red cell: a failure belongs to the claim whose foundations hold there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import hypothesis
import pytest

from paramlaws.runner import blame
from paramlaws.runner.target import Target
from paramlaws.runner.trial import Trial
from paramlaws.specs import reference, values
from paramlaws.specs.architecture import Architecture, Block, CustomBlock, Dense, Init
from paramlaws.specs.case import ONLY, Case
from paramlaws.specs.claim import Claim
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.example import Example, parse
from paramlaws.specs.features import features
from paramlaws.specs.outcome import Stale
from paramlaws.specs.suite import Floats
from paramlaws.specs.verdict import FAILING, settled
from paramlaws.suites.knowledge import Departure, Knowledge
from paramlaws.suites.reference import Reference
from tests.running import PLUGIN

SAME_LAYER = Case(tie="same-layer")
TIED = Example(Architecture(2, (Dense(2, shared="a"), Dense(2, shared="a"))))
PLAIN = Example(Architecture(2, (Dense(2), Dense(2))))


class NoLazyNesting(Reference):
    """Cannot build a network whose widths are left out with a block inside, as a release could."""

    name = "no-lazy-nesting"

    def build(self, architecture: Architecture) -> Any:
        if {"lazy", "nested"} <= features(architecture):
            raise ValueError("call the model first")
        return super().build(architecture)


class NoTwins(Reference):
    """Cannot build a network that holds a layer twice."""

    name = "no-twins"

    def build(self, architecture: Architecture) -> Any:
        if "shared layer" in features(architecture):
            raise ValueError("that layer is here already")
        return super().build(architecture)


class NoLazyTwins(Reference):
    """The same, where widths are left out."""

    name = "no-lazy-twins"

    def build(self, architecture: Architecture) -> Any:
        if {"lazy", "shared layer"} <= features(architecture):
            raise ValueError("that layer is here already")
        return super().build(architecture)


class DoublesGradients(Reference):
    """Gives twice the gradients of networks with a layer of width 1."""

    name = "doubles-gradients"

    def backward(self, model: Any, x: Any, cotangent: Floats) -> Any:
        return super().backward(model, x, cotangent * (1 + (cotangent.shape[1] == 1)))


@pytest.fixture(autouse=True)
def _few_examples() -> Iterator[None]:
    before = hypothesis.settings.default
    hypothesis.settings.register_profile("blame", max_examples=20, database=None, deadline=None)
    hypothesis.settings.load_profile("blame")
    yield
    hypothesis.settings.register_profile("before", before)
    hypothesis.settings.load_profile("before")


def _target(suite: Reference, knowledge: Knowledge | None = None) -> Target:
    target = Target.of(suite, 5, ("--adapter", f"tests:{suite.name}"))
    target.knowledge = knowledge or target.knowledge
    return target


def _blocked_by(target: Target, claim: Claim, case: Case, example: Example) -> str | None:
    found = blame.blocker(target, claim, case, example)
    return found and found.claim


def _trials(target: Target) -> list[Trial]:
    trials = [
        Trial(target, claim, case)
        for claim in CATALOGUE
        for case in claim.cases_on(target.suite)
        if not claim.in_subprocess
    ]
    for trial in trials:
        trial.run()
    return trials


@pytest.mark.parametrize(
    ("suite", "red", "most"),
    [
        (NoLazyNesting(), "construct.output-shape", 2),
        (NoTwins(), "tie.same-parameter", 2),  # and how a layer that is added twice is listed
        (DoublesGradients(), "gradient.value", 2),  # and those of an embedding
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_fault_that_silences_many_networks_costs_the_cell_that_is_about_it(
    suite: Reference, red: str, most: int
) -> None:
    """Every other claim is judged on what is left, and counts what it could not be tried on."""
    trials = _trials(_target(suite))
    findings = {trial.claim.id for trial in trials if trial.error is not None}
    assert red in findings
    assert len(findings) <= most, findings
    blocked = [trial for trial in trials if trial.seen.blocked]
    assert blocked
    assert all(trial.seen.blocked.most_common(1)[0][0] in findings for trial in blocked)
    # Where nothing is left to judge, all examples are of that kind.
    for trial in trials:
        if trial.verdict in FAILING and trial.claim.id not in findings:
            assert trial.seen.blocked and not trial.seen.judged


def test_a_verdict_depends_on_no_other_verdict() -> None:
    """Tried alone or behind others, a claim has the same record."""
    alone = Trial(_target(NoLazyNesting()), CATALOGUE["train.step"]).run()
    target = _target(NoLazyNesting())
    for claim in ("construct.output-shape", "gradient.value"):
        Trial(target, CATALOGUE[claim]).run()
    behind = Trial(target, CATALOGUE["train.step"]).run()
    time = {"seconds": 0}
    assert {**alone.line(), **time} == {**behind.line(), **time}
    assert alone.verdict == "holds" and alone.blocked


def test_a_fault_about_a_tie_is_not_blamed_on_plain_networks() -> None:
    """What builds networks without ties holds, so the finding is about the tie."""
    target = _target(NoTwins())
    claim = CATALOGUE["tie.same-parameter"]
    assert _blocked_by(target, claim, SAME_LAYER, TIED) is None
    later = CATALOGUE["tie.gradients-add"]
    assert _blocked_by(target, later, SAME_LAYER, TIED) == "tie.same-parameter"


def test_a_fault_of_plain_networks_is_not_blamed_on_a_tie() -> None:
    """Without the tie it is there, too."""
    target = _target(NoLazyNesting())
    net = Architecture(2, (Block((Dense(2, shared="a"), Dense(2, shared="a"))),), lazy=True)
    claim = CATALOGUE["tie.same-parameter"]
    assert _blocked_by(target, claim, SAME_LAYER, Example(net)) == "construct.output-shape"


def test_a_declared_departure_blocks_where_it_shows() -> None:
    """What is explained there explains what follows from it; elsewhere the claim is judged."""
    lazy = replace(TIED, architecture=TIED.architecture.with_lazy(True))
    facts: dict[str, Any] = {"reason": "r", "link": "https://example.org", "versions": {}}
    declared = Departure(
        "tie.same-parameter",
        **facts,
        smallest=lazy,
        exception="ValueError",
        where=frozenset({"shared layer", "lazy"}),
    )
    target = _target(NoLazyTwins(), Knowledge({}, (), (declared,)))
    record = Trial(target, CATALOGUE["tie.mutation-visible"], SAME_LAYER).run()
    assert Trial(target, CATALOGUE["tie.same-parameter"], SAME_LAYER).run().verdict == "departs"
    assert record.verdict == "holds"
    assert set(record.blocked) == {"tie.same-parameter"}
    assert not record.occurred.get("lazy")


def test_what_is_declared_of_more_uses_than_a_claim_is_drawn_with_blocks_there() -> None:
    """A fault of the fourth use would be cut away with that use."""

    class LosesTheFourth(Reference):
        """Cannot build a network that holds a layer four times."""

        name = "loses-the-fourth"

        def build(self, architecture: Architecture) -> Any:
            if "four uses" in features(architecture):
                raise ValueError("three are enough")
            return super().build(architecture)

    four = Example(Architecture(2, (Dense(2, shared="a"),) * 4))
    facts: dict[str, Any] = {"reason": "r", "link": "https://example.org", "versions": {}}
    declared = Departure(
        "tie.applied-at-each-use",
        **facts,
        smallest=four,
        exception="ValueError",
        where=frozenset({"four uses"}),
    )
    claim = CATALOGUE["tie.many-uses"]
    known = _target(LosesTheFourth(), Knowledge({}, (), (declared,)))
    assert _blocked_by(known, claim, SAME_LAYER, four) == "tie.applied-at-each-use"
    assert _blocked_by(_target(LosesTheFourth()), claim, SAME_LAYER, four) is None


def test_a_departure_does_not_switch_off_shrinking() -> None:
    """A violation beside a declared departure is shown on the smallest network."""
    facts: dict[str, Any] = {"reason": "r", "link": "https://example.org", "versions": {}}
    lazy = Example(Architecture(1, (Dense(1),), lazy=True))

    class Late(Reference):
        name = "late"

        def parameters(self, model: Any) -> Any:
            listing = super().parameters(model)[::-1]
            return [(f"{999 - i}", p) for i, (_, p) in enumerate(listing)]

    declared = Departure(
        "listing.order",
        **facts,
        smallest=lazy,
        behaviour="other-order",
        where=frozenset({"lazy"}),
    )
    target = _target(Late(), Knowledge({}, (), (declared,)))
    record = Trial(target, CATALOGUE["listing.order"]).run()
    assert record.verdict == "violated"
    assert record.counterexample == "Example(Architecture(1, (Dense(1),)))"


def test_a_departure_that_can_be_hidden_is_not_stale_where_it_is() -> None:
    """It must show on examples with all that it is certain with, and somewhere."""

    class Zero(Reference):
        """Loses the gradients of networks with a bias."""

        name = "zero"

        def gradient(self, model: Any, gradients: Any, handle: Any) -> Floats | None:
            found = super().gradient(model, gradients, handle)
            return None if found is None else found * 0

    shows = parse("Example(Architecture(1, (Dense(1),)), 1, 1)")
    dead = next(
        example for seed in range(50) if not _gradients(example := replace(_DEAD, seed=seed)).any()
    )
    facts: dict[str, Any] = {"reason": "r", "link": "https://example.org", "versions": {}}
    declared = Departure(
        "gradient.value",
        **facts,
        smallest=shows,
        behaviour="violated",
        certain=frozenset({"gradient not zero"}),
    )
    for known, error in ((declared, None), (replace(declared, certain=frozenset()), Stale)):
        trial = Trial(_target(Zero(), Knowledge({}, (), (known,))), CATALOGUE["gradient.value"])
        trial.examine(shows)
        assert trial.seen.departed == 1
        with pytest.raises(error) if error else nullcontext():
            trial.examine(dead)
        assert trial.seen.departed == 1


#: With some seeds, the only unit is dead and all gradients are zero.
_DEAD = Example(Architecture(1, (Dense(1, bias=False, activation="relu"),)))


def _gradients(example: Example) -> Any:
    net = example.architecture
    parameters = values.parameters(net, example.seed)
    x = values.inputs(net, example.rows, example.seed)
    slope = values.cotangent(net, example.rows, example.seed)
    return reference.gradients(net, parameters, x, slope)["0 weight"]


@pytest.mark.parametrize(
    ("entry", "features", "left"),
    [
        (Dense(2, shared="a"), {"shared layer"}, Dense(2)),
        (Dense(2, tied_weight="a", tied_bias="a"), {"tied bias"}, Dense(2, tied_weight="a")),
        (Dense(2, init=Init("normal", 0.1)), {"initialiser"}, Dense(2)),
        (Block((Dense(2),), "named"), {"named block"}, Block((Dense(2),))),
        (
            CustomBlock((Block((Dense(2),)), Dense(2))),
            {"user's block"},
            Block((Block((Dense(2),)), Dense(2))),
        ),
    ],
)
def test_what_a_claim_is_never_drawn_with_is_taken_away(
    entry: Any, features: set[str], left: Any
) -> None:
    """And nothing else is."""
    example = Example(Architecture(2, (entry, Dense(3))), 3, 5, 7)
    reduced = blame.without(example, frozenset(features))
    assert reduced == Example(Architecture(2, (left, Dense(3))), 3, 5, 7)
    assert blame.without(example, frozenset()) is example


def test_uses_and_groups_beyond_what_a_claim_knows_are_cut() -> None:
    """Three uses of the first group are left tied."""
    a, b = Dense(2, shared="a"), Dense(2, shared="b")
    example = Example(Architecture(2, (a, b, a, a, b, a)))
    reduced = blame.without(example, frozenset({"four uses", "several groups"}))
    free = Dense(2)
    assert reduced.architecture.entries == (a, free, a, a, free, free)


def test_what_is_special_about_an_example_is_seen() -> None:
    """And which claims cover it in every run."""
    assert blame.special(TIED) == {"shared layer"}
    assert blame.special(PLAIN) == frozenset()
    assert blame.domain(CATALOGUE["construct.output-shape"], ONLY) == frozenset()
    assert "shared layer" in blame.domain(CATALOGUE["tie.same-parameter"], SAME_LAYER)
    assert "user's block" in blame.domain(CATALOGUE["nested.custom-block"], ONLY)


@pytest.mark.parametrize("claim", list(CATALOGUE), ids=lambda claim: claim.id)
def test_every_claim_builds_on_what_there_is(claim: Any) -> None:
    """The network can be built, whatever else; nothing builds on itself."""
    names = [foundation.id for foundation in CATALOGUE.foundations(claim)]
    assert claim.id not in names
    assert claim.id == "construct.output-shape" or names[0] == "construct.output-shape"


STAIRS = """
    from paramlaws.suites.reference import Reference

    class Stairs(Reference):
        name, framework, knowledge = "stairs", "Stairs", None

        def forward(self, model, x):
            y = super().forward(model, x)
            return y[:, 1:] if self.climbs(model) else y

        def layer_parameters(self, model, path):
            found = super().layer_parameters(model, path)
            return found[:-1] if self.climbs(model) else found

        def climbs(self, model):
            return [getattr(layer, "units", 0) for layer in model.modules] == [1, 2, 3, 4, 5]
"""


@pytest.mark.parametrize("processes", [(), ("-n", "1")], ids=["alone", "workers"])
def test_a_failure_on_an_example_of_another_claim_fails_the_run(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, processes: tuple[str, ...]
) -> None:
    """Its own examples do not show it, and who shows it is not to blame: nothing would be red."""
    pytester.makepyfile(stairs=STAIRS)
    monkeypatch.setenv("PYTHONPATH", str(pytester.path))
    chosen = ("--claim", "construct.output-shape", "--claim", "access.two-parameters")
    plugin = (*PLUGIN, "--adapter", "stairs:Stairs", "--hypothesis-seed", "1", "-q")
    profile = ("--hypothesis-profile", "quick", "--results", str(pytester.path / "x.jsonl"))
    run = pytester.run(sys.executable, "-m", "pytest", *plugin, *profile, *processes, *chosen)
    assert run.ret == 1
    run.stdout.fnmatch_lines(
        [
            "construct.output-shape is violated on stairs-*",
            "  reproduce: PYTHONPATH=* pytest *--claim construct.output-shape*",
        ]
    )
    run.stdout.fnmatch_lines(["stairs-*: of * claims, 1 holds, 0 depart, 1 violated*"])


def test_what_failed_only_on_an_example_of_another_claim_is_violated() -> None:
    """As the records say; where its own record fails, that stays, and so do other targets'."""

    def record(target: str, claim: str, verdict: str, *blockers: Any) -> dict[str, Any]:
        return {
            "target": target,
            "claim": claim,
            "case": None,
            "verdict": verdict,
            "message": None,
            "blockers": blockers,
        }

    by = {
        "claim": "a",
        "case": None,
        "example": "Example()",
        "message": "2 instead of 1",
        "reproduce": "pytest --claim a",
    }
    made = settled(
        [
            record("x", "a", "holds"),
            record("x", "b", "holds", by),
            record("y", "a", "errored"),
            record("y", "b", "errored", by),
            record("z", "b", "holds", by),
        ]
    )
    verdicts = [(row["target"], row["claim"], row["verdict"]) for row in made]
    assert verdicts[0] == ("x", "a", "violated")
    assert made[0]["message"] == "2 instead of 1 (on an example drawn for b)"
    assert made[0]["counterexample"] == "Example()"
    assert [verdict for *_, verdict in verdicts[1:]] == ["holds", "errored", "errored", "holds"]
