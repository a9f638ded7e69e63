"""One step around a node: what the stores hold around it, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from made_facts import full

from graph.edition import Edition
from graph.errors import BadInput, NotFound
from graph.schema import edge_rows, node_rows
from graph.store import Store, trusted
from queries.neighbours import NODE_KINDS, neighbours
from queries.network import Network

AROUND = """
MATCH (n:{label} {{id: $id}})-[r]-(other)
RETURN type(r) AS relation, CASE WHEN startNode(r).id = $id THEN 'out' ELSE 'in' END AS way,
       other.id AS id, labels(other) AS labels, count(*) AS edges
"""


@pytest.fixture(scope="module")
def shipped(shipped_edition: Edition) -> Network:
    return Network(shipped_edition.facts, shipped_edition.id)


@pytest.mark.parametrize(
    ("kind", "id_"),
    [
        ("region", "cn-sh"),
        ("firm", "smic"),
        ("product", "saw-filter"),
        ("park", "lingang"),
        ("chain", "high-end-chips"),
        ("source", "domain-knowledge"),
    ],
)
def test_a_step_is_what_cypher_finds(shipped: Network, shipped_store: Store, kind: str, id_: str) -> None:
    found = neighbours(shipped, kind, id_, limit=10_000)
    ours = {(item.relation, item.way, item.node.kind, item.node.id): len(item.edges) for item in found.items}
    rows = shipped_store.query(trusted(AROUND.format(label=kind.capitalize())), {"id": id_}).rows
    theirs = {
        (relation, way, next(label.lower() for label in labels if label.lower() in NODE_KINDS), other): edges
        for relation, way, other, labels, edges in rows
    }
    assert ours == theirs
    assert found.degree == sum(theirs.values())
    assert found.total == len(theirs)


def test_every_node_has_a_name_and_every_edge_two_ends() -> None:
    network = Network(full(), "made")
    walked: list[tuple[str, str, str, str, str]] = []
    for batch in node_rows(full()):
        for row in batch.rows:
            found = neighbours(network, batch.label.lower(), row["id"], limit=1000)
            assert found.node.name_zh
            for item in found.items:
                if item.way == "out":
                    me, it = found.node, item.node
                    walked += [(item.relation, me.kind, me.id, it.kind, it.id) for _ in item.edges]
    drawn = [
        (batch.type, batch.start_label.lower(), start, batch.end_label.lower(), end)
        for batch in edge_rows(full())
        for start, end in zip(batch.starts, batch.ends, strict=True)
    ]
    assert sorted(walked) == sorted(drawn)
    assert {kind for _, kind, _, other, _ in walked for kind in (kind, other)} == set(NODE_KINDS)


def test_n_of_m_and_pages(shipped: Network) -> None:
    whole = neighbours(shipped, "region", "cn-sh", limit=1000)
    assert [relation.total for relation in whole.relations] == [relation.shown for relation in whole.relations]
    few = neighbours(shipped, "region", "cn-sh", each=2)
    assert [(r.relation, r.way, r.kind, r.total) for r in few.relations] == [
        (r.relation, r.way, r.kind, r.total) for r in whole.relations
    ]
    assert all(relation.shown == min(2, relation.total) for relation in few.relations)
    assert few.total == whole.total > len(few.items)
    pages = [neighbours(shipped, "region", "cn-sh", limit=40, offset=at).items for at in range(0, whole.total, 40)]
    assert tuple(item for page in pages for item in page) == whole.items


def test_the_best_joined_come_first(shipped: Network) -> None:
    found = neighbours(shipped, "region", "cn-sh", ["in:HEADQUARTERED_IN"], limit=1000)
    assert {(item.relation, item.way, item.node.kind) for item in found.items} == {("HEADQUARTERED_IN", "in", "firm")}
    order = [(-item.degree, item.node.id) for item in found.items]
    assert order == sorted(order)
    assert len(order) > 20


def test_relations_and_kinds_choose(shipped: Network) -> None:
    both = neighbours(shipped, "firm", "smic", ["SELLS_TO"])
    assert {item.way for item in both.items} == {"in", "out"}
    assert {item.node.kind for item in neighbours(shipped, "firm", "smic", kinds=["park", "event"]).items} == {
        "park",
        "event",
    }
    assert neighbours(shipped, "firm", "smic", ["PART_OF"]).relations == ()


@pytest.mark.parametrize(
    ("kind", "id_", "more", "error"),
    [
        ("planet", "mars", {}, BadInput),
        ("firm", "smicc", {}, NotFound),
        ("product", "smic", {}, NotFound),
        ("firm", "smic", {"relations": ["KNOWS"]}, BadInput),
        ("firm", "smic", {"relations": ["up:SUPPLIES"]}, BadInput),
        ("firm", "smic", {"kinds": ["planet"]}, BadInput),
    ],
)
def test_what_is_not_there_is_said(
    shipped: Network, kind: str, id_: str, more: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error) as caught:
        neighbours(shipped, kind, id_, **more)
    if error is NotFound and id_ == "smicc":
        assert "smic" in caught.value.near  # type: ignore[attr-defined]
