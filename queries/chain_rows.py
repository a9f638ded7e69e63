"""The lists of chains, industries and chain leaders 链主."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from queries.coverage import Status, coverage
from queries.gaps import count_statuses
from queries.network import RADII, Network, Radius, derived
from queries.refs import Ref, SegmentRef, ref, segment_ref


@dataclass(frozen=True, slots=True)
class ChainRow:
    """A chain or an industry with the coverage of its products at the four radii.

    Attributes:
        counts: For each radius the number of products of each status.
        chokepoints: Number of products of the kind chokepoint.
    """

    id: str
    name_zh: str
    name_en: str | None
    tier: str | None
    chain_ids: tuple[str, ...]
    industry_ids: tuple[str, ...]
    products: int
    finals: tuple[Ref, ...]
    segments: tuple[SegmentRef, ...]
    leaders: tuple[Ref, ...]
    counts: Mapping[Radius, Mapping[Status, int]]
    chokepoints: int
    description_zh: str | None
    description_en: str | None
    source_ids: tuple[str, ...]
    confidence: str


def _group_row(network: Network, row: Any, chains: tuple[str, ...], products: tuple[int, ...]) -> ChainRow:
    domestic = coverage(network, "china", "domestic")
    finals = sorted({at for name in chains for at in network.chain_finals[name]})
    leads = sorted({lead.firm_id for lead in network.facts.leads if lead.chain_id in chains})
    stages = sorted((s for s in network.facts.segments if s.chain_id in chains), key=lambda s: (s.chain_id, s.order))
    weak = [at for at in products if domestic.status_of(at) in ("weak", "absent")]
    return ChainRow(
        id=row.id,
        name_zh=row.name_zh,
        name_en=row.name_en,
        tier=getattr(row, "tier", None),
        chain_ids=chains,
        industry_ids=getattr(row, "industry_ids", ()),
        products=len(products),
        finals=tuple(ref(network, "products", network.products[at]) for at in finals),
        segments=tuple(segment_ref(network, stage.id) for stage in stages),
        leaders=tuple(ref(network, "firms", name) for name in leads),
        counts={radius: count_statuses(network, radius, products) for radius in RADII},
        chokepoints=len(weak),
        description_zh=row.description_zh,
        description_en=row.description_en,
        source_ids=row.source_ids,
        confidence=row.confidence,
    )


@derived
def chain_rows(network: Network) -> tuple[ChainRow, ...]:
    """Every chain, by id."""
    return tuple(
        _group_row(network, row, (row.id,), network.chain_products[row.id])
        for row in sorted(network.facts.chains, key=lambda row: row.id)
    )


@derived
def industry_rows(network: Network) -> tuple[ChainRow, ...]:
    """Every industry, the leading ones first, with the products of its chains together."""
    rows = []
    for row in sorted(network.facts.industries, key=lambda row: (row.tier != "leading", row.id)):
        chains = tuple(sorted(chain.id for chain in network.facts.chains if row.id in chain.industry_ids))
        products = tuple(sorted({at for name in chains for at in network.chain_products[name]}))
        rows.append(_group_row(network, row, chains, products))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A chain leader 链主."""

    firm: Ref
    chain: Ref
    note: str | None
    source_ids: tuple[str, ...]
    confidence: str


@derived
def lead_rows(network: Network) -> tuple[LeadRow, ...]:
    """Every chain leader, by chain and firm."""
    return tuple(
        LeadRow(
            ref(network, "firms", row.firm_id),
            ref(network, "chains", row.chain_id),
            row.note,
            row.source_ids,
            row.confidence,
        )
        for row in sorted(network.facts.leads, key=lambda row: (row.chain_id, row.firm_id))
    )
