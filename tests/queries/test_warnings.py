"""Warnings and events against the reference, by worked examples, and on the shipped facts."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from networks import Tables, fact_tables, write
from reference import Model, read

from graph.edition import Edition
from graph.errors import BadInput, NotFound
from graph.model import Chain, Event, Facts, Firm, Input, Park, Product, Region, Site, Supply
from ingest.pipeline import lay
from queries.candidates import candidates
from queries.cut_sets import cut_sets
from queries.disruption import disruption
from queries.editions_diff import gap_kinds
from queries.events import EventFilter, events_on, events_where, exposed_firms, first_day, is_open, reach_of
from queries.network import Network
from queries.scenario import scenario
from queries.single_points import PointKind, single_points
from queries.structural_warnings import Past
from queries.warning_rows import LEVELS, WarningRow
from queries.warnings import WarningFilter, warning_in_full, warning_of, warnings_on, warnings_where

TODAY = date(2026, 11, 25)
SOURCE: dict[str, Any] = {"source_ids": ("s",), "confidence": "high"}


def levels(rows: tuple[WarningRow, ...]) -> dict[str, str]:
    return {row.id: row.level for row in rows}


def assumed(network: Network, rows: tuple[WarningRow, ...]) -> dict[str, tuple[str, ...]]:
    return {
        row.id: disruption(network, scenario(network, row.scenario.split())).assumed
        for row in rows
        if row.rule in ("event", "all-open")
    }


def both(made: Tables) -> tuple[Network, Model]:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), made)
        edition, _ = lay(Path(folder), "made")
        assert edition is not None
        return Network(edition.facts, edition.id), Model(read(folder))


# -- the reference ---


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fact_tables(), st.dates(date(2022, 12, 1), date(2026, 8, 1)))
def test_made_networks_agree_with_the_reference(made: Tables, on: date) -> None:
    network, model = both(made)
    rows = warnings_on(network, on)
    assert levels(rows) == model.event_warnings(on, assumed(network, rows)) | model.structural_warnings()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fact_tables(), st.data())
def test_gaps_that_grew_worse_agree_with_the_reference(made: Tables, data: st.DataObject) -> None:
    gone = data.draw(st.sets(st.sampled_from([row["firm_id"] for row in made["supplies"]] or ["none"])))
    fewer = made | {"supplies": [row for row in made["supplies"] if row["firm_id"] not in gone]}
    fewer |= {"sites": [row | {"product_ids": ""} for row in made["sites"] if row["firm_id"] not in gone]}
    (before, model_before), (after, model_after) = both(made), both(fewer)
    rows = warnings_on(after, TODAY, Past("2026-11-25", gap_kinds(before)))
    worse = {row.id: row.level for row in rows if row.rule == "worsened"}
    expected = model_after.structural_warnings(model_before)
    assert worse == {name: level for name, level in expected.items() if name.startswith("worsened:")}


@pytest.fixture(scope="module")
def network(shipped_edition: Edition) -> Network:
    return Network(shipped_edition.facts, shipped_edition.id)


@pytest.fixture(scope="module")
def model(data_folder: Path) -> Model:
    return Model(read(data_folder))


@pytest.mark.parametrize("on", [TODAY, date(2022, 4, 1), date(2020, 12, 31), date(2019, 7, 4), date(2000, 1, 1)])
def test_the_shipped_events_agree_with_the_reference(network: Network, model: Model, on: date) -> None:
    rows = tuple(row for row in warnings_on(network, on) if row.since_of == "event")
    assert levels(rows) == model.event_warnings(on, assumed(network, rows))
    for row in events_on(network, on):
        assert row.open == model.event_is_open(row.id, on)
        assert row.reach == model.event_reach(row.id)
        assert row.rows == len(model.event_rows(row.id))


def test_the_shipped_structure_agrees_with_the_reference(network: Network, model: Model) -> None:
    rows = tuple(row for row in warnings_on(network, TODAY) if row.since_of != "event")
    assert levels(rows) == model.structural_warnings()


# -- days ---


def event(start: str, end: str | None = None, kind: Any = "accident", **more: Any) -> Event:
    return Event(id="e", date=start, end_date=end, kind=kind, title_zh="事件", **SOURCE, **more)


@pytest.mark.parametrize(
    ("start", "end", "kind", "opens", "closes"),
    [
        ("2024-05-06", "2024-05-09", "accident", "2024-05-06", "2024-05-09"),
        ("2024-02", "2024-02", "disaster", "2024-02-01", "2024-02-29"),
        ("2023", "2024", "shortage", "2023-01-01", "2024-12-31"),
        ("2024-01-01", None, "accident", "2024-01-01", "2024-06-29"),
        ("2024-03", None, "insolvency", "2024-03-01", "2024-08-28"),
        ("2019-05-16", None, "export-control", "2019-05-16", None),
        ("2019", None, "sanction", "2019-01-01", None),
        ("2019-05", None, "dispute", "2019-05-01", None),
        ("2019-05-16", "2020-01", "export-control", "2019-05-16", "2020-01-31"),
    ],
)
def test_when_an_event_is_open(start: str, end: str | None, kind: str, opens: str, closes: str | None) -> None:
    found = event(start, end, kind)
    first = date.fromisoformat(opens)
    assert first_day(start) == first
    assert not is_open(found, date.fromordinal(first.toordinal() - 1))
    assert is_open(found, first)
    if closes is None:
        assert is_open(found, date(2100, 1, 1))
    else:
        last = date.fromisoformat(closes)
        assert is_open(found, last)
        assert not is_open(found, date.fromordinal(last.toordinal() + 1))


# -- a small world ---


def region(name: str, level: Any, parent: str | None = None) -> Region:
    return Region(id=name, name_zh=name, level=level, parent_id=parent, **SOURCE)


def world(*events: Event, supplies: tuple[tuple[str, str], ...] = (("ours", "part"), ("theirs", "part"))) -> Network:
    """A chain of one final that needs one part, made by a firm of ours and one abroad."""
    regions = (region("cn", "economy"), region("cn-sh", "province", "cn"), region("us", "economy"))
    firms = (
        Firm(id="ours", name_zh="我方", economy_id="cn", **SOURCE),
        Firm(id="theirs", name_zh="对方", economy_id="us", **SOURCE),
        Firm(id="maker", name_zh="总装", economy_id="cn", **SOURCE),
    )
    products = tuple(Product(id=name, name_zh=name, **SOURCE) for name in ("final", "part", "spare"))
    rows = [*supplies, ("maker", "final")]
    return Network(
        Facts(
            regions=regions,
            parks=(Park(id="park", name_zh="园区", region_id="cn-sh", **SOURCE),),
            firms=firms,
            products=products,
            chains=(Chain(id="chain", name_zh="链", final_product_ids=("final",), **SOURCE),),
            inputs=(Input(product_id="final", input_id="part", necessity="required", **SOURCE),),
            supplies=tuple(
                Supply(firm_id=firm, product_id=product, capability="mass-production", **SOURCE)
                for firm, product in rows
            ),
            sites=(Site(firm_id="ours", place_id="park", kind="plant", **SOURCE),),
            events=events,
        ),
        "made",
    )


@pytest.mark.parametrize(
    ("targets", "reach"),
    [
        ((), "loss"),
        (("cn",), "loss"),
        (("cn-sh",), "loss"),
        (("park",), "loss"),
        (("us", "cn-sh"), "loss"),
        (("ours", "cn"), "loss"),
        (("ours",), "exposure"),
        (("ours", "theirs"), "exposure"),
        (("us",), "none"),
        (("us", "ours"), "none"),
    ],
)
def test_whom_an_event_touches(targets: tuple[str, ...], reach: str) -> None:
    found = event("2026", kind="sanction", target_ids=targets)
    network = world(found)
    assert reach_of(network, found) == reach
    assert exposed_firms(network, found) == (("ours",) if reach == "exposure" else ())


def warned(network: Network) -> WarningRow | None:
    rows = [row for row in warnings_on(network, TODAY) if row.rule in ("event", "exposure")]
    return rows[0] if rows else None


def test_the_four_levels() -> None:
    both_makers = event("2026", kind="sanction", subject_ids=("us", "ours"), affected_product_ids=("part",))
    red = warned(world(both_makers))
    assert red is not None
    assert (red.level, red.blocked_total, [item.product.id for item in red.finals_stopped]) == ("red", 2, ["final"])
    assert red.chain_ids == ("chain",)
    assert {fact.table for fact in red.facts} == {"events", "supplies"}

    unused = event("2026", kind="sanction", subject_ids=("us",), affected_product_ids=("spare",))
    orange = warned(world(unused, supplies=(("ours", "part"), ("theirs", "spare"))))
    assert orange is not None
    assert (orange.level, [item.product_id for item in orange.blocked]) == ("orange", ["spare"])

    one_maker = event("2026", kind="sanction", subject_ids=("us",), affected_product_ids=("part",))
    yellow = warned(world(one_maker))
    assert yellow is not None
    assert (yellow.level, yellow.finals_reduced[0].level, yellow.repair[0].product.id) == ("yellow", 0.5, "part")
    assert [item.firm_id for item in yellow.repair[0].substitutes] == ["ours"]

    nothing = warned(world(event("2026", kind="sanction", subject_ids=("us",), affected_product_ids=("final",))))
    assert nothing is not None
    assert (nothing.level, nothing.lost.rows, nothing.repair) == ("blue", 0, ())
    exposure = warned(world(event("2026", kind="sanction", subject_ids=("us",), target_ids=("ours",))))
    assert exposure is not None
    assert (exposure.level, exposure.scenario, [item.id for item in exposure.exposed]) == ("blue", "", ["ours"])
    assert warned(world(event("2026", kind="sanction", subject_ids=("cn",), target_ids=("theirs",)))) is None
    assert warned(world(event("2025-01", subject_ids=("us",), affected_product_ids=("part",)))) is None


def test_two_harmless_events_may_stop_a_final_together() -> None:
    first = event("2026-01", kind="sanction", subject_ids=("us",), affected_product_ids=("part",), target_ids=("cn",))
    second = replace(first, id="f", date="2026-03-04", subject_ids=("ours",), kind="dispute", target_ids=())
    rows = {row.id: row for row in warnings_on(world(first, second), TODAY)}
    assert (rows["event:e"].level, rows["event:f"].level, rows["all-open"].level) == ("yellow", "yellow", "red")
    together = rows["all-open"]
    assert (together.event_ids, together.since, together.until) == (("e", "f"), "2026-03-04", None)
    assert together.scenario == "event:e event:f"
    assert len(together.notes_zh) == len(together.notes_en) >= 2
    assert rows["event:f"].notes_en == ("Firms without a known share are counted with equal ones.",)
    assert rows["event:e"].notes_en[:2] == (
        "The view from inside the targets: what is lost here is not lost elsewhere.",
        "A licence duty is counted like a ban; the true loss may be less.",
    )


# -- evidence ---


def test_the_grade_falls_where_the_level_rests_on_low_confidence() -> None:
    found = event("2026", kind="sanction", subject_ids=("us",), affected_product_ids=("part",))
    network = world(found)
    assert (warned(network) or pytest.fail()).evidence == "B"
    facts = network.facts
    low = tuple(replace(r, confidence="low") if r.firm_id == "ours" else r for r in facts.supplies)
    assert (warned(Network(replace(facts, supplies=low))) or pytest.fail()).evidence == "C"
    two = tuple(replace(row, source_ids=("s", "t")) for row in facts.supplies)
    assert (warned(Network(replace(facts, supplies=two))) or pytest.fail()).evidence == "A"
    hearsay = replace(found, source_ids=("domain-knowledge",))
    assert (warned(Network(replace(facts, supplies=two, events=(hearsay,)))) or pytest.fail()).evidence == "B"


# -- the list ---


def test_the_order_and_the_filters(network: Network) -> None:
    rows = warnings_on(network, TODAY)
    places = [LEVELS.index(row.level) for row in rows]
    assert places == sorted(places)
    assert warnings_where(network, rows, WarningFilter()) == list(rows)
    chips = warnings_where(network, rows, WarningFilter(levels=("yellow",), chain="high-end-chips"))
    assert chips == [row for row in rows if row.level == "yellow" and "high-end-chips" in row.chain_ids]
    for wanted in (WarningFilter(levels=("purple",)), WarningFilter(rules=("hunch",))):
        with pytest.raises(BadInput):
            warnings_where(network, rows, wanted)
    with pytest.raises(NotFound):
        warnings_where(network, rows, WarningFilter(chain="nothing"))
    with pytest.raises(NotFound, match="all-open"):
        warning_of(rows, "all-opne")
    with pytest.raises(NotFound):
        events_where(network, TODAY, EventFilter(chain="nothing"))


@pytest.mark.parametrize("kind", ["economy", "city", "park", "firm"])
def test_single_points_are_the_cut_sets_of_order_1(network: Network, kind: PointKind) -> None:
    expected: dict[str, list[str]] = {}
    for final in network.study(None)[1]:
        for (name,) in cut_sets(network, network.products[final], kind, 1).sets:
            expected.setdefault(name, []).append(network.products[final])
    assert {name: list(finals) for name, finals in single_points(network, kind)} == expected
    assert expected


def test_every_warning_can_be_read_and_followed(network: Network) -> None:
    sources = {row.id for row in network.facts.sources}
    for row in warnings_on(network, TODAY):
        assert row.rule_zh and row.rule_en and row.reason_zh.endswith("。") and row.reason_en.endswith(".")
        assert row.facts
        assert {name for fact in row.facts for name in fact.source_ids} <= sources
        full = warning_in_full(network, row)
        assert len(full.blocked) == row.blocked_total
        assert len(full.repair) == row.repair_total or row.rule in ("concentration", "worsened")
        for item, whole in zip(row.repair, full.repair, strict=False):
            assert item.substitutes == whole.substitutes[:5]
            assert item.candidates == (() if whole.substitutes else whole.candidates)
        hit = {fact.key[0] for fact in row.facts if fact.table == "supplies"}
        for whole in full.repair:
            newcomers = {item.firm_id for item in whole.candidates}
            assert not newcomers & ({item.firm_id for item in whole.substitutes} | hit)


def test_where_no_substitute_is_left_the_list_names_candidates(network: Network) -> None:
    point = warning_of(warnings_on(network, TODAY), "single-point:firm:shengquan")
    (mend,) = point.repair
    assert mend.substitutes == ()
    expected = [item.firm_id for item in candidates(network, mend.product.id).items if item.firm_id != "shengquan"]
    assert [item.firm_id for item in mend.candidates] == expected[:3]
