"""A long run for measuring memory: `python -m benchmarks.memory SUITE COUNT` tries all claims.

After each trial it prints the number of examples so far, and waits for a line before it goes on, so
that the process that started it can measure its memory.
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

#: The number of examples of each trial in one round.
EACH = 20


def main(name: str, most: str) -> None:
    """Tries rounds of all claims, each with new examples of the same widths."""
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
