"""A disruption as it is read: every product that is hit once, with a way back to a cause that really lost something."""

from __future__ import annotations

import pytest

from graph.edition import Edition
from queries.disruption import disruption
from queries.elements import alone, element_kind, find_elements
from queries.impact import impact, impact_lines
from queries.network import Network
from queries.scenario import scenario

SCENARIOS = (["economy:jp"], ["firm:asml", "product:fpga"], ["event:japan-tool-rules-2023"], ["city:cn-js-suzhou"])


@pytest.fixture(scope="module")
def network(shipped_edition: Edition) -> Network:
    return Network(shipped_edition.facts, shipped_edition.id)


@pytest.mark.parametrize("removed", SCENARIOS)
def test_every_product_that_is_hit_stands_once_with_its_cause(network: Network, removed: list[str]) -> None:
    found = impact(network, scenario(network, removed), "small-batch", "open")
    answer = found.answer
    names = [row.product_id for row in found.rows]
    assert len(set(names)) == len(names)
    stopped = {item.product_id for item in answer.blocked}
    assert {row.product_id for row in found.rows if row.stopped} == stopped
    assert set(names) == stopped | {name for name, level in answer.levels.items() if level > 0}
    gone = {(row.firm_id, row.product_id) for row in answer.rows_gone}
    for row in found.rows:
        assert row.path[0] == row.product_id
        assert row.path[-1] == row.cause
        if not row.stopped:  # every step keeps the level, and the last one lost suppliers of its own
            assert {round(answer.levels[name], 9) for name in row.path} == {round(row.level, 9)}
            assert any(product == row.cause for _, product in gone)
            assert 0 < row.lost < row.had
    assert sum(len(group.rows) for group in found.stops) == len(stopped)
    assert [line.product_id for line in impact_lines(network, found)] == names


@pytest.mark.parametrize("kind", ["economy", "event", "city"])
def test_the_loss_of_one_alone_is_that_of_its_scenario(network: Network, kind: str) -> None:
    for item in alone(network, kind)[:12]:  # type: ignore[arg-type]
        answer = disruption(network, scenario(network, [item.row.element]))
        assert (item.stopped, item.finals) == (len(answer.blocked), len(answer.finals_hit)), item.row.element


def test_touched_firms_make_it_in_shanghai(network: Network) -> None:
    found = impact(network, scenario(network, ["economy:jp"]), "small-batch", "open")
    here = network.rows_in("shanghai")
    made = {(row.firm_id, row.product_id) for at, row in enumerate(network.supplies) if here[at]}
    assert found.firms
    for item in found.firms:
        assert all((item.what.id, product) in made for product in item.stopped)
    assert all(park.what.id in network.park_at for park in found.parks)


def test_elements_are_found_by_name_and_written_as_what_they_are(network: Network) -> None:
    assert find_elements(network, "日本")[0].element == "economy:jp"
    assert find_elements(network, "苏州市")[0].element == "city:cn-js-suzhou"
    assert "product:ion-implanter" in {row.element for row in find_elements(network, "lzzrj")}
    assert find_elements(network, "firm:asml")[0].element == "firm:asml"
    assert "event:kumamoto-2016" in {row.element for row in find_elements(network, "熊本")}
    assert find_elements(network, "firm:nobody") == ()
    assert find_elements(network, "  ") == ()
    assert element_kind(network, "region", "cn-sh") == "city"
    assert element_kind(network, "region", "cn-js") == "region"
