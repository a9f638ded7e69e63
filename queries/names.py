"""Words for the codes of the measures, Chinese and English, and names of things in either language."""

from __future__ import annotations

from typing import Any, Literal

from queries.network import Network

Language = Literal["zh", "en"]

RADIUS = {
    "shanghai": ("上海", "Shanghai"),
    "delta": ("长三角", "the delta"),
    "china": ("全国", "China"),
    "world": ("全球", "the world"),
}
STATUS = {
    "strong": ("稳固", "strong"),
    "thin": ("单薄", "thin"),
    "weak": ("薄弱", "weak"),
    "absent": ("缺失", "absent"),
    "unknown": ("未知", "unknown"),
}
KIND = {
    "chokepoint": ("卡脖子", "chokepoint"),
    "missing": ("补链", "missing"),
    "fragile": ("固链", "fragile"),
    "none": ("稳固", "none"),
}
CAPABILITY = {
    "mass-production": ("量产", "mass production"),
    "small-batch": ("小批量", "small batch"),
    "pilot": ("中试", "pilot"),
    "research": ("研发", "research"),
}


def word(table: dict[str, tuple[str, str]], code: str, language: Language) -> str:
    """The word for a code of one of the tables above."""
    return table[code][0 if language == "zh" else 1]


def name_of(record: Any, language: Language) -> str:
    """The name of a thing, in the other language where it has none in this one."""
    names = (record.name_zh, record.name_en) if language == "zh" else (record.name_en, record.name_zh)
    return str(names[0] or names[1])


def short_name(record: Any, language: Language) -> str:
    """The name that people say: the short Chinese one, or the English one."""
    short = getattr(record, "short_zh", None)
    return short if language == "zh" and short else name_of(record, language)


def place_name(network: Network, place: int, language: Language) -> str:
    """The name of a region or park by its index."""
    regions = network.facts.regions
    record = regions[place] if place < len(regions) else network.facts.parks[place - len(regions)]
    return name_of(record, language)


def region_label(network: Network, region: str, language: Language) -> str:
    """The name of a radius, region or park.

    Raises:
        NotFound: There is no such region.
    """
    name = network.region_name(region)
    if name in RADIUS:
        return word(RADIUS, name, language)
    return place_name(network, network.region_at.get(name, network.park_at.get(name, 0)), language)
