"""One step around a node: what it is joined to, by which edges, and how many there are of each sort.

The edges are those that stores write (`graph.schema`), read from the facts of the edition, so that both stores and
every edition give the same answer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from graph.errors import BadInput, NotFound
from graph.model import Target
from graph.schema import NODES, edge_rows, edge_types, node_rows
from queries.network import Lists, Network, derived, near, one_of
from queries.refs import Ref

Way = Literal["out", "in"]
"""Whether the node is the start of the edge, or its end."""

NODE_KINDS = tuple(kind.label.lower() for kind in NODES)
"""The kinds of nodes, as they are written in addresses."""

_NAMES = {"source": "title", "target": "indicator", "event": "title"}


@dataclass(frozen=True, slots=True)
class Relation:
    """A sort of neighbours: the edge, its way, and the kind of the other end.

    Attributes:
        total: Number of neighbours of this sort, each counted once, however many edges join them.
        shown: How many of them are among the items.
    """

    relation: str
    way: Way
    kind: str
    total: int
    shown: int


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A node one step away.

    Attributes:
        node: The other end.
        degree: Number of edges of the other end, to say whether it can be expanded further.
        edges: The properties of each edge that joins the two.
    """

    relation: str
    way: Way
    node: Ref
    degree: int
    edges: tuple[Mapping[str, Any], ...] = field(metadata={"flat": False})


@dataclass(frozen=True, slots=True)
class Neighbours:
    """One step around a node.

    Attributes:
        node: The node in the middle.
        degree: Number of its edges.
        relations: Every sort of neighbours that was asked for, also those of which none is shown.
        items: The neighbours, sort by sort; within one those with most edges first, then by id.
        total: Number of neighbours of all these sorts.
    """

    node: Ref
    degree: int
    relations: tuple[Relation, ...]
    items: tuple[Neighbour, ...]
    total: int
    edition: str


@dataclass(frozen=True, slots=True)
class Graph:
    """All nodes and edges of an edition; edge e of node n is `edges[n]`, as an out or in edge."""

    nodes: tuple[Ref, ...]
    at: Mapping[tuple[str, str], int]
    types: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    properties: tuple[Mapping[str, Any], ...]
    edges: Lists

    def find(self, kind: str, id_: str) -> int:
        """Index of a node.

        Raises:
            NotFound: There is none; with near matches.
        """
        if (kind, id_) not in self.at:
            raise NotFound(kind, id_, near(id_, (node.id for node in self.nodes if node.kind == kind)))
        return self.at[kind, id_]

    def other(self, node: int, edge: int) -> tuple[Way, int]:
        """The way of an edge seen from a node, and its other end; a loop counts as an out edge."""
        return ("out", self.ends[edge]) if self.starts[edge] == node else ("in", self.starts[edge])


def _ref(label: str, row: Mapping[str, Any], targets: Mapping[str, Target]) -> Ref:
    kind = label.lower()
    if kind == "observation":  # it has no name but what it observes, and when
        target, day = targets[row["target_id"]], row["as_of"]
        english = target.indicator_en and f"{target.indicator_en} ({day})"
        return Ref(kind, row["id"], f"{target.indicator_zh}（{day}）", None, english)
    stem = _NAMES.get(kind, "name")
    name = row[stem] if kind == "source" else row[f"{stem}_zh"]
    return Ref(kind, row["id"], name, row.get("short_zh"), row.get(f"{stem}_en"))


@derived
def graph_of(network: Network) -> Graph:
    """All nodes and edges of an edition, made at the first asking."""
    targets = {row.id: row for row in network.facts.targets}
    nodes = tuple(_ref(batch.label, row, targets) for batch in node_rows(network.facts) for row in batch.rows)
    at = {(node.kind, node.id): place for place, node in enumerate(nodes)}
    types: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    properties: list[Mapping[str, Any]] = []
    for batch in edge_rows(network.facts):
        types += [batch.type] * len(batch.starts)
        starts += [at[batch.start_label.lower(), id_] for id_ in batch.starts]
        ends += [at[batch.end_label.lower(), id_] for id_ in batch.ends]
        properties += batch.properties
    by_node: list[list[int]] = [[] for _ in nodes]
    for edge, (start, end) in enumerate(zip(starts, ends, strict=True)):
        by_node[start].append(edge)
        if end != start:
            by_node[end].append(edge)
    return Graph(nodes, at, tuple(types), tuple(starts), tuple(ends), tuple(properties), Lists.of(by_node))


@derived
def _degrees(network: Network) -> tuple[int, ...]:
    return tuple(np.diff(graph_of(network).edges.starts).tolist())


def _wanted(relations: Iterable[str]) -> set[tuple[Way, str]]:
    """The sorts of edges that are asked for, from words such as `SUPPLIES`, `in:SUPPLIES`; empty where all are."""
    found: set[tuple[Way, str]] = set()
    for text in relations:
        way, _, type_ = text.rpartition(":")
        if type_ not in edge_types() or way not in ("", "in", "out"):
            raise BadInput(
                "relation", text, f"any of {', '.join(edge_types())}, with in: or out: before it for one way"
            )
        found |= {(one, type_) for one in ("out", "in") if way in ("", one)}
    return found


_Sort = tuple[str, Way, str]


def _gather(
    graph: Graph, node: int, wanted: set[tuple[Way, str]], kinds: set[str]
) -> dict[_Sort, dict[int, list[int]]]:
    """The edges of a node by sort and other end."""
    found: dict[_Sort, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for edge in graph.edges[node].tolist():
        way, other = graph.other(node, edge)
        kind = graph.nodes[other].kind
        if (not wanted or (way, graph.types[edge]) in wanted) and (not kinds or kind in kinds):
            found[graph.types[edge], way, kind][other].append(edge)
    return found


def neighbours(
    network: Network,
    kind: str,
    id_: str,
    relations: Iterable[str] = (),
    kinds: Iterable[str] = (),
    *,
    each: int | None = None,
    limit: int = 100,
    offset: int = 0,
) -> Neighbours:
    """One step around a node.

    Args:
        network: Where to look.
        kind: Kind of the node, one of `NODE_KINDS`.
        id_: Its id.
        relations: Types of edges, such as `SUPPLIES`, `in:SUPPLIES` or `out:SUPPLIES`; all without any.
        kinds: Kinds of the other end; all without any.
        each: Most neighbours of each sort; no bound without it.
        limit: Most neighbours in all.
        offset: Neighbours to leave out first.

    Raises:
        BadInput: A kind or relation is none of the schema.
        NotFound: There is no such node; with near matches.
    """
    one_of("kind", kind, NODE_KINDS)
    wanted, of_kinds = _wanted(relations), {one_of("kinds", word, NODE_KINDS) for word in kinds}
    graph, degrees = graph_of(network), _degrees(network)
    node = graph.find(kind, id_)
    found = _gather(graph, node, wanted, of_kinds)
    sorts = sorted(found, key=lambda sort: (edge_types().index(sort[0]), sort[1], NODE_KINDS.index(sort[2])))
    rows: list[tuple[_Sort, int]] = []
    for sort in sorts:
        others = sorted(found[sort], key=lambda other: (-degrees[other], graph.nodes[other].id))
        rows += [(sort, other) for other in others[:each]]
    page = rows[offset : offset + limit]
    shown = Counter(sort for sort, _ in page)
    return Neighbours(
        node=graph.nodes[node],
        degree=degrees[node],
        relations=tuple(Relation(*sort, total=len(found[sort]), shown=shown[sort]) for sort in sorts),
        items=tuple(
            Neighbour(
                relation=sort[0],
                way=sort[1],
                node=graph.nodes[other],
                degree=degrees[other],
                edges=tuple(graph.properties[edge] for edge in found[sort][other]),
            )
            for sort, other in page
        ),
        total=sum(map(len, found.values())),
        edition=network.edition,
    )
