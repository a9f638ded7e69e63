"""The difference of two editions against the reference, and its rules."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from networks import Tables, fact_tables, write
from reference import Facts, Model, fact_changes, gap_changes, read

from graph.edition import Summary
from ingest.pipeline import lay
from queries.editions import former_of
from queries.editions_diff import GapChangeKind, editions_diff, gap_change
from queries.gaps import Kind
from queries.network import Network

BACK: dict[str, str] = {"opened": "healed", "healed": "opened", "worsened": "eased", "eased": "worsened"}


def both(made: Tables) -> tuple[Network, Facts]:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), made)
        edition, _ = lay(Path(folder), "made")
        assert edition is not None
        return Network(edition.facts, edition.id), read(folder)


def changed(made: Tables, data: st.DataObject) -> Tables:
    """The tables with some supplies rows gone, and some of another capability."""
    rows = []
    for row in made["supplies"]:
        fate = data.draw(st.sampled_from(("kept", "kept", "gone", "mass-production", "research")))
        if fate != "gone":
            rows.append(row if fate == "kept" else row | {"capability": fate})
    makers = {(row["firm_id"], row["product_id"]) for row in rows}
    sites = [
        row
        for row in made["sites"]
        if all((row["firm_id"], made_there) in makers for made_there in filter(None, row["product_ids"].split(";")))
    ]
    return made | {"supplies": rows, "sites": sites}


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fact_tables(), st.data())
def test_made_editions_agree_with_the_reference(made: Tables, data: st.DataObject) -> None:
    (former, old), (latter, new) = both(made), both(changed(made, data))
    found = editions_diff(former, latter)
    assert {(item.table, item.key, item.change) for item in found.facts} == fact_changes(old, new)
    for table, counts in found.tables.items():
        assert sum(counts.values()) == sum(item.table == table for item in found.facts)
    expected = gap_changes(Model(old), Model(new))
    assert {(item.product_id, item.radius): item.change for item in found.gaps} == {
        key: change for key, change in expected.items() if change != "same"
    }
    for radius, counts_there in found.radii.items():
        for change, number in counts_there.items():
            assert number == sum(what == change for (_, there), what in expected.items() if there == radius)
    assert all(column.before != column.after for item in found.facts for column in item.columns)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fact_tables(), st.data())
def test_the_way_back_undoes_the_way_there(made: Tables, data: st.DataObject) -> None:
    (former, _), (latter, _) = both(made), both(changed(made, data))
    there, back = editions_diff(former, latter), editions_diff(latter, former)
    assert {(item.table, item.key) for item in there.facts} == {(item.table, item.key) for item in back.facts}
    undone = {(item.product_id, item.radius): item.change for item in back.gaps}
    for item in there.gaps:
        if item.before and item.after:
            assert undone[item.product_id, item.radius] == BACK[item.change]
    same = editions_diff(former, former)
    assert (same.facts, same.gaps, same.tables) == ((), (), {})


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("none", "fragile", "opened"),
        ("none", "chokepoint", "opened"),
        ("fragile", "missing", "worsened"),
        ("missing", "chokepoint", "worsened"),
        ("chokepoint", "missing", "eased"),
        ("missing", "fragile", "eased"),
        ("fragile", "none", "healed"),
        ("missing", "missing", "same"),
        (None, "missing", "opened"),
        (None, "none", "same"),
        (None, None, "same"),
        ("none", None, "same"),
        ("missing", None, "lapsed"),
    ],
)
def test_every_change_of_a_gap(before: Kind | None, after: Kind | None, change: GapChangeKind) -> None:
    assert gap_change(before, after) == change


def test_the_edition_before() -> None:
    found = [Summary(name, f"2026-11-{day:02}T00:00:00+00:00", (), {}) for name, day in (("b", 9), ("a", 2), ("c", 20))]
    assert [former_of(found, name) for name in ("a", "b", "c", "d")] == [None, "a", "b", None]
