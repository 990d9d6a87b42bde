"""Names that addresses and ids can have as they are, whatever a target is called."""

from __future__ import annotations

import re
from collections.abc import Mapping


def anchors(names: Mapping[str, str]) -> dict[str, str]:
    """Each name without what an address would have to escape, and different from the others."""
    found: dict[str, str] = {}
    for key, name in names.items():
        plain = re.sub(r"[^\w.+-]+", "-", name, flags=re.ASCII).strip("-") or "target"
        number, anchor = 1, plain
        while anchor in found.values():
            number += 1
            anchor = f"{plain}-{number}"
        found[key] = anchor
    return found
