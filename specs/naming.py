"""Naming schemes: a parameter's qualified name as a framework documents it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from paramlaws.specs.architecture import USERS_PARTS, Architecture, CustomBlock, Path, Use
from paramlaws.specs.conventions import Conventions


@dataclass(frozen=True)
class Naming:
    """A documented scheme of qualified names.

    pattern: of a whole name; "{place}" stands for the names along the path to the layer, "{role}"
        for the layer's name of the parameter, "{number}" for the layer's number in the order of
        construction, which continues from that of the network's first layer.
    link: the page that documents the scheme.
    entry: the name of an entry that was given none; "{index}" stands for its index.
    keeps_given: whether an entry that was given a name is called by it.
    separator: between the names along a path.
    """

    pattern: str
    link: str
    entry: str = "{index}"
    separator: str = "."
    keeps_given: bool = True

    def names(
        self,
        architecture: Architecture,
        conventions: Conventions,
        roles: Mapping[str, str],
        listed: Sequence[str],
    ) -> dict[str, str]:
        """The qualified name of each parameter, by its key.

        roles: the framework's names of the roles.
        listed: all names as the network lists them; numbers start from that in the first.
        """
        made = list(dict.fromkeys(use.keys for use in architecture.uses))
        start = self._start(listed[0]) if listed else 0
        return {
            key: self.pattern.format(
                place=self._place(architecture, conventions, use),
                number=start + made.index(use.keys),
                role=roles[use.role(key)],
            )
            for key, use in architecture.first_uses.items()
        }

    def _place(self, architecture: Architecture, conventions: Conventions, use: Use) -> str:
        steps = [use.path[: depth + 1] for depth in range(len(use.path))]
        return self.separator.join(self._step(architecture, conventions, step) for step in steps)

    def _step(self, architecture: Architecture, conventions: Conventions, path: Path) -> str:
        *outer, index = path
        if isinstance(architecture.entry(tuple(outer)), CustomBlock):
            return USERS_PARTS[index]
        own = architecture.entry(path)
        given = own.name if own is not None and self.keeps_given else None
        return given or self.entry.format(index=conventions.native(architecture, path)[-1])

    def _start(self, first: str) -> int:
        """The number in the name of the network's first parameter, 0 if there is none."""
        escaped = re.escape(self.pattern)
        for field, text in (("place", ".*"), ("role", ".*"), ("number", r"(?P<number>\d+)")):
            escaped = escaped.replace(re.escape("{" + field + "}"), text)
        found = re.fullmatch(escaped, first)
        return int(found["number"]) if found and "number" in found.groupdict() else 0
