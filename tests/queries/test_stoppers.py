"""What stops a product at once: every set that is named stops it, and none of its elements may be left out."""

from __future__ import annotations

import pytest

from graph.edition import Edition
from queries.disruption import disruption
from queries.network import Network
from queries.scenario import scenario
from queries.stoppers import finals_at_points, stoppers


@pytest.fixture(scope="module")
def network(shipped_edition: Edition) -> Network:
    return Network(shipped_edition.facts, shipped_edition.id)


def stops(network: Network, product: str, elements: list[str]) -> bool:
    return product in {item.product_id for item in disruption(network, scenario(network, elements)).blocked}


@pytest.mark.parametrize("product", ["c919-aircraft", "saw-filter", "hbm"])
def test_each_set_stops_it_and_is_minimal(network: Network, product: str) -> None:
    found = stoppers(network, product)
    assert found is not None
    assert any(item.sets for item in found)
    for item in found:
        assert len(item.of(1)) + len(item.of(2)) == len(item.sets)
        for cut in item.sets[:6] + item.sets[-3:]:
            elements = [row.element for row in cut]
            assert stops(network, product, elements), elements
            if len(cut) == 2:
                assert not any(stops(network, product, [element]) for element in elements), elements


def test_finals_at_points_of_the_finals_are_their_cut_sets_of_one(network: Network) -> None:
    found = {final.id: points for final, points in finals_at_points(network)}
    finals = {network.products[at] for at in network.study(None)[1]}
    assert set(found) <= finals
    for name, points in list(found.items())[:5]:
        for rows in points.values():
            for row in rows[:3]:
                assert stops(network, name, [row.element])
    assert all(row.id != "cn" for points in found.values() for rows in points.values() for row in rows)
