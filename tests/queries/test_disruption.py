"""Disruption against the answer keys, the reference and its own rules."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from networks import Tables, elements, fact_tables, facts_of, write
from reference import Model, read

from graph.edition import Edition
from graph.errors import BadInput, NotFound
from graph.model import Facts, Firm, Input, Product, Region, Source, Supply
from ingest.pipeline import lay
from queries.disruption import Disruption, disruption
from queries.gates import baseline
from queries.network import WEIGHTS, Network
from queries.scenario import scenario

CHAINS = Path(__file__).parent.parent / "data" / "chains"
FLOORS = {"blocked": "small-batch", "blocked_floor_0": "research", "blocked_floor_1": "mass-production"}


def stopped(answer: Disruption) -> list[str]:
    return sorted(item.product_id for item in answer.blocked)


def same_levels(network: Network, answer: Disruption, expected: dict[str, float]) -> None:
    for product in network.products:
        assert math.isclose(answer.levels.get(product, 1.0), expected[product], abs_tol=1e-9), product


# -- the answer keys ---


@pytest.mark.parametrize("name", sorted(path.name for path in CHAINS.iterdir()))
def test_scenarios_agree_with_the_answer_key(name: str) -> None:
    network = Network(facts_of(CHAINS / name))
    for case in json.loads((CHAINS / name / "answers.json").read_text())["scenarios"]:
        what = scenario(network, case["removed"])
        for key, floor in FLOORS.items():
            if key in case:
                expected = case[key]["open"] if isinstance(case[key], dict) else case[key]
                assert stopped(disruption(network, what, floor)) == sorted(expected), (case["removed"], key)
        if "blocked_closed" in case:
            assert stopped(disruption(network, what, unknown="closed")) == sorted(case["blocked_closed"])
        answer = disruption(network, what)
        gone = [[row.firm_id, row.product_id] for row in answer.rows_gone]
        if "supply_rows_gone" in case:
            assert gone == sorted(list(pair) for pair in case["supply_rows_gone"])
        levels = case["levels_equal_shares"]
        same_levels(network, answer, {p: levels.get(p, 1.0) for p in network.products})


# -- the reference ---


@pytest.fixture(scope="module")
def network(shipped_edition: Edition) -> Network:
    return Network(shipped_edition.facts, shipped_edition.id)


SHIPPED: tuple[tuple[str, ...], ...] = (
    ("economy:us",),
    ("economy:us", "economy:jp", "economy:nl", "economy:de"),
    ("region:us",),
    ("city:cn-js-suzhou", "cn-sh"),
    ("park:zhangjiang",),
    ("firm:asml", "firm:smic"),
    ("product:mask-writer",),
)


@pytest.fixture(scope="module")
def model(data_folder: Path) -> Model:
    return Model(read(data_folder))


@pytest.mark.parametrize("removed", SHIPPED)
def test_shipped_scenarios_agree_with_the_reference(network: Network, model: Model, removed: tuple[str, ...]) -> None:
    answer = disruption(network, scenario(network, removed))
    expected = model.disrupt([text.replace("city:", "region:") for text in removed])
    assert stopped(answer) == expected["blocked"]
    assert {item.product_id: item.reason[0].round for item in answer.blocked} == expected["rounds"]
    assert [(row.firm_id, row.product_id) for row in answer.rows_gone] == [tuple(key) for key in expected["rows_gone"]]
    same_levels(network, answer, expected["levels"])
    same_grades(answer, model, [text.replace("city:", "region:") for text in removed])


def same_grades(answer: Disruption, model: Model, removed: Sequence[str], *rules: str) -> None:
    for item in answer.blocked:
        assert item.evidence == model.evidence_blocked(item.product_id, item.reason[-1].product_id, removed, *rules)


def test_every_event_takes_away_what_the_reference_says(network: Network, model: Model) -> None:
    for event in network.facts.events:
        answer = disruption(network, scenario(network, [f"event:{event.id}"]))
        assert {(row.firm_id, row.product_id) for row in answer.rows_gone} == set(model.event_rows(event.id)), event.id


def both(made: Tables) -> tuple[Network, Model]:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), made)
        edition, _ = lay(Path(folder), "made")
        assert edition is not None
        return Network(edition.facts), Model(read(folder))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fact_tables(), st.data())
def test_made_scenarios_agree_with_the_reference(made: Tables, data: st.DataObject) -> None:
    network, model = both(made)
    removed = data.draw(elements(made))
    what = scenario(network, removed)
    for floor in WEIGHTS:
        for unknown in ("open", "closed"):
            answer, expected = disruption(network, what, floor, unknown), model.disrupt(removed, unknown, floor)
            assert stopped(answer) == expected["blocked"]
            assert {item.product_id: item.reason[0].round for item in answer.blocked} == expected["rounds"]
            same_levels(network, answer, expected["levels"])
            reasons_hold(network, answer, set(removed))
            same_grades(answer, model, removed, unknown, floor)


# -- rules of its own ---


def reasons_hold(network: Network, answer: Disruption, removed: set[str]) -> None:
    """Each reason goes from the product back through real inputs to something that was taken away."""
    rounds = {item.product_id: item.reason[0].round for item in answer.blocked}
    gone = {(row.firm_id, row.product_id) for row in answer.rows_gone}
    inputs = {(row.product_id, row.input_id) for row in network.facts.inputs}
    for item in answer.blocked:
        assert item.reason[0].product_id == item.product_id
        assert [step.round for step in item.reason] == sorted((step.round for step in item.reason), reverse=True)
        for step, after in zip(item.reason, item.reason[1:], strict=False):
            assert step.cause in ("needs", "stand-in-lost")
            if step.cause == "needs":
                assert (step.product_id, after.product_id) in inputs
            else:
                kinds = network.kinds[network.product(step.product_id)].tolist()
                assert network.product(after.product_id) in kinds
            assert rounds[after.product_id] < rounds[step.product_id]
        last = item.reason[-1]
        if last.cause == "removed":
            assert f"product:{last.product_id}" in removed
        else:
            assert last.cause == "lost-suppliers"
            assert any(product == last.product_id for _, product in gone)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fact_tables(), st.data())
def test_removing_more_never_stops_less(made: Tables, data: st.DataObject) -> None:
    network, _ = both(made)
    less = data.draw(elements(made))
    more = [*less, *data.draw(elements(made))]
    one, other = disruption(network, scenario(network, less)), disruption(network, scenario(network, more))
    assert set(stopped(one)) <= set(stopped(other))
    for product in network.products:
        assert other.levels.get(product, 1.0) <= one.levels.get(product, 1.0) + 1e-12
    for product, level in one.levels.items():
        assert 0 <= level < 1, product
    for unknown in ("open", "closed"):
        answer = disruption(network, scenario(network, more), unknown=unknown)
        made_before = {
            network.products[at] for at in np.flatnonzero(baseline(network, "small-batch", unknown)).tolist()
        }
        assert set(stopped(answer)) <= made_before
        assert {name for name in made_before if answer.levels.get(name) == 0} == set(stopped(answer))


def test_a_product_that_only_its_stand_in_carried_stops_with_it() -> None:
    """Its own need never could be met, so no input that failed can be the reason."""
    said: Any = {"source_ids": ("s",), "confidence": "high"}
    facts = Facts(
        sources=(Source(id="s", title="S"),),
        regions=(Region(id="cn", name_zh="中国", level="economy", **said),),
        products=(
            Product(id="p", name_zh="甲", **said),
            Product(id="v", name_zh="乙", variant_of=("p",), **said),
            Product(id="q", name_zh="丙", **said),
        ),
        inputs=(Input(product_id="p", input_id="q", necessity="required", **said),),
        firms=(Firm(id="f", name_zh="企业", economy_id="cn", **said),),
        supplies=(
            Supply(firm_id="f", product_id="p", capability="mass-production", **said),
            Supply(firm_id="f", product_id="v", capability="mass-production", **said),
        ),
    )
    network = Network(facts)
    answer = disruption(network, scenario(network, ["product:v"]), unknown="closed")
    assert {item.product_id: [step.cause for step in item.reason] for item in answer.blocked} == {
        "v": ["removed"],
        "p": ["stand-in-lost", "removed"],
    }


def test_level_is_zero_exactly_where_a_product_of_the_baseline_stops(network: Network) -> None:
    answer = disruption(network, scenario(network, ["economy:us", "economy:jp"]))
    assert sorted(product for product, level in answer.levels.items() if level == 0) == stopped(answer)
    assert set(answer.assumed) <= answer.levels.keys()


def test_substitutes_are_those_left_and_the_nearest_come_first(network: Network) -> None:
    answer = disruption(network, scenario(network, ["economy:us"]))
    lost = {row.product_id for row in answer.rows_gone}
    assert lost <= answer.substitutes.keys()
    order = ["city", "shanghai", "delta", "china", "world"]
    for product, found in answer.substitutes.items():
        ranks = [(order.index(item.near), -item.capability, -(item.share_pct or 0), item.firm_id) for item in found]
        assert ranks == sorted(ranks), product
        assert all(network.firm_rows[network.firm(item.firm_id)].economy_id != "us" for item in found)


def test_a_scenario_is_a_value(network: Network) -> None:
    one = scenario(network, ["us", "firm:asml", "cn-js-suzhou", "economy:us"])
    assert one == scenario(network, ["firm:asml", "economy:us", "city:cn-js-suzhou"])
    assert one.text == "city:cn-js-suzhou economy:us firm:asml"
    assert len(one.hash) == 12
    with pytest.raises(NotFound, match="asml"):
        scenario(network, ["firm:asmll"])
    with pytest.raises(BadInput, match="economy"):
        scenario(network, ["planet:mars"])
    with pytest.raises(NotFound):
        scenario(network, ["atlantis"])


def test_an_economy_takes_its_firms_and_what_is_made_there(network: Network) -> None:
    economy = disruption(network, scenario(network, ["economy:jp"]))
    region = disruption(network, scenario(network, ["region:jp"]))
    rows = {(row.firm_id, row.product_id) for row in economy.rows_gone}
    placed = {(row.firm_id, row.product_id) for row in region.rows_gone}
    firms = {firm.id for firm in network.firm_rows if firm.economy_id == "jp"}
    assert rows == placed | {(row.firm_id, row.product_id) for row in network.supplies if row.firm_id in firms}
    assert np.all([firm in firms or (firm, product) in placed for firm, product in rows])
