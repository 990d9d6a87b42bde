"""Each fault is there when it was put into the framework that is installed here, and only then."""

from __future__ import annotations

import importlib

import pytest

from paramlaws.faults.__main__ import MODULES
from paramlaws.faults.fault import registered
from paramlaws.specs.claims import CATALOGUE
from paramlaws.suites import registry

#: How many faults there are at least.
LEAST = {"pytorch": 25, "tensorflow": 15, "tensorflow-keras2": 20, "jax": 15, "mxnet": 15}


@pytest.mark.parametrize("suite", LEAST)
def test_a_fault_shows_where_it_was_put_in(suite: str) -> None:
    """Its own lines show it inside, and neither before nor after."""
    try:
        registry.load(suite)
    except registry.Unavailable:
        pytest.skip(f"what {suite} needs is not installed here; its own environment runs this")
    importlib.import_module(MODULES[suite])
    faults = registered(suite)
    assert len({fault.name for fault in faults}) == len(faults) >= LEAST[suite]
    for fault in faults:
        assert fault.statement and all(CATALOGUE[claim] for claim in fault.about)
        group = CATALOGUE[fault.about[0]].group
        assert type(fault).__module__.endswith(f".{group}"), f"{fault.name} belongs to {group}"
        assert not fault.is_there(), f"{fault.name} shows before"
        with fault.injected():
            assert fault.is_there(), f"{fault.name} does not show"
        assert not fault.is_there(), f"{fault.name} shows afterwards"
