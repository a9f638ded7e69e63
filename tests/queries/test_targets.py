"""Targets on a day: worked examples for every status, and the shipped ones."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from graph.edition import Edition
from graph.model import Comparator, Confidence, Facts, Observation, Target
from queries.network import Network
from queries.targets import TargetRow, last_day, targets

LOW: tuple[tuple[str, ...], Confidence] = (("domain-knowledge",), "low")


def on_day(
    day: str, *seen: tuple[str, float] | tuple[str, float, Confidence], comparator: Comparator = ">="
) -> TargetRow:
    """A target of 100 by the end of 2023, and what was observed of it."""
    target = Target(
        id="t", indicator_zh="指标", comparator=comparator, value=100, unit="items", year=2023, source_ids=LOW[0],
        confidence="low",
    )  # fmt: skip
    observations = tuple(
        Observation(
            target_id="t", as_of=item[0], value=item[1], unit="items", source_ids=LOW[0],
            confidence=item[2] if len(item) > 2 else "low",
        )
        for item in seen
    )  # fmt: skip
    return targets(Network(Facts(targets=(target,), observations=observations)), date.fromisoformat(day))[0]


@pytest.mark.parametrize(
    ("day", "seen", "status"),
    [
        ("2026-11-25", (), "no-evidence"),
        ("2026-11-25", (("2023", 100.0),), "met"),
        ("2026-11-25", (("2021-06", 120.0), ("2023", 90.0)), "met"),
        ("2026-11-25", (("2023", 90.0), ("2024-03", 110.0)), "met-late"),
        ("2026-11-25", (("2023-10", 90.0),), "missed"),
        ("2026-11-25", (("2023-09", 90.0),), "no-evidence"),
        ("2022-06-30", (("2023", 100.0),), "no-evidence"),
        ("2023-06-30", (("2020", 40.0), ("2022", 80.0)), "on-track"),
        ("2023-06-30", (("2020", 40.0), ("2022", 79.9)), "behind"),
        ("2023-06-30", (("2022-12-31", 66.6),), "behind"),
        ("2023-06-30", (("2022-12-31", 66.7),), "on-track"),
        ("2023-12-31", (("2023-11", 99.0),), "on-track"),
        ("2024-01-01", (("2023-11", 99.0),), "missed"),
    ],
)
def test_every_status(day: str, seen: tuple[tuple[str, float], ...], status: str) -> None:
    assert on_day(day, *seen).status == status


def test_about_is_reached_at_95_percent() -> None:
    assert on_day("2026-01-01", ("2023", 95.0), comparator="about").status == "met"
    assert on_day("2026-01-01", ("2023", 94.9), comparator="about").status == "missed"


def test_of_several_on_a_day_the_surer_then_the_last_counts() -> None:
    assert on_day("2026-01-01", ("2023", 90.0, "medium"), ("2023-12", 120.0, "low")).status == "missed"
    assert on_day("2026-01-01", ("2023", 120.0, "medium"), ("2023-12-31", 90.0, "medium")).status == "missed"
    assert on_day("2026-01-01", ("2023", 90.0, "low"), ("2023-12", 120.0, "high")).status == "met"


def test_progress_is_the_share_reached_and_new_ones_count_from_2020() -> None:
    assert on_day("2026-01-01", ("2023", 50.0)).progress == 0.5
    assert on_day("2026-01-01", ("2023", 150.0)).progress == 1.0
    assert on_day("2026-01-01", ("2020", 40.0), ("2023", 90.0), comparator="new").progress == 0.5
    assert on_day("2026-01-01", ("2020", 40.0), ("2023", 90.0)).progress == 0.9
    assert on_day("2026-01-01").progress is None


def test_a_month_and_a_year_stand_for_their_last_day() -> None:
    assert [last_day(text) for text in ("2024-02", "2023", "2023-05-06")] == [
        date(2024, 2, 29), date(2023, 12, 31), date(2023, 5, 6)
    ]  # fmt: skip


def test_the_shipped_targets(shipped_edition: Edition) -> None:
    network = Network(shipped_edition.facts, shipped_edition.id)
    rows = targets(network, date(2026, 11, 25))
    assert len(rows) == len(shipped_edition.facts.targets)
    observed = {item.target_id for item in shipped_edition.facts.observations}
    for row in rows:
        assert (row.latest is not None) == (row.id in observed)
        assert (row.reached_by is not None) == (row.status in ("met", "met-late"))
        if row.id not in observed:
            assert row.status == "no-evidence"
        if row.unit and "named in the plan" in row.unit:
            assert row.named == len(row.subject_ids)
    assert {row.status for row in rows} <= {"met", "met-late", "missed", "no-evidence"}
    before = targets(network, date(2009, 12, 31))
    assert Counter(row.status for row in before) == {"no-evidence": len(rows)}


def test_the_grade_counts_the_sources_of_what_decides() -> None:
    target = Target(
        id="t", indicator_zh="指标", comparator=">=", value=100, unit="items", year=2023, source_ids=LOW[0],
        confidence="low",
    )  # fmt: skip

    def grade(day: str, *seen: tuple[str, float, tuple[str, ...]]) -> str | None:
        observations = tuple(
            Observation(target_id="t", as_of=as_of, value=value, unit="items", source_ids=sources, confidence="low")
            for as_of, value, sources in seen
        )
        facts = Facts(targets=(target,), observations=observations)
        return targets(Network(facts), date.fromisoformat(day))[0].evidence

    assert grade("2026-01-01") is None
    assert grade("2026-01-01", ("2022", 120, ("a",)), ("2023", 90, ("b",))) == "B"  # the first decides alone
    assert grade("2026-01-01", ("2022", 120, ("a", "b"))) == "A"
    assert grade("2026-01-01", ("2022", 120, ("a", "domain-knowledge"))) == "B"
    assert grade("2023-06-30", ("2020", 40, ("a",)), ("2022", 80, ("b",))) == "A"  # the start and the latest
    assert grade("2026-01-01", ("2020", 40, ("a",)), ("2023", 80, ("b",))) == "B"  # missed by the latest alone
