"""The grid of a run: the claims and targets that the options select."""

from __future__ import annotations

import gc
import random
import shlex
from collections.abc import Iterator, Sequence, Set

import pytest
from hypothesis import settings

from paramlaws.runner.stash import NOT_HERE, SEED
from paramlaws.runner.target import Target
from paramlaws.runner.trial import Trial
from paramlaws.specs.claim import Claim
from paramlaws.specs.claims import CATALOGUE
from paramlaws.specs.example import Example, parse
from paramlaws.specs.nearest import OFFERED, nearest
from paramlaws.suites import registry
from paramlaws.suites.declared import AdapterError
from paramlaws.suites.knowledge import KnowledgeError

GRID = pytest.StashKey["Grid"]()


class Grid:
    """The targets and claims of a run, from pytest's options."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.seed = seed_of(config)
        self.example = _example(config)
        self.claims = _claims(config)
        self.targets = self._targets(_suites(config))
        # Networks are many objects, most of which reference counting frees.
        gc.set_threshold(5_000, 20, 20)
        self._check_case()

    def trials(self) -> Iterator[Trial]:
        """Every trial, target by target, in the order of the catalogue."""
        case = self.config.getoption("--case")
        for target in self.targets:
            for claim in self.claims:
                for own in claim.cases_on(target.suite):
                    if case is None or own.text == case:
                        yield Trial(target, claim, own, self.example)

    def _check_case(self) -> None:
        """Raises UsageError for a case that none of the claims has on any target."""
        case = self.config.getoption("--case")
        known = {own.text for t in self.targets for c in self.claims for own in c.cases_on(t.suite)}
        if case is not None and case not in known:
            raise pytest.UsageError(f"--case {case}: {_no_case(case, known)}")

    def _targets(self, suites: Sequence[str]) -> list[Target]:
        adapters = self.config.getoption("--adapter")
        chosen = suites or ([] if adapters else list(registry.KNOWN))
        targets: list[Target] = []
        try:
            for name in dict.fromkeys(chosen):
                try:
                    targets.append(Target.of(registry.load(name), self.seed))
                except registry.Unavailable as error:
                    if name in suites:
                        raise pytest.UsageError(str(error)) from error
                    self.config.stash.setdefault(NOT_HERE, []).append(name)
            for place in dict.fromkeys(adapters):
                suite = registry.load_adapter(place)
                path = registry.path_of(place)
                targets.append(Target.of(suite, self.seed, ("--adapter", place), path))
        except (AdapterError, registry.Unavailable, KnowledgeError) as error:
            raise pytest.UsageError(str(error)) from error
        for target in targets:
            if [other.id for other in targets].count(target.id) > 1:
                name = target.suite.name
                raise pytest.UsageError(f"two suites are called {name!r}: give one another name")
        return targets


def _no_case(case: str, known: Set[str | None]) -> str:
    texts = sorted(filter(None, known))
    if not texts:
        return "unknown; these claims have no cases, so leave --case out"
    parts = {part.strip() for part in case.split(",")}
    if whole := [text for text in texts if parts <= set(text.split(", "))]:
        some = " or ".join(map(repr, whole[:OFFERED]))
        return f"only part of a case; write all of it, as in {some}"
    return f"unknown; {nearest(case, texts)}"


def check_options(config: pytest.Config) -> None:
    """Raises UsageError for options that can be found wrong without importing a framework."""
    seed_of(config)
    _example(config)
    _claims(config)
    _suites(config)


def _example(config: pytest.Config) -> Example | None:
    text = config.getoption("--example")
    if text is None:
        return None
    if not config.getoption("--claim"):
        raise pytest.UsageError("--example needs --claim: name the claim to try on it")
    try:
        return parse(text)
    except ValueError as error:
        raise pytest.UsageError(f"--example: {error}") from error


def _claims(config: pytest.Config) -> list[Claim]:
    patterns = config.getoption("--claim") or ["*"]
    try:
        return CATALOGUE.select(patterns)
    except LookupError as error:
        raise pytest.UsageError(f"--claim {error}: {_no_claim(str(error))}") from error


def _no_claim(pattern: str) -> str:
    claim_id, bracket, case = pattern.partition("[")
    if bracket and any(claim.id == claim_id for claim in CATALOGUE):
        case = shlex.quote(case.removesuffix("]"))
        return f"a case is chosen by itself: --claim {claim_id} --case {case}"
    groups = list(dict.fromkeys(f"{claim.group}.*" for claim in CATALOGUE))
    # If no id is similar, the groups are the most informative list that fits on a line.
    hint = nearest(pattern, [*groups, *(claim.id for claim in CATALOGUE)])
    hint = hint if hint.startswith("did") else f"the groups are {', '.join(groups)}"
    return (
        f"there is no such claim; {hint} (`--collect-only -q` instead of `--claim` lists all "
        f"{len(CATALOGUE)})"
    )


def _suites(config: pytest.Config) -> list[str]:
    suites: list[str] = config.getoption("--suite")
    unknown = [name for name in suites if name not in registry.KNOWN]
    if unknown:
        hint = nearest(unknown[0], registry.KNOWN)
        raise pytest.UsageError(f"--suite {unknown[0]}: unknown; {hint}")
    return suites


def seed_of(config: pytest.Config) -> int | None:
    """The seed of the run: the one given, else a new one; None if the profile derandomises.

    All processes that share a run have the same seed.
    """
    if SEED not in config.stash:
        config.stash[SEED] = getattr(config, "workerinput", {}).get("seed", _seed(config))
    return config.stash[SEED]


def _seed(config: pytest.Config) -> int | None:
    text = config.getoption("--hypothesis-seed", None)
    if text is None:
        derandomised = settings.default is not None and settings.default.derandomize
        return None if derandomised else random.getrandbits(32)
    try:
        return int(text)
    except ValueError as error:
        raise pytest.UsageError(f"--hypothesis-seed {text}: it must be an integer") from error


def grid_of(config: pytest.Config) -> Grid:
    """The grid of this run, made on first use."""
    if GRID not in config.stash:
        config.stash[GRID] = Grid(config)
    return config.stash[GRID]
