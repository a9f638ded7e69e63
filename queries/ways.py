"""Edges among some nodes, and a shortest way between two: what an exploration draws."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from graph.schema import STATED_IN
from queries.neighbours import Graph, graph_of
from queries.network import Network
from queries.refs import Ref

_SUPPLY = frozenset(("REQUIRES", "SUPPLIES", "SELLS_TO", "VARIANT_OF", "LEADS", "ENDS_IN"))


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """An edge between two nodes by their keys `kind:id`; several of one type between the same two are one."""

    start: str
    end: str
    relation: str


@dataclass(frozen=True, slots=True)
class Stop:
    """A node on a way; `sort` says by what it is reached from the one before, as in `in:SUPPLIES:firm`."""

    node: Ref
    sort: str | None


def edges_among(network: Network, nodes: Iterable[tuple[str, str]]) -> tuple[Edge, ...]:
    """The edges whose two ends are both among some nodes, each given as kind and id; those to sources are left out.

    Raises:
        NotFound: One of them is none of the edition.
    """
    graph = graph_of(network)
    among = {graph.find(*node) for node in nodes}
    found = {
        Edge(graph.nodes[node].key, graph.nodes[graph.ends[edge]].key, graph.types[edge])
        for node in among
        for edge in graph.edges[node].tolist()
        if graph.starts[edge] == node and graph.ends[edge] in among and graph.types[edge] != STATED_IN
    }
    return tuple(sorted(found))


def _search(graph: Graph, start: int, end: int, types: Collection[str] | None) -> list[Stop]:
    """Breadth first from the start, in the order of the facts; edges of some types, or all but those to sources."""
    came: dict[int, tuple[int, str]] = {start: (start, "")}
    front = [start]
    while front and end not in came:
        following = []
        for node in front:
            for edge in graph.edges[node].tolist():
                type_ = graph.types[edge]
                way, other = graph.other(node, edge)
                if other not in came and (type_ in types if types else type_ != STATED_IN):
                    came[other] = (node, f"{way}:{type_}:{graph.nodes[other].kind}")
                    following.append(other)
        front = following
    if end not in came:
        return []
    stops, node = [], end
    while node != start:
        before, sort = came[node]
        stops.append(Stop(graph.nodes[node], sort))
        node = before
    return [Stop(graph.nodes[start], None), *reversed(stops)]


def shortest_way(network: Network, start: tuple[str, str], end: tuple[str, str]) -> tuple[Stop, ...]:
    """A shortest way from one node to another, whichever way the edges point; empty where there is none.

    A way along supply (what a product needs, who makes it, who buys it) comes before a shorter one by places, because
    any two firms of a country are joined by the country.

    Raises:
        NotFound: One of the two is none of the edition.
    """
    graph = graph_of(network)
    ends = graph.find(*start), graph.find(*end)
    return tuple(_search(graph, *ends, _SUPPLY) or _search(graph, *ends, None))
