"""The list of firms, and which of them to show."""

from __future__ import annotations

from dataclasses import dataclass

from queries.network import Network, derived
from queries.product_rows import check_segment


@dataclass(frozen=True, slots=True)
class FirmRow:
    """A firm in a list."""

    id: str
    name_zh: str
    short_zh: str | None
    name_en: str | None
    economy_id: str | None
    hq_region_id: str | None
    stock_code: str | None
    tiers: tuple[str, ...]
    products: int
    chain_ids: tuple[str, ...]
    leads: tuple[str, ...]
    source_ids: tuple[str, ...]
    confidence: str


@derived
def firm_rows(network: Network) -> tuple[FirmRow, ...]:
    """Every firm, those that make most first, then by id."""
    made: list[list[int]] = [[] for _ in network.firms]
    for firm, product in zip(network.row_firm.tolist(), network.row_product.tolist(), strict=True):
        made[firm].append(product)
    leads: dict[str, list[str]] = {}
    for lead in network.facts.leads:
        leads.setdefault(lead.firm_id, []).append(lead.chain_id)
    rows = [
        FirmRow(
            id=row.id,
            name_zh=row.name_zh,
            short_zh=row.short_zh,
            name_en=row.name_en,
            economy_id=row.economy_id,
            hq_region_id=row.hq_region_id,
            stock_code=row.stock_code,
            tiers=row.tiers,
            products=len(made[at]),
            chain_ids=tuple(sorted({chain for product in made[at] for chain in network.product_chains[product]})),
            leads=tuple(sorted(leads.get(row.id, ()))),
            source_ids=row.source_ids,
            confidence=row.confidence,
        )
        for at, row in enumerate(network.firm_rows)
    ]
    return tuple(sorted(rows, key=lambda row: (-row.products, row.id)))


@dataclass(frozen=True, slots=True)
class FirmFilter:
    """Which firms to list; `None` lets all pass. `region` asks where they make something."""

    chain: str | None = None
    segment: str | None = None
    region: str | None = None
    tier: str | None = None
    economy: str | None = None


def firms_where(network: Network, wanted: FirmFilter) -> list[FirmRow]:
    """The firms that pass a filter, those that make most first.

    Raises:
        NotFound: There is no such chain, segment or region.
    """
    network.study(wanted.chain)
    check_segment(network, wanted.segment)
    inside = network.rows_in(wanted.region or "world")
    there = {network.firms[at] for at in network.row_firm[inside].tolist()}
    makers = {
        row.firm_id
        for row, product in zip(network.supplies, network.row_product.tolist(), strict=True)
        if wanted.segment in network.product_rows[product].segment_ids
    }
    return [
        row
        for row in firm_rows(network)
        if (wanted.chain is None or wanted.chain in row.chain_ids)
        and (wanted.segment is None or row.id in makers)
        and (wanted.region is None or row.id in there)
        and (wanted.tier is None or wanted.tier in row.tiers)
        and (wanted.economy is None or row.economy_id == wanted.economy)
    ]
