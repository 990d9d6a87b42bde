"""Examples without end: `python -m benchmarks.memory SUITE COUNT` tries claim after claim.

After each trial it writes how many examples there were so far, and waits for a line before it goes
on, so that whoever started it can look at how much memory it holds.
"""

from __future__ import annotations

import sys
import warnings
from itertools import count

import hypothesis

from paramlaws.runner.target import Target
from paramlaws.runner.trial import Trial
from paramlaws.specs.claims import CATALOGUE
from paramlaws.suites import registry

#: How many examples of a trial before it is the next one's turn.
EACH = 20


def main(name: str, most: str) -> None:
    """Rounds of all claims, each with other examples of the same widths."""
    warnings.simplefilter("ignore")
    phases = [hypothesis.Phase.generate]
    hypothesis.settings.register_profile(
        "memory", max_examples=EACH, database=None, deadline=None, phases=phases
    )
    hypothesis.settings.load_profile("memory")
    target = Target.of(registry.load(name), 1)
    examples = 0
    for target.seed in count(1):
        for claim in CATALOGUE:
            for case in claim.cases_on(target.suite):
                examples += Trial(target, claim, case).run().examples
                print(examples, flush=True)
                sys.stdin.readline()
                if examples >= int(most):
                    return


if __name__ == "__main__":
    main(*sys.argv[1:])
