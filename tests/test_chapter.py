"""The table from the chapter's statements to claims is complete and names what there is."""

from __future__ import annotations

import re
from pathlib import Path

from paramlaws.specs.claims import CATALOGUE

TABLE = (Path(__file__).parent.parent / "docs/chapter.md").read_text(encoding="utf-8")
GROUPS = "|".join(sorted({claim.group for claim in CATALOGUE}))


def test_every_claim_has_a_place_in_the_table() -> None:
    """No claim without a statement of the chapter, or a reason why it is there all the same."""
    named = set(re.findall(rf"`((?:{GROUPS})\.[a-z-]+)`", TABLE))
    assert named == {claim.id for claim in CATALOGUE}


def test_every_statement_has_a_claim() -> None:
    """Each row ends with claims, a group of them, or why there is nothing to check."""
    rows = [row for row in TABLE.splitlines() if row.startswith("| ") and "editions |" not in row]
    ends = [row.strip("| ").rsplit("|", 1)[-1].strip() for row in rows]
    found = [
        end for end in ends if not re.match(r"`[a-z]+\.|the group|nothing to check|claims", end)
    ]
    assert found == []
    assert len(rows) > 50
