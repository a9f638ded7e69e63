"""The list of products, and which of them to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graph.errors import NotFound
from queries.coverage import Status, coverage, statuses
from queries.network import Network, Radius, derived, near


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product in a list, with its coverage at the four radii."""

    id: str
    name_zh: str
    short_zh: str | None
    name_en: str | None
    kind: str | None
    five_bases: str | None
    chain_ids: tuple[str, ...]
    segment_ids: tuple[str, ...]
    statuses: Mapping[Radius, Status]
    suppliers: int
    source_ids: tuple[str, ...]
    confidence: str


@derived
def product_rows(network: Network) -> tuple[ProductRow, ...]:
    """Every product, by id."""
    world = coverage(network, "world")
    return tuple(
        ProductRow(
            id=row.id,
            name_zh=row.name_zh,
            short_zh=row.short_zh,
            name_en=row.name_en,
            kind=row.kind,
            five_bases=row.five_bases,
            chain_ids=network.product_chains[at],
            segment_ids=row.segment_ids,
            statuses=statuses(network, at),
            suppliers=int(world.full[at] + world.lesser[at]),
            source_ids=row.source_ids,
            confidence=row.confidence,
        )
        for at, row in enumerate(network.product_rows)
    )


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """Which products to list; `None` lets all pass. `region` asks where they are made."""

    chain: str | None = None
    segment: str | None = None
    region: str | None = None
    kind: str | None = None


def check_segment(network: Network, segment: str | None) -> None:
    """See that there is such a segment.

    Raises:
        NotFound: There is none of that id.
    """
    if segment is not None and segment not in network.segment_rows:
        raise NotFound("segment", segment, near(segment, network.segment_rows))


def products_where(network: Network, wanted: ProductFilter) -> list[ProductRow]:
    """The products that pass a filter, by id.

    Raises:
        NotFound: There is no such chain, segment or region.
    """
    network.study(wanted.chain)
    check_segment(network, wanted.segment)
    inside = network.rows_in(wanted.region or "world")
    made = {network.products[at] for at in network.row_product[inside].tolist()}
    return [
        row
        for row in product_rows(network)
        if (wanted.chain is None or wanted.chain in row.chain_ids)
        and (wanted.segment is None or wanted.segment in row.segment_ids)
        and (wanted.kind is None or row.kind == wanted.kind)
        and (wanted.region is None or row.id in made)
    ]
