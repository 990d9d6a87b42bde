"""Names that can be part of addresses and ids without escaping, whatever a target is called."""

from __future__ import annotations

import re
from collections.abc import Mapping


def anchors(names: Mapping[str, str]) -> dict[str, str]:
    """For each name one without characters that an address must escape, all of them distinct."""
    found: dict[str, str] = {}
    for key, name in names.items():
        plain = re.sub(r"[^\w.+-]+", "-", name, flags=re.ASCII).strip("-") or "target"
        number, anchor = 1, plain
        while anchor in found.values():
            number += 1
            anchor = f"{plain}-{number}"
        found[key] = anchor
    return found
