"""The field's words, of which the report's search knows the meaning, keep leading to claims."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest

from paramlaws.specs.claims import CATALOGUE

TEXT = files("paramlaws.reports").joinpath("templates/synonyms.json").read_text(encoding="utf-8")
SYNONYMS: dict[str, list[str]] = json.loads(TEXT)


def _plain(text: str) -> str:
    """As the page's script compares words."""
    return " ".join(re.split(r"[\W_]+", text.lower())).strip()


CLAIMS = {
    claim.id: _plain(f"{claim.id} {claim.topic} {claim.statement} {' '.join(claim.words.values())}")
    for claim in CATALOGUE
}


def _found(meaning: str) -> set[str]:
    return {id for id, text in CLAIMS.items() if f" {_plain(meaning)}" in f" {text}"}


@pytest.mark.parametrize("word", SYNONYMS)
def test_a_word_leads_to_claims(word: str) -> None:
    """Each of its meanings does: a claim that was renamed is noticed here."""
    assert SYNONYMS[word]
    assert [meaning for meaning in SYNONYMS[word] if not _found(meaning)] == []
    # It would say nothing that the word itself does not say.
    assert [meaning for meaning in SYNONYMS[word] if _plain(meaning) == _plain(word)] == []


def test_words_are_there_once() -> None:
    """However they are written."""
    pairs = json.loads(TEXT, object_pairs_hook=lambda pairs: pairs)
    words = [_plain(word) for word, _ in pairs]
    assert len(words) == len(set(words))
