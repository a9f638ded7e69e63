"""Find things by name: Chinese or English, alias, code, pinyin or its initials, traditional or simplified, one typo."""

from __future__ import annotations

import itertools
import unicodedata
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from graph.errors import BadInput
from queries.network import Network, derived
from queries.pinyin import syllables, syllables_by_words

KINDS = ("chain", "product", "firm", "park", "region", "industry", "segment")
_TABLES = {
    "chain": "chains",
    "product": "products",
    "firm": "firms",
    "park": "parks",
    "region": "regions",
    "industry": "industries",
    "segment": "segments",
}
_LEAST_FOR_TYPO = 3
_MANY = 10_000  # things, from which on a table of readings takes less time to make than it saves


@dataclass(frozen=True, slots=True)
class Match:
    """A thing that was found.

    Attributes:
        kind: One of `KINDS`.
        why: Which text of it matched: id, name_zh, short_zh, name_en, alias, code, pinyin or initials.
        matched: That text.
        typo: Whether one character had to be forgiven.
    """

    kind: str
    id: str
    name_zh: str
    short_zh: str | None
    name_en: str | None
    why: str
    matched: str
    typo: bool


@dataclass(frozen=True, slots=True)
class _Key:
    """A text by which a thing can be found, and which thing; `text` is folded, `shown` as it stands."""

    text: str
    shown: str
    why: str
    thing: int


@dataclass(frozen=True, slots=True)
class _Index:
    """What is looked through: the folded texts of all keys in one, a line each, and where each begins."""

    things: tuple[tuple[str, Any], ...]
    keys: tuple[_Key, ...]
    lines: str
    starts: tuple[int, ...]

    def holding(self, text: str) -> Iterator[_Key]:
        """The keys that hold a text anywhere."""
        at = self.lines.find(text)
        while at >= 0:
            key = bisect(self.starts, at) - 1
            yield self.keys[key]
            end = self.starts[key] + len(self.keys[key].text)
            at = self.lines.find(text, end)


@cache
def _simplifier() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def fold(text: str) -> str:
    """Text without what does not matter to a search: case, width, spaces, punctuation, traditional forms."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    if not plain.isascii():
        plain = str(_simplifier().convert(plain))
    return "".join(char for char in plain if char.isalnum())


def _pinyin(text: str, read: Callable[[str], list[str]]) -> tuple[str, str]:
    """Full pinyin and initials of a text, other characters as they are; empty where there is no Chinese in it."""
    if text.isascii():
        return "", ""
    parts = read(text)
    full = fold("".join(parts))
    initials = fold("".join(part[:1] if len(part) > 1 and part.isalpha() else part for part in parts))
    return full, initials


def _keys(thing: int, record: Any, read: Callable[[str], list[str]]) -> Iterator[_Key]:
    texts: list[tuple[str, str | None]] = [("id", record.id), ("name_zh", record.name_zh)]
    texts += [("short_zh", getattr(record, "short_zh", None)), ("name_en", record.name_en)]
    texts += [("alias", alias) for alias in getattr(record, "aliases", ())]
    for code in (getattr(record, "stock_code", None), getattr(record, "uscc", None)):
        texts += [("code", part) for whole in (code or "",) for part in (whole, *whole.split("."), *whole.split(";"))]
    seen = set()
    for why, text in texts:
        if text and (folded := fold(text)) and folded not in seen:
            seen.add(folded)
            yield _Key(folded, text, why, thing)
    for text in filter(None, (record.name_zh, getattr(record, "short_zh", None))):
        for why, folded in zip(("pinyin", "initials"), _pinyin(text, read), strict=True):
            if folded and folded not in seen:
                seen.add(folded)
                yield _Key(folded, text, why, thing)


@derived
def index(network: Network) -> _Index:
    """The texts by which things of an edition are found; made at the first search."""
    things = tuple((kind, row) for kind in KINDS for row in getattr(network.facts, _TABLES[kind]))
    read = syllables if len(things) > _MANY else syllables_by_words
    keys = tuple(key for at, (_, row) in enumerate(things) for key in _keys(at, row, read))
    starts = itertools.accumulate((len(key.text) + 1 for key in keys), initial=0)
    return _Index(things, keys, "\n".join(key.text for key in keys), tuple(starts)[: len(keys)])


# How well a text fits a key: the same, begins with it, holds it; the lower the better. Names come before aliases,
# both before pinyin, and a typo is forgiven only where nothing fits.
_SAME, _BEGINS, _HOLDS = 0, 1, 2
_RANKS = {"name": (0, 2, 4), "alias": (1, 5, 6), "pinyin": (3, 7, 8)}
_TYPO = 9
_LEAST_INSIDE = {"pinyin": 4, "initials": 3}  # shorter ones would be found inside too many
_GROUP = {"alias": "alias", "code": "alias", "pinyin": "pinyin", "initials": "pinyin"}


def _rank(key: _Key, text: str) -> int | None:
    ranks = _RANKS[_GROUP.get(key.why, "name")]
    if key.text == text:
        return ranks[_SAME]
    if key.text.startswith(text):
        return ranks[_BEGINS]
    least = _LEAST_INSIDE.get(key.why, 1)
    return ranks[_HOLDS] if len(text) >= least and text in key.text else None


def _with_typo(found: _Index, text: str) -> Iterator[tuple[int, _Key]]:
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract_iter

    if len(text) >= _LEAST_FOR_TYPO:
        for _, _, at in extract_iter(text, found.lines.split("\n"), scorer=OSA.distance, score_cutoff=1):
            if found.keys[at].why not in ("initials", "code"):
                yield _TYPO, found.keys[at]


def search(
    network: Network, q: str, kinds: Iterable[str] = (), limit: int = 20, offset: int = 0
) -> tuple[tuple[Match, ...], int]:
    """Things whose name fits a text, the best first.

    Args:
        network: The edition.
        q: What the user typed; empty finds nothing.
        kinds: Which kinds to look at; all without any.
        limit: Most matches.
        offset: Matches to leave out.

    Returns:
        The matches, and their number in all.

    Raises:
        BadInput: One of the kinds is none.
    """
    wanted = tuple(kinds) or KINDS
    for kind in wanted:
        if kind not in KINDS:
            raise BadInput("kinds", kind, "any of " + ", ".join(KINDS))
    text, found = fold(q), index(network)
    ranked = [(rank, key) for key in found.holding(text) if (rank := _rank(key, text)) is not None] if text else []
    if not ranked and text:
        ranked = list(_with_typo(found, text))
    best: dict[int, tuple[tuple[int, int, int], _Key]] = {}
    for rank, key in ranked:
        order = (rank, len(key.text), KINDS.index(found.things[key.thing][0]))
        if found.things[key.thing][0] in wanted and (key.thing not in best or order < best[key.thing][0]):
            best[key.thing] = (order, key)
    hits = sorted(best.values(), key=lambda hit: (hit[0], hit[1].thing))
    return tuple(_match(found, order[0], key) for order, key in hits[offset : offset + limit]), len(hits)


def _match(found: _Index, rank: int, key: _Key) -> Match:
    kind, row = found.things[key.thing]
    short = getattr(row, "short_zh", None)
    return Match(kind, row.id, row.name_zh, short, row.name_en, key.why, key.shown, typo=rank == _TYPO)
