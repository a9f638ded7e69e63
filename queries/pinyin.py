"""Pinyin of names as pypinyin gives it, without its search for words where that changes nothing.

Most characters are read in one way wherever they stand; only some words, such as 银行, have a reading of their own for
a character. A name in which no two neighbours stand as in such a word is read character by character from a table.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

_RUNS = re.compile("[\u4e00-\u9fff]+|[^\u4e00-\u9fff]+")
_RARE = re.compile("[\u3007\u3400-\u4dbf\ue000-\ufaff\U00020000-\U0010ffff]")


@cache
def _toneless(syllable: str) -> str:
    from pypinyin.contrib.tone_convert import to_normal

    return str(to_normal(syllable))


@cache
def _by_words(text: str) -> str:
    """The reading of a single character, which pypinyin leaves as it is where it knows none."""
    return syllables_by_words(text)[0]


@cache
def _special() -> frozenset[str]:
    """Every two neighbours of a word of which one is not read as it is by itself."""
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    alone: dict[str, str] = {}
    found = set()
    for word, readings in PHRASES_DICT.items():
        for at, (char, reading) in enumerate(zip(word, readings, strict=False)):
            if char not in alone:
                alone[char] = PINYIN_DICT.get(ord(char), "").split(",")[0]
            if reading[0] != alone[char] and _toneless(reading[0]) != _toneless(alone[char]):
                found |= {word[max(at - 1, 0) : at + 1], word[at : at + 2]}
    return frozenset(pair for pair in found if len(pair) == 2)


def syllables_by_words(text: str) -> list[str]:
    """The syllables of a text in plain letters, other characters as they are; words are looked for."""
    from pypinyin import Style, lazy_pinyin

    return lazy_pinyin(text, style=Style.NORMAL)


def syllables(text: str) -> list[str]:
    """The same as `syllables_by_words`, several times faster for most names."""
    special = _special()
    if _RARE.search(text) or any(one + other in special for one, other in pairwise(text)):
        return syllables_by_words(text)
    found: list[str] = []
    for run in _RUNS.findall(text):
        if "\u4e00" <= run[0] <= "\u9fff":
            read = [_by_words(char) for char in run]
            if any(syllable == char for syllable, char in zip(read, run, strict=True)):
                return syllables_by_words(text)
            found += read
        else:
            found.append(run)
    return found
