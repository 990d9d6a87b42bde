"""What the parts of a run find by pytest's configuration."""

from __future__ import annotations

import pytest

#: The seed of the run, None where the profile derandomises.
SEED: pytest.StashKey[int | None] = pytest.StashKey()
#: The suites whose framework is not installed here.
NOT_HERE = pytest.StashKey[list[str]]()
#: What is wrong with the options; in a worker, the process that started it will say it.
PROBLEM = pytest.StashKey[str]()
