"""What the modules of a run share through pytest's configuration."""

from __future__ import annotations

import pytest

#: The seed of the run, None if the profile derandomises.
SEED: pytest.StashKey[int | None] = pytest.StashKey()
#: The suites whose framework is not installed here.
NOT_HERE = pytest.StashKey[list[str]]()
#: The problem with the options; for a worker's, its controller prints the message.
PROBLEM = pytest.StashKey[str]()
