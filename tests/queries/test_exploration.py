"""An exploration is a pure function of its steps: what opens, closes, stays and leads from one to another."""

from __future__ import annotations

from itertools import pairwise

import pytest

from graph.edition import Edition
from graph.errors import BadInput, NotFound
from queries.exploration import FIRST, MOST, exploration, parse
from queries.neighbours import neighbours
from queries.network import Network
from queries.ways import shortest_way

CENTRE = "product:ion-implanter"
MAKERS = f"{CENTRE}~in:SUPPLIES:firm"
NEEDS = f"{CENTRE}~out:REQUIRES:product"


@pytest.fixture(scope="module")
def network(shipped_edition: Edition) -> Network:
    return Network(shipped_edition.facts, shipped_edition.id)


def test_an_opened_sort_shows_what_the_facts_hold(network: Network) -> None:
    makers = {f"firm:{row.firm_id}" for row in network.facts.supplies if row.product_id == "ion-implanter"}
    picture = exploration(network, [CENTRE, MAKERS])
    assert picture.nodes.keys() == {CENTRE} | makers
    assert [(o.shown, o.total) for o in picture.opened] == [(min(len(makers), FIRST), len(makers))]
    assert {(e.start, e.end) for e in picture.edges if e.relation == "SUPPLIES"} >= {(m, CENTRE) for m in makers}


def test_closing_takes_off_what_hangs_on_nothing_else(network: Network) -> None:
    both = exploration(network, [CENTRE, MAKERS, NEEDS])
    needs_alone = exploration(network, [CENTRE, MAKERS, NEEDS, f"-{MAKERS}"])
    assert needs_alone.nodes.keys() == exploration(network, [CENTRE, NEEDS]).nodes.keys()
    maker = next(key for key in both.nodes if key.startswith("firm:"))
    pinned = exploration(network, [CENTRE, MAKERS, f"*{maker}", f"-{MAKERS}"])
    assert pinned.nodes.keys() == {CENTRE, maker}
    assert pinned.pinned == {maker}
    let_go = exploration(network, [CENTRE, MAKERS, f"*{maker}", f"*{maker}", f"-{MAKERS}"])
    assert let_go.nodes.keys() == {CENTRE}
    opened = exploration(network, [CENTRE, MAKERS, f"{maker}~out:SUPPLIES:product", f"-{MAKERS}"])
    assert opened.nodes.keys() == {CENTRE}


def test_what_was_taken_off_stays_off_until_it_is_put_back(network: Network) -> None:
    maker = next(key for key in exploration(network, [CENTRE, MAKERS]).nodes if key.startswith("firm:"))
    off = exploration(network, [CENTRE, MAKERS, f"-{maker}", f"{MAKERS}@60"])
    assert maker not in off.nodes
    assert maker in exploration(network, [CENTRE, MAKERS, f"-{maker}", maker]).nodes


def test_never_more_than_the_most(network: Network) -> None:
    steps = ["region:cn", "region:cn~in:OF_ECONOMY:firm@290", "region:us", "region:us~in:OF_ECONOMY:firm@290"]
    picture = exploration(network, steps)
    assert len(picture.nodes) == MOST
    assert picture.full
    first = exploration(network, steps[:2])
    assert not first.full
    assert list(picture.nodes)[: len(first.nodes)] == list(first.nodes)


def test_a_way_is_a_chain_of_edges_and_none_is_shorter(network: Network) -> None:
    stops = shortest_way(network, ("product", "ion-implanter"), ("product", "fuel-cell-stack"))
    along = {"REQUIRES", "SUPPLIES", "SELLS_TO", "VARIANT_OF", "LEADS", "ENDS_IN"}
    front, seen, rounds = {("product", "ion-implanter")}, {("product", "ion-implanter")}, 0
    while ("product", "fuel-cell-stack") not in seen:
        rounds += 1
        found = set()
        for kind, id_ in front:
            items = neighbours(network, kind, id_, limit=100_000).items
            found |= {(item.node.kind, item.node.id) for item in items if item.relation in along}
        front = found - seen
        seen |= found
    assert len(stops) == rounds + 1
    for before, stop in pairwise(stops):
        way, relation, kind = (stop.sort or "").split(":")
        items = neighbours(network, before.node.kind, before.node.id, (f"{way}:{relation}",), (kind,), limit=9999).items
        assert stop.node.id in {item.node.id for item in items}
    keys = exploration(network, ["product:ion-implanter..product:fuel-cell-stack"]).nodes
    assert list(keys) == [stop.node.key for stop in stops]


@pytest.mark.parametrize(
    "text", ["", "product", "product:a~", "product:a~SUPPLIES", "-product:a..firm:b", "*product:a~in:SUPPLIES:firm",
             "product:<b>", "product:a~in:SUPPLIES:firm@9999"],
)  # fmt: skip
def test_what_is_no_step_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadInput, match="do"):
        parse(text)


def test_what_is_not_there_is_refused(network: Network) -> None:
    with pytest.raises(NotFound):
        exploration(network, ["product:ion-implantr"])
    with pytest.raises(BadInput):
        exploration(network, [CENTRE, f"{CENTRE}~out:STATED_IN:source"])
    with pytest.raises(BadInput):
        exploration(network, [CENTRE, f"{CENTRE}~out:NOTHING:source"])
    with pytest.raises(BadInput):
        exploration(network, [CENTRE] * 500)
