"""Frameworks are told to forget, here and in the other process."""

from __future__ import annotations

import hypothesis
import pytest

from paramlaws.runner import memory
from paramlaws.runner.target import Target
from paramlaws.runner.trial import Trial
from paramlaws.specs.claims import CATALOGUE
from paramlaws.suites.reference import Reference


class Forgetful(Reference):
    """The reference, counting how often it is told."""

    name = "forgetful"
    times = 0

    def forget(self) -> None:
        """Only counts: the reference keeps nothing."""
        self.times += 1


def test_a_run_lets_the_framework_forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time that so many examples were tried, whatever claims they are of."""
    monkeypatch.setattr(memory, "EVERY", 8)
    hypothesis.settings.register_profile("forget", max_examples=20, database=None, deadline=None)
    hypothesis.settings.load_profile("forget")
    suite = Forgetful()
    target = Target.of(suite, 3, ("--adapter", "tests:Forgetful"))
    for claim in ("access.layer-by-index", "access.two-parameters"):
        record = Trial(target, CATALOGUE[claim]).run()
        assert record.verdict == "holds", record.message
    assert target.tried > 16
    assert suite.times == target.tried // 8


def test_it_is_not_told_in_between() -> None:
    """Compiled code that is wanted again would be compiled again."""
    suite = Forgetful()
    freed = [memory.free(examples, suite) for examples in range(1, 2 * memory.EVERY + 2)]
    assert suite.times == sum(freed) == 2
