"""Figures of the plan in words."""

from __future__ import annotations

import pytest

from graph.edition import Edition
from viz.figures import clause_words, plain_unit, quantity, target_words


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (4.0, "enterprises", "4 家", "4 enterprises"),
        (1.0, "enterprises", "1 家", "1 enterprise"),
        (42.0, "%", "42%", "42%"),
        (100.0, "% (full coverage)", "100%", "100%"),
        (200_000.0, "enterprises", "20 万家", "200,000 enterprises"),
        (1e12, "yuan (campaign name)", "1 万亿元", "1 trillion yuan"),
        (4800.0, "enterprises", "4800 家", "4,800 enterprises"),
        (12.5, "widgets", "12.5 widgets", "12.5 widgets"),
        (500.0, "km2", "500 平方公里", "500 km²"),
        (7.0, None, "7", "7"),
    ],
)
def test_quantities(value: float, unit: str | None, zh: str, en: str) -> None:
    assert quantity(value, unit, "zh") == zh
    assert quantity(value, unit, "en") == en


def test_targets_say_how_they_are_compared_and_keep_the_range_of_the_plan() -> None:
    assert target_words(4, "enterprises", ">=", "zh") == "≥ 4 家"
    assert target_words(3, "platforms (3-4)", "new", "zh") == "新增 3–4 个"
    assert target_words(3, "platforms (3-4)", "new", "en") == "new: 3–4 platforms"
    assert target_words(50, "%", "about", "en") == "about 50%"


def test_clauses_in_both_languages() -> None:
    assert [clause_words(text, "zh") for text in ("二(八)2", None)] == ["二(八)2", "—"]
    assert [clause_words(text, "en") for text in ("二(八)2", "二(十)1", "一3", "三(七)", None)] == [
        "2(8)2",
        "2(10)1",
        "1.3",
        "3(7)",
        "—",
    ]


def test_every_unit_of_the_shipped_facts_has_its_measure_word(shipped_edition: Edition) -> None:
    facts = shipped_edition.facts
    for row in [*facts.targets, *facts.observations]:
        if plain_unit(row.unit) != "%":
            assert plain_unit(row.unit) not in quantity(row.value, row.unit, "zh"), row.unit
