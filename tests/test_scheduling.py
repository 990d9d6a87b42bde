"""Which worker runs what."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from xdist.remote import Producer

from paramlaws.suites.scheduling import Scheduling


@dataclass(eq=False)
class _Worker:
    """Does what it is told at once; `shutdown` says that there is nothing more."""

    id: str
    given: list[int] = field(default_factory=list)
    shutting_down: bool = False

    @property
    def gateway(self) -> Any:
        return self

    def send_runtest_some(self, indices: list[int]) -> None:
        self.given += indices

    def shutdown(self) -> None:
        self.shutting_down = True


def _given(tests: list[str], *workers: _Worker) -> dict[str, list[str]]:
    """What each worker is given when they take turns."""
    option = SimpleNamespace(loadscopereorder=True)
    config: Any = SimpleNamespace(option=option, getvalue=lambda _: [f"{len(workers)}*popen"])
    scheduling = Scheduling(config, Producer("test"), lambda test: test.startswith("other"))
    for worker in workers:
        scheduling.add_node(worker)
    for worker in workers:
        scheduling.add_node_collection(worker, tests)
    scheduling.schedule()
    done = dict.fromkeys(workers, 0)
    while any(done[worker] < len(worker.given) for worker in workers):
        for worker in workers:
            if done[worker] < len(worker.given):
                scheduling.mark_test_complete(worker, worker.given[done[worker]])
                done[worker] += 1
    assert scheduling.tests_finished
    return {worker.id: [tests[i] for i in worker.given] for worker in workers}


@pytest.mark.parametrize("order", [("gw0", "gw1"), ("gw1", "gw0")])
def test_the_first_worker_tries_what_another_process_is_needed_for(order: tuple[str, str]) -> None:
    """All of it, and after some others, while that process starts."""
    tests = [f"a{i}" for i in range(60)] + [f"other{i}" for i in range(5)]
    tests += [f"b{i}" for i in range(20)]
    given = _given(tests, *map(_Worker, order))
    assert sorted(given["gw0"] + given["gw1"]) == sorted(tests)
    assert given["gw0"][10:15] == [f"other{i}" for i in range(5)]


@pytest.mark.parametrize("tests", [["other0", "other1"], ["a", "other0", "b"]])
def test_few_tests_are_all_given(tests: list[str]) -> None:
    """Where there are not enough others to wait with."""
    given = _given(tests, _Worker("gw0"), _Worker("gw1"))
    assert sorted(given["gw0"] + given.get("gw1", [])) == sorted(tests)


def test_it_falls_to_another_worker_where_the_first_is_lost() -> None:
    """Which has a later number."""
    tests = [f"a{i}" for i in range(80)] + ["other0", "other1"]
    given = _given(tests, _Worker("gw1"), _Worker("gw2"))
    assert given["gw1"][10:12] == ["other0", "other1"]


def test_with_many_workers_it_does_not_come_last() -> None:
    """Each is given few then."""
    tests = [f"a{i}" for i in range(80)] + ["other0", "other1"]
    given = _given(tests, *(_Worker(f"gw{i}") for i in range(16)))
    assert given["gw0"][1:3] == ["other0", "other1"]
