"""Figures of the plan in words: a value with its unit, a target with its comparator, the number of a clause."""

from __future__ import annotations

import re

from queries.names import Language

UNITS_ZH = {
    "actions": "个",
    "bases": "个",
    "categories": "类",
    "centres": "个",
    "chains": "条",
    "clusters": "个",
    "enterprises": "家",
    "events": "项",
    "factories": "家",
    "fields": "个",
    "industries": "个",
    "items": "项",
    "km2": "平方公里",
    "nodes": "个",
    "parks": "个",
    "people": "人",
    "platforms": "个",
    "products": "项",
    "projects": "个",
    "providers": "家",
    "scenarios": "个",
    "standards": "项",
    "yuan": "元",
}
_LARGE_ZH = ((1e12, "万亿"), (1e8, "亿"), (1e4, "万"))
_LARGE_EN = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_RANGE = re.compile(r"\((\d+)-(\d+)\)")
_DIGITS = str.maketrans("一二三四五六七八九十", "123456789X")


def plain_unit(unit: str | None) -> str:
    """A unit without the remark in brackets: `parks (named in the plan)` is `parks`."""
    return re.sub(r"\s*\(.*\)$", "", unit or "")


def _digits(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}".rstrip("0")


def amount(value: float, language: Language) -> str:
    """A number as people say it: `20 万`, `1 trillion`; small ones in digits."""
    if language == "zh":
        least, word = next(((size, word) for size, word in _LARGE_ZH if value >= size), (1.0, ""))
        return f"{_digits(value / least)} {word}" if word else _digits(value).replace(",", "")
    least, word = next(((size, word) for size, word in _LARGE_EN if value >= size), (1.0, ""))
    return f"{_digits(value / least)} {word}" if word else _digits(value)


def quantity(value: float, unit: str | None, language: Language) -> str:
    """A value with its unit: `4 家`, `42%`, `1 万亿元`, `4 enterprises`; an unknown unit stands as it is."""
    plain = plain_unit(unit)
    if plain == "%":
        return f"{_digits(value)}%"
    if language == "zh":
        text, word = amount(value, "zh"), UNITS_ZH.get(plain, plain)
        return f"{text}{word}" if text[-1] in "万亿" else f"{text} {word}".rstrip()
    return f"{amount(value, 'en')} {_one(plain) if value == 1 else plain.replace('km2', 'km²')}".rstrip()


def _one(unit: str) -> str:
    """The singular of an English unit."""
    return {"people": "person", "categories": "category", "industries": "industry"}.get(unit, unit.removesuffix("s"))


def target_words(value: float, unit: str | None, comparator: str, language: Language) -> str:
    """What a target asks for: `≥ 4 家`, `约 50%`, `新增 3–4 个`; a range stands in the unit of the row."""
    text = quantity(value, unit, language)
    if span := _RANGE.search(unit or ""):
        text = text.replace(amount(value, language), f"{span[1]}–{span[2]}", 1)
    words = {">=": ("≥ ", "≥ "), "about": ("约 ", "about "), "new": ("新增 ", "new: ")}[comparator]
    return words[language == "en"] + text


def clause_words(clause: str | None, language: Language) -> str:
    """The number of a clause: as the plan prints it, in English with digits: `二(八)2` is `2(8)2`, `一1` is `1.1`."""
    if not clause or language == "zh":
        return clause or "—"
    return re.sub(r"^(\d)(?=\d)", r"\1.", clause.translate(_DIGITS)).replace("X", "10")
