"""Pinyin by table is pinyin by words."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from pypinyin.constants import PHRASES_DICT

from graph.edition import Edition
from queries.pinyin import syllables, syllables_by_words

WORDS = sorted(PHRASES_DICT)


def test_the_names_that_ship(shipped_edition: Edition) -> None:
    names = [row.name_zh for row in (*shipped_edition.facts.products, *shipped_edition.facts.firms)]
    assert [syllables(name) for name in names] == [syllables_by_words(name) for name in names]


def test_a_hundred_thousand_names(chainkg: Path) -> None:
    lines = (chainkg / "product.json").read_text(encoding="utf-8").splitlines()
    names = [json.loads(line)["name"] for line in lines][::10]
    assert [name for name in names if syllables(name) != syllables_by_words(name)] == []


PARTS = st.one_of(
    st.sampled_from(WORDS),
    st.text(max_size=4),
    st.sampled_from("行长重大会石率乐〇㐀𠀀（ A5"),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
)


@settings(deadline=None, max_examples=300)
@given(st.lists(PARTS, max_size=5).map("".join))
def test_whatever_stands_together(text: str) -> None:
    assert syllables(text) == syllables_by_words(text)
