"""All that is known of one park or region, each fact with its sources and confidence."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

from graph.errors import NotFound
from graph.model import Park, Region, Source
from queries.coverage import coverage
from queries.dealings import CooperationFact, cooperations_of
from queries.network import Network, derived_large, near
from queries.refs import (
    Fact,
    Ref,
    SegmentRef,
    fact_of,
    place_ref,
    product_refs,
    ref,
    rows_by_id,
    segment_ref,
    sources_of,
)


@dataclass(frozen=True, slots=True)
class LocalFirm:
    """A firm with a site in a place, and what it makes there."""

    firm: Ref
    site_kinds: tuple[str, ...]
    products: tuple[Ref, ...]
    fact: Fact


@dataclass(frozen=True, slots=True)
class ChainShare:
    """How much of a chain is made in a place."""

    chain: Ref
    full: int
    supplied: int
    products: int
    segments: tuple[SegmentRef, ...]


@dataclass(frozen=True, slots=True)
class PlaceProfile:
    """A park or region: what lies in it, who is there and what is made there."""

    place: Park | Region
    kind: str
    within: tuple[Ref, ...]
    parts: tuple[Ref, ...]
    firms: tuple[LocalFirm, ...]
    products: tuple[Ref, ...]
    full: int
    only_here: tuple[Ref, ...]
    chains: tuple[ChainShare, ...]
    cooperations: tuple[CooperationFact, ...]
    sources: tuple[Source, ...]


def _local_firms(network: Network, place: int) -> tuple[LocalFirm, ...]:
    """Firms with a site in a place or what lies in it, by what they make there."""
    inside = network.inside[:, place]
    sites: dict[str, list[Any]] = defaultdict(list)
    for site in network.sites:
        if inside[network.place_of(site.place_id)]:
            sites[site.firm_id].append(site)
    made: dict[str, list[int]] = defaultdict(list)
    for row in np.flatnonzero(network.rows_in(network.places[place])).tolist():
        made[network.supplies[row].firm_id].append(int(network.row_product[row]))
    found = []
    for firm_id in sorted({*sites, *made}):
        own = sites[firm_id]
        fact = fact_of(own[0]) if own else fact_of(network.firm_rows[network.firm_at[firm_id]])
        kinds = tuple(sorted({site.kind for site in own}))
        products = product_refs(network, sorted(made[firm_id]))
        found.append(LocalFirm(ref(network, "firms", firm_id), kinds or ("hq",), products, fact))
    return tuple(sorted(found, key=lambda item: (-len(item.products), item.firm.id)))


def _chain_shares(network: Network, region: str) -> tuple[ChainShare, ...]:
    found = coverage(network, region)
    shares = []
    for chain in network.facts.chains:
        products = network.chain_products[chain.id]
        here = [at for at in products if found.full[at] + found.lesser[at]]
        stages = {s for at in here for s in network.product_rows[at].segment_ids}
        segments = sorted(
            (network.segment_rows[s] for s in stages if network.segment_rows[s].chain_id == chain.id),
            key=lambda row: row.order,
        )
        full = sum(1 for at in here if found.full[at])
        names = tuple(segment_ref(network, row.id) for row in segments)
        shares.append(ChainShare(ref(network, "chains", chain.id), full, len(here), len(products), names))
    return tuple(shares)


@derived_large
def place_profile(network: Network, kind: str, place_id: str) -> PlaceProfile:
    """All that is known of a park (`kind` park) or region.

    Raises:
        NotFound: There is no such park or region.
    """
    known = network.park_at if kind == "park" else network.region_at
    if place_id not in known:
        raise NotFound(kind, place_id, near(place_id, known))
    at = known[place_id]
    row = rows_by_id(network)["parks" if kind == "park" else "regions"][place_id]
    found, china = coverage(network, place_id), coverage(network, "china")
    made = np.flatnonzero((found.full > 0) | (found.lesser > 0)).tolist()
    only = np.flatnonzero((found.full > 0) & (found.full == china.full)).tolist()
    firms = _local_firms(network, at)
    parts = [p for p in np.flatnonzero(network.inside[:, at]).tolist() if p != at]
    within = [p for p in np.flatnonzero(network.inside[at]).tolist() if p != at]
    cooperations = cooperations_of(network, (place_id,))
    facts = [item.fact for group in (firms, cooperations) for item in group]
    return PlaceProfile(
        place=row,
        kind=kind,
        within=tuple(place_ref(network, p) for p in within),
        parts=tuple(place_ref(network, p) for p in parts),
        firms=firms,
        products=product_refs(network, made),
        full=int((found.full > 0).sum()),
        only_here=product_refs(network, only),
        chains=_chain_shares(network, place_id),
        cooperations=cooperations,
        sources=sources_of(network, row.source_ids, *(fact.source_ids for fact in facts)),
    )
