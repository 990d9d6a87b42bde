"""How thoroughly a run looks: profiles for `--hypothesis-profile`."""

from __future__ import annotations

from hypothesis import settings

#: Examples that Hypothesis draws for each claim; those that are always tried come on top.
EXAMPLES = {"quick": 2, "default": 50, "ci": 40, "deep": 1000}


def register() -> None:
    """Registers the profiles; `ci` draws the same examples each time."""
    for name, examples in EXAMPLES.items():
        settings.register_profile(
            name,
            max_examples=examples,
            deadline=None,
            derandomize=name == "ci",
            database=None if name == "ci" else settings.get_profile("default").database,
            print_blob=False,
        )
    settings.load_profile("default")
