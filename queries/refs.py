"""What answers call things by: id and names; and where a fact is stated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graph.model import Source
from queries.network import Network, derived


@dataclass(frozen=True, slots=True)
class Ref:
    """A thing by id and names; `kind` is its table's singular."""

    kind: str
    id: str
    name_zh: str
    short_zh: str | None
    name_en: str | None

    @property
    def key(self) -> str:
        """Kind and id in one text, as in `product:ion-implanter`."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Fact:
    """Where a fact is stated, and how sure it is."""

    source_ids: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class SegmentRef:
    """A stage of a chain."""

    id: str
    name_zh: str
    name_en: str | None
    chain_id: str
    position: str
    order: int


_KINDS = {"firms": "firm", "products": "product", "parks": "park", "regions": "region", "chains": "chain"}


@derived
def rows_by_id(network: Network) -> dict[str, dict[str, Any]]:
    """The rows of the tables of things, each by its id, by name of the table."""
    tables = ("firms", "products", "parks", "regions", "chains", "industries", "sources")
    return {name: {row.id: row for row in getattr(network.facts, name)} for name in tables}


def ref(network: Network, table: str, id_: str) -> Ref:
    """A thing of a table by its id."""
    row = rows_by_id(network)[table][id_]
    return Ref(_KINDS[table], id_, row.name_zh, getattr(row, "short_zh", None), row.name_en)


def place_ref(network: Network, place: int) -> Ref:
    """A region or park by its index among the places."""
    table = "regions" if place < len(network.facts.regions) else "parks"
    return ref(network, table, network.places[place])


def product_refs(network: Network, products: Iterable[int]) -> tuple[Ref, ...]:
    """Products by their indices."""
    return tuple(ref(network, "products", network.products[at]) for at in products)


def end_ref(network: Network, id_: str) -> Ref:
    """A firm, park or region by its id: what a co-operation has at its ends."""
    table = next(name for name in ("firms", "parks", "regions") if id_ in rows_by_id(network)[name])
    return ref(network, table, id_)


def segment_ref(network: Network, segment_id: str) -> SegmentRef:
    """A segment by its id."""
    row = network.segment_rows[segment_id]
    return SegmentRef(row.id, row.name_zh, row.name_en, row.chain_id, row.position, row.order)


def fact_of(row: Any) -> Fact:
    """Where a row is stated, and how sure it is."""
    return Fact(row.source_ids, row.confidence)


def sources_by_id(network: Network) -> Mapping[str, Source]:
    """Every source by its id."""
    return rows_by_id(network)["sources"]


def sources_of(network: Network, *groups: Iterable[str]) -> tuple[Source, ...]:
    """The sources that some facts cite, by id; ids of which no row tells are left out."""
    known = rows_by_id(network)["sources"]
    return tuple(known[name] for name in sorted({name for group in groups for name in group}) if name in known)
