"""Which worker of pytest-xdist runs what; imported only where there are workers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xdist.scheduler import LoadScopeScheduling

#: The tests that are given to one worker together.
_TOGETHER = "together"
#: How many others that worker is given before at most, while the process that they need starts.
_BEFORE = 10


class Scheduling(LoadScopeScheduling):
    """Gives tests to workers one by one, but some of them to one worker together, and soon.

    together: whether the test of a node id is one of these.
    """

    def __init__(self, config: Any, log: Any, together: Callable[[str], bool]) -> None:
        super().__init__(config, log)
        self.together = together
        self.fatal: set[str] = set()

    def _split_scope(self, nodeid: str) -> str:
        return _TOGETHER if self.together(nodeid) else nodeid

    def remove_node(self, node: Any) -> str | None:
        """Takes a dead worker out; the test that killed it is not given to another one."""
        units = self.assigned_work[node].values()
        begun = (test for unit in units for test, done in unit.items() if not done)
        self.fatal.update(list(begun)[:1])
        return super().remove_node(node)

    def _assign_work_unit(self, node: Any) -> None:
        if _TOGETHER in self.workqueue:
            self.workqueue.move_to_end(_TOGETHER, last=not self._has_waited(node))
        unit = next(iter(self.workqueue.values()))
        unit.update(dict.fromkeys(self.fatal & unit.keys(), True))
        super()._assign_work_unit(node)

    def _has_waited(self, node: Any) -> bool:
        """Whether this is the worker for those together, and has been given some others."""
        first = min(node.gateway.id for node in self.nodes)
        quarter = len(self.collection or []) // (4 * len(self.nodes))
        return node.gateway.id == first and len(self.assigned_work[node]) >= min(_BEFORE, quarter)
