"""Shortest dependency paths against every way that there is, and networkx."""

from __future__ import annotations

import tempfile
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from networks import fact_tables, write

from graph.edition import Edition
from graph.errors import NotFound
from graph.model import Facts, Input, Product
from ingest.pipeline import lay
from queries.network import Network
from queries.paths import paths


def graph_of(network: Network) -> nx.DiGraph:
    """An edge from each product to what it needs, and to its variants."""
    graph = nx.DiGraph()
    graph.add_nodes_from(network.products)
    graph.add_edges_from((row.product_id, row.input_id) for row in network.facts.inputs)
    graph.add_edges_from((general, row.id) for row in network.facts.products for general in row.variant_of)
    return graph


def agrees(network: Network, graph: nx.DiGraph, start: str, end: str) -> None:
    expected = []
    if start != end and nx.has_path(graph, start, end):
        expected = sorted(nx.all_shortest_paths(graph, start, end))
    found = paths(network, start, end)
    assert [[step.product_id for step in path.steps] for path in found.items] == expected[:100]
    assert found.total == len(expected)
    assert found.depth == (len(expected[0]) - 1 if expected else None)
    back = nx.has_path(graph, end, start) and start != end
    assert found.depth_back == (nx.shortest_path_length(graph, end, start) if back else None)
    assert paths(network, start, end, 2, 1).items == found.items[1:3]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fact_tables(products=(4, 14)), st.data())
def test_made_networks_agree_with_networkx(made: dict[str, list[dict[str, str]]], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), made)
        edition, _ = lay(Path(folder), "made")
    assert edition is not None
    network = Network(edition.facts)
    ends = data.draw(st.lists(st.sampled_from(network.products), min_size=2, max_size=2))
    agrees(network, graph_of(network), *ends)


@pytest.fixture(scope="module")
def network(shipped_edition: Edition) -> Network:
    return Network(shipped_edition.facts, shipped_edition.id)


def test_the_shipped_finals_agree_with_networkx(network: Network) -> None:
    graph = graph_of(network)
    for final in network.study(None)[1][::6]:
        for end in ("fluorspar", "neon-gas", "silicon-wafer-300mm", "saw-filter"):
            agrees(network, graph, network.products[final], end)


def test_each_step_says_why(network: Network) -> None:
    rows = {(row.product_id, row.input_id): row for row in network.facts.inputs}
    seen = set()
    for final in network.study(None)[1]:
        for path in paths(network, network.products[final], "fluorspar", 20).items:
            assert (path.steps[0].relation, path.steps[0].slot) == (None, None)
            for before, step in zip(path.steps, path.steps[1:], strict=False):
                row = rows.get((before.product_id, step.product_id))
                seen.add(step.relation)
                assert step.relation == (row.necessity if row else "variant")
                assert step.slot == (row.slot if row else None)
    assert {"required", "optional"} <= seen


def test_unknown_ends_are_told_with_near_ones(network: Network) -> None:
    with pytest.raises(NotFound, match="fluorspar"):
        paths(network, "5g-smartphone", "flourspar")
    with pytest.raises(NotFound, match="5g-smartphone"):
        paths(network, "5g-smartfone", "fluorspar")


def ladder(rungs: int) -> Network:
    """A chain of diamonds, in which the number of shortest ways doubles at each."""
    source = {"source_ids": ("s",), "confidence": "low"}
    needs = []
    for at in range(rungs):
        for side in ("l", "r"):
            needs += [(f"n{at:04}", f"{side}{at:04}"), (f"{side}{at:04}", f"n{at + 1:04}")]
    names = sorted({name for pair in needs for name in pair})
    return Network(
        Facts(
            products=tuple(Product(id=name, name_zh=name, **source) for name in names),
            inputs=tuple(Input(product_id=a, input_id=b, necessity="required", **source) for a, b in needs),
        )
    )


def test_more_ways_than_can_be_walked_are_counted() -> None:
    network = ladder(40)
    found = paths(network, "n0000", "n0040", 3)
    assert (found.total, found.depth, len(found.items)) == (2**40, 80, 3)
    assert paths(ladder(700), "n0000", "n0700", 1).total == 2**53 - 1
