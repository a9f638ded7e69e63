"""Which labels and edges the fact tables become; everything that stores write is read off here.

Every node carries the columns of its record as properties, `source_ids` and `confidence` with them, and a
`STATED_IN` edge to each of its sources. Every edge carries the other columns of the row that it comes from; an
edge drawn from a reference on a node carries the provenance of that node.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any

from graph.model import Column, Facts, Table, tables

Properties = dict[str, Any]


@dataclass(frozen=True, slots=True)
class NodeKind:
    """A label, the table that fills it, and what is worth an index."""

    label: str
    table: str
    doc: str
    indexes: tuple[str, ...] = ()
    full_text: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EdgeKind:
    """An edge type drawn from one table: its start and end columns.

    A start of `id` means that the record is itself the start node.
    """

    type: str
    table: str
    start: str
    end: str
    doc: str

    @property
    def whole_row(self) -> bool:
        """Whether the rows of the table are edges, rather than nodes that refer to others."""
        return self.table not in _LABELS


NODES = (
    NodeKind("Source", "sources", "来源 a page, file or book in which facts are stated"),
    NodeKind(
        "Region", "regions", "地区 an economy, province, city or district", ("name_zh", "level"), ("name_zh", "name_en")
    ),
    NodeKind(
        "Industry",
        "industries",
        "产业 an industry; those with a tier are the 3 leading and 6 key ones of the plan",
        ("name_zh",),
    ),
    NodeKind("Chain", "chains", "产业链 an industrial chain", ("name_zh",)),
    NodeKind("Segment", "segments", "环节 a stage of a chain", ("name_zh",)),
    NodeKind("Product", "products", "产品 what is made or done", ("name_zh",), ("name_zh", "name_en", "aliases")),
    NodeKind(
        "Firm", "firms", "企业 who makes, buys or leads", ("name_zh", "economy_id"), ("name_zh", "name_en", "aliases")
    ),
    NodeKind("Park", "parks", "园区 an industrial park", ("name_zh",), ("name_zh", "name_en")),
    NodeKind("Target", "targets", "指标 a figure that the plan wants reached"),
    NodeKind("Observation", "observations", "观测 what was reached of a target on a day"),
    NodeKind("Event", "events", "事件 what hurt or may hurt supply", ("date",)),
)

EDGES = (
    # (:Region)-[:PART_OF]->(:Region)
    EdgeKind("PART_OF", "regions", "id", "parent_id", "a region lies in a larger one"),
    # (:Chain)-[:PART_OF]->(:Industry)
    EdgeKind("PART_OF", "chains", "id", "industry_ids", "a chain belongs to an industry"),
    # (:Industry)-[:PART_OF]->(:Industry)
    EdgeKind("PART_OF", "industries", "id", "parent_id", "an industry is a class within a larger one"),
    # (:Segment)-[:PART_OF]->(:Chain)
    EdgeKind("PART_OF", "segments", "id", "chain_id", "a segment is a stage of a chain"),
    # (:Park)-[:PART_OF]->(:Park)
    EdgeKind("PART_OF", "parks", "id", "part_of", "a park lies in a larger park"),
    # (:Park)-[:LOCATED_IN]->(:Region)
    EdgeKind("LOCATED_IN", "parks", "id", "region_id", "a park lies in a region"),
    # (:Chain)-[:ENDS_IN]->(:Product)
    EdgeKind("ENDS_IN", "chains", "id", "final_product_ids", "a final product 终端产品 of the chain"),
    # (:Product)-[:IN_SEGMENT]->(:Segment)
    EdgeKind("IN_SEGMENT", "products", "id", "segment_ids", "a product stands in a segment"),
    # (:Product)-[:VARIANT_OF]->(:Product)
    EdgeKind("VARIANT_OF", "products", "id", "variant_of", "the first is a kind of the second"),
    # (:Product)-[:REQUIRES {slot, necessity}]->(:Product)
    EdgeKind("REQUIRES", "inputs", "product_id", "input_id", "to make the first one needs the second"),
    # (:Region)-[:HAS_SHARE {share_pct, scope, year}]->(:Product)
    EdgeKind("HAS_SHARE", "market_shares", "region_id", "product_id", "share of an economy in a market"),
    # (:Firm)-[:OF_ECONOMY]->(:Region)
    EdgeKind("OF_ECONOMY", "firms", "id", "economy_id", "the economy of a firm"),
    # (:Firm)-[:CLASSED_IN]->(:Industry)
    EdgeKind("CLASSED_IN", "firms", "id", "industry_ids", "an industry of the firm"),
    # (:Firm)-[:HEADQUARTERED_IN]->(:Region)
    EdgeKind("HEADQUARTERED_IN", "firms", "id", "hq_region_id", "the seat of a firm"),
    # (:Firm)-[:SUPPLIES {capability, share_pct, share_scope, year, revenue_pct}]->(:Product)
    EdgeKind("SUPPLIES", "supplies", "firm_id", "product_id", "the firm makes the product"),
    # (:Firm)-[:SITED_IN {kind, product_ids}]->(:Park|Region)
    EdgeKind("SITED_IN", "sites", "firm_id", "place_id", "the firm has a site there"),
    # (:Firm)-[:SELLS_TO {product_id, year}]->(:Firm)
    EdgeKind("SELLS_TO", "supply_links", "supplier_id", "customer_id", "a documented sale"),
    # (:Firm)-[:LEADS]->(:Chain)
    EdgeKind("LEADS", "leads", "firm_id", "chain_id", "the firm is a chain leader 链主"),
    # (:Park)-[:FOCUSES_ON]->(:Industry)
    EdgeKind("FOCUSES_ON", "parks", "id", "focus_industry_ids", "an industry that the park names"),
    # (:Park)-[:FOCUSES_ON]->(:Chain)
    EdgeKind("FOCUSES_ON", "parks", "id", "focus_chain_ids", "a chain that the park names"),
    # (:Firm|Park|Region)-[:COOPERATES_WITH {kind, chain_id, year}]->(:Firm|Park|Region)
    EdgeKind("COOPERATES_WITH", "partnerships", "from_id", "to_id", "a co-operation across the delta"),
    # (:Observation)-[:OBSERVES]->(:Target)
    EdgeKind("OBSERVES", "observations", "id", "target_id", "what was reached of the target"),
    # (:Target)-[:CONCERNS]->(:Industry|Chain|Park|Region|Firm|Product|Segment)
    EdgeKind("CONCERNS", "targets", "id", "subject_ids", "what the target is about"),
    # (:Event)-[:HAS_SUBJECT]->(:Region|Firm|Park)
    EdgeKind("HAS_SUBJECT", "events", "id", "subject_ids", "where supply is lost, or who restricts it"),
    # (:Event)-[:AIMED_AT]->(:Region|Firm|Park)
    EdgeKind("AIMED_AT", "events", "id", "target_ids", "who is cut off"),
    # (:Event)-[:AFFECTS]->(:Product)
    EdgeKind("AFFECTS", "events", "id", "affected_product_ids", "whose supply suffers"),
)  # fmt: skip

STATED_IN = "STATED_IN"
"""(any node)-[:STATED_IN]->(:Source), drawn from `source_ids` of every node."""

_LABELS = {kind.table: kind.label for kind in NODES}
_PROVENANCE = ("source_ids", "confidence")


def label_of(table: str) -> str:
    """The label of the nodes that a table fills."""
    return _LABELS[table]


def column_of(table: Table, name: str) -> Column:
    """The column of a table by name."""
    return next(column for column in table.columns if column.name == name)


def end_labels(kind: EdgeKind, end: str) -> tuple[str, ...]:
    """The labels that an end of an edge may have; `end` is its start or end column."""
    if end == "id":
        return (_LABELS[kind.table],)
    return tuple(_LABELS[name] for name in column_of(tables()[kind.table], end).to)


def edge_properties(kind: EdgeKind) -> tuple[str, ...]:
    """Names of the properties of an edge, in the order of the columns."""
    if not kind.whole_row:
        return _PROVENANCE
    columns = [c.name for c in tables()[kind.table].columns if c.name not in (kind.start, kind.end)]
    return tuple("slot" if name == "group" else name for name in columns)


@dataclass(frozen=True, slots=True)
class NodeRows:
    """Nodes of one label; each row is the properties, `id` among them."""

    label: str
    rows: list[Properties]


@dataclass(frozen=True, slots=True)
class EdgeRows:
    """Edges of one type between two labels: start ids, end ids and properties, side by side."""

    type: str
    start_label: str
    end_label: str
    starts: list[str]
    ends: list[str]
    properties: list[Properties]


def _reader(names: tuple[str, ...]) -> Callable[[Any], Properties]:
    """Reads the properties of a record that are known, by two names or more."""
    values = attrgetter(*names)

    def read(record: Any) -> Properties:
        return {
            name: list(value) if type(value) is tuple else value
            for name, value in zip(names, values(record), strict=True)
            if value is not None and value != ()
        }

    return read


def node_rows(facts: Facts) -> Iterator[NodeRows]:
    """The nodes of an edition, one batch a label, unknown properties left out."""
    for kind in NODES:
        names = tuple(column.name for column in tables()[kind.table].columns)
        if "id" not in names:
            names = ("id", *names)
        yield NodeRows(kind.label, list(map(_reader(names), getattr(facts, kind.table))))


class _Batches:
    """Edges gathered by type and labels, in the order of first use."""

    def __init__(self, facts: Facts) -> None:
        self._ids = {kind.table: {record.id for record in getattr(facts, kind.table)} for kind in NODES}
        self._found: dict[tuple[str, str, str], EdgeRows] = {}

    def label(self, table: Table, column: str) -> Callable[[str], str | None]:
        """Tells the label of the node that a cell of a column names; `None` where nothing has the id."""
        if column == "id":
            own = _LABELS[table.name]
            return lambda value: own
        known = [(_LABELS[name], self._ids[name]) for name in column_of(table, column).to]
        if len(known) == 1:
            label, ids = known[0]
            return lambda value: label if value in ids else None
        return lambda value: next((label for label, ids in known if value in ids), None)

    def add(self, type_: str, labels: tuple[str, str], ends: tuple[str, str], properties: Properties) -> None:
        key = (type_, *labels)
        batch = self._found.get(key) or self._found.setdefault(key, EdgeRows(type_, *labels, [], [], []))
        batch.starts.append(ends[0])
        batch.ends.append(ends[1])
        batch.properties.append(properties)

    def all(self) -> Iterator[EdgeRows]:
        return iter(self._found.values())


def _ends(record: Any, column: str) -> tuple[str, ...]:
    value = getattr(record, column)
    return value if isinstance(value, tuple) else () if value is None else (value,)


def edge_rows(facts: Facts) -> Iterator[EdgeRows]:
    """The edges of an edition, one batch for each type and pair of labels.

    A reference to an id that no table holds gives no edge; `ingest` refuses such rows before they come here.
    """
    batches = _Batches(facts)
    for kind in EDGES:
        table, properties_of = tables()[kind.table], _reader(edge_properties(kind))
        label_start, label_end = batches.label(table, kind.start), batches.label(table, kind.end)
        for record in getattr(facts, kind.table):
            if not (ends := _ends(record, kind.end)):
                continue
            properties = properties_of(record)
            for start in _ends(record, kind.start):
                for end in ends:
                    labels = label_start(start), label_end(end)
                    if labels[0] and labels[1]:
                        batches.add(kind.type, (labels[0], labels[1]), (start, end), properties)
    for node in NODES:
        if node.label != "Source":
            label = batches.label(tables()[node.table], "source_ids")
            for record in getattr(facts, node.table):
                for source in record.source_ids:
                    if label(source):
                        batches.add(STATED_IN, (node.label, "Source"), (record.id, source), {})
    return batches.all()


def edge_types() -> tuple[str, ...]:
    """The names of all edge types, sorted."""
    return tuple(sorted({kind.type for kind in EDGES} | {STATED_IN}))


def count_rows(facts: Facts) -> Mapping[str, int]:
    """Number of nodes by label, in the order of `NODES`."""
    return {kind.label: len(getattr(facts, kind.table)) for kind in NODES}


def graph_digest(edition_id: str, *more: str) -> str:
    """A digest of the graph that this version of the program makes of an edition, 16 hex digits.

    It changes with the facts, with the schema (also with the text of this file) and with whatever else the store counts
    in; a graph that was made under another digest is not the one that the program would make now.

    Args:
        edition_id: The edition, which names the facts.
        more: What else of the store shapes its graph: constraints, settings.
    """
    schema = repr((edition_id, NODES, EDGES, list(tables().values()), more))
    return hashlib.sha256(schema.encode() + Path(__file__).read_bytes()).hexdigest()[:16]


def edge_counts(facts: Facts) -> dict[str, int]:
    """Number of edges by type, sorted; types without an edge are there too."""
    found = dict.fromkeys(edge_types(), 0)
    for edges in edge_rows(facts):
        found[edges.type] += len(edges.starts)
    return found
