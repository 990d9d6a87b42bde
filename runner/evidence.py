"""The evidence that a trial collects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from paramlaws.runner.attempt import Attempt
from paramlaws.runner.blame import Blocker
from paramlaws.specs.example import Example
from paramlaws.specs.features import features
from paramlaws.specs.space import Explored


@dataclass
class Evidence:
    """What the examples of one trial have shown so far.

    judged: the examples on which the claim was judged, in order; `fixed` of them are not drawn.
    departed: on how many of them a declared departure was observed.
    behaviour: what was observed; the departure's behaviour if one was.
    usual: the behaviour on the last example without a departure.
    occurred: on how many judged examples a feature or occurrence was present, by its name.
    explored: the judged examples' distribution over the space of networks.
    shown: data for the report's pictures.
    blocked: on how many examples the claim failed because another one did, by that claim.
    blockers: the first failure of each such claim.
    """

    judged: list[Example] = field(default_factory=list)
    fixed: int = 0
    departed: int = 0
    behaviour: str | None = None
    usual: str | None = None
    occurred: Counter[str] = field(default_factory=Counter)
    explored: Explored = field(default_factory=Explored)
    shown: dict[str, Any] = field(default_factory=dict)
    blocked: Counter[str] = field(default_factory=Counter)
    blockers: dict[str, Blocker] = field(default_factory=dict)
    _blocked_features: set[str] = field(default_factory=set)

    def add(self, example: Example, made: Attempt) -> None:
        """Counts an example on which the claim holds, or departs as declared."""
        if made.departure is not None:
            self.departed += 1
            self.behaviour = made.behaviour
        else:
            self.usual = made.behaviour
            self.behaviour = self.behaviour if self.departed else made.behaviour
        self.shown = self.shown or dict(made.shown)
        self.judged.append(example)
        self.occurred.update(made.occurred)
        self.occurred.update(features(example.architecture))
        self.explored.add(example)

    def block(self, example: Example, by: Blocker) -> None:
        """Counts an example on which another claim also fails and is to blame."""
        self.blocked[by.claim] += 1
        self.blockers.setdefault(by.claim, by)
        self._blocked_features |= features(example.architecture)

    def missing(self, needs: Sequence[str]) -> list[str]:
        """The features and occurrences among these that no judged example covered."""
        # A feature that only blocked examples have is left to the claim that blocks them.
        covered = {*self.occurred.elements(), *(self._blocked_features if self.judged else ())}
        return [need for need in needs if need not in covered]
