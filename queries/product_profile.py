"""All that is known of one product, each fact with its sources and confidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graph.model import Product, Source
from queries.concentration import market_shares
from queries.coverage import Status, coverage
from queries.criticality import blocks
from queries.input_facts import InputFact, Need, needs_of, users_of
from queries.network import RADII, Network, Radius, derived_large
from queries.refs import Fact, Ref, SegmentRef, fact_of, product_refs, ref, segment_ref, sources_of
from queries.supply_facts import SupplyFact, supply_facts


@dataclass(frozen=True, slots=True)
class ShareFact:
    """The share of an economy in the market of a product."""

    economy: Ref
    share_pct: float
    scope: str
    year: int | None
    fact: Fact


@dataclass(frozen=True, slots=True)
class RadiusCoverage:
    """Coverage of a product at one radius."""

    status: Status
    availability: float | None
    availability_domestic: float | None
    full: int
    lesser: int


@dataclass(frozen=True, slots=True)
class ProductProfile:
    """A product: coverage, suppliers, needs, users, what stops without it."""

    product: Product
    segments: tuple[SegmentRef, ...]
    chain_ids: tuple[str, ...]
    variants: tuple[Ref, ...]
    variant_of: tuple[Ref, ...]
    coverage: Mapping[Radius, RadiusCoverage]
    suppliers: tuple[SupplyFact, ...]
    needs: tuple[Need, ...]
    optional_inputs: tuple[InputFact, ...]
    users: tuple[InputFact, ...]
    blocks: tuple[Ref, ...]
    finals_hit: tuple[Ref, ...]
    market_shares: tuple[ShareFact, ...]
    sources: tuple[Source, ...]


def _radius_coverage(network: Network, product: int, radius: Radius) -> RadiusCoverage:
    found = coverage(network, radius)
    return RadiusCoverage(
        status=found.status_of(product),
        availability=found.availability_of(product),
        availability_domestic=coverage(network, radius, "domestic").availability_of(product),
        full=int(found.full[product]),
        lesser=int(found.lesser[product]),
    )


@derived_large
def product_profile(network: Network, product_id: str) -> ProductProfile:
    """All that is known of a product.

    Raises:
        NotFound: There is no such product.
    """
    at = network.product(product_id)
    row = network.product_rows[at]
    needs, optional = needs_of(network, at)
    suppliers, users = supply_facts(network, at), users_of(network, at)
    shares = tuple(
        ShareFact(ref(network, "regions", s.region_id), s.share_pct, s.scope, s.year, fact_of(s))
        for s in sorted(
            market_shares(network, product_id), key=lambda s: (s.scope, -(s.year or 0), -s.share_pct, s.region_id)
        )
    )
    hit = blocks(network, at).tolist()
    finals = {final for found in network.chain_finals.values() for final in found}
    facts: list[Fact] = [item.fact for need in needs for item in need.members]
    facts += [item.fact for group in (optional, users, suppliers, shares) for item in group]
    facts += [place.fact for item in suppliers for place in item.places]
    return ProductProfile(
        product=row,
        segments=tuple(segment_ref(network, name) for name in row.segment_ids),
        chain_ids=network.product_chains[at],
        variants=product_refs(network, network.variants[at].tolist()),
        variant_of=tuple(ref(network, "products", name) for name in row.variant_of),
        coverage={radius: _radius_coverage(network, at, radius) for radius in RADII},
        suppliers=suppliers,
        needs=needs,
        optional_inputs=optional,
        users=users,
        blocks=product_refs(network, hit),
        finals_hit=product_refs(network, [final for final in hit if final in finals]),
        market_shares=shares,
        sources=sources_of(network, row.source_ids, *(fact.source_ids for fact in facts)),
    )
