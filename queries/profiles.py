"""All that is known of one product, firm, park or region, each fact with its sources and confidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from graph.errors import NotFound
from graph.model import Firm, Park, Product, Region, Source
from queries.coverage import Status, coverage
from queries.criticality import blocks
from queries.network import RADII, Network, Radius, derived, derived_large, near


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


@dataclass(frozen=True, slots=True)
class PlaceFact:
    """Where a firm is: the site, or the seat that its own row names (`site_kind` is then `hq`)."""

    place: Ref
    site_kind: str
    product_ids: tuple[str, ...]
    fact: Fact


@dataclass(frozen=True, slots=True)
class SupplyFact:
    """A supplies row with its firm, product and places.

    Attributes:
        radius: The least radius in which the thing is made there.
    """

    firm: Ref
    economy_id: str | None
    product: Ref
    capability: str | None
    share_pct: float | None
    share_scope: str | None
    year: int | None
    note: str | None
    radius: Radius
    places: tuple[PlaceFact, ...]
    fact: Fact


@dataclass(frozen=True, slots=True)
class InputFact:
    """An inputs row, seen from one of its ends: `product` is the other."""

    product: Ref
    slot: str | None
    necessity: str
    cost_share_pct: float | None
    note: str | None
    statuses: Mapping[Radius, Status]
    fact: Fact


@dataclass(frozen=True, slots=True)
class Need:
    """A slot with its members; any one suffices."""

    slot: str
    members: tuple[InputFact, ...]


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


@dataclass(frozen=True, slots=True)
class SaleFact:
    """A documented sale, seen from one side: `firm` is the other."""

    firm: Ref
    product: Ref | None
    year: int | None
    note: str | None
    fact: Fact


@dataclass(frozen=True, slots=True)
class CooperationFact:
    """A co-operation, seen from one side: `other` is the other."""

    other: Ref
    kind: str
    chain_id: str | None
    year: int | None
    note: str | None
    fact: Fact


@dataclass(frozen=True, slots=True)
class LeadFact:
    """A chain that the firm leads."""

    chain: Ref
    note: str | None
    fact: Fact


@dataclass(frozen=True, slots=True)
class SuppliedProduct:
    """A product of a firm, with its coverage and the number of full suppliers at the four radii."""

    supply: SupplyFact
    statuses: Mapping[Radius, Status]
    full: Mapping[Radius, int]
    chain_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FirmProfile:
    """A firm: what it makes, where it is, whom it sells to, works with and leads."""

    firm: Firm
    economy: Ref | None
    hq_region: Ref | None
    products: tuple[SuppliedProduct, ...]
    sites: tuple[PlaceFact, ...]
    suppliers: tuple[SaleFact, ...]
    customers: tuple[SaleFact, ...]
    cooperations: tuple[CooperationFact, ...]
    leads: tuple[LeadFact, ...]
    sources: tuple[Source, ...]


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


_KINDS = {"firms": "firm", "products": "product", "parks": "park", "regions": "region", "chains": "chain"}


@derived
def _by_id(network: Network) -> dict[str, dict[str, Any]]:
    tables = ("firms", "products", "parks", "regions", "chains", "industries", "sources")
    return {name: {row.id: row for row in getattr(network.facts, name)} for name in tables}


def ref(network: Network, table: str, id_: str) -> Ref:
    """A thing of a table by its id."""
    row = _by_id(network)[table][id_]
    return Ref(_KINDS[table], id_, row.name_zh, getattr(row, "short_zh", None), row.name_en)


def _place_ref(network: Network, place: int) -> Ref:
    table = "regions" if place < len(network.facts.regions) else "parks"
    return ref(network, table, network.places[place])


def _product_refs(network: Network, products: Iterable[int]) -> tuple[Ref, ...]:
    return tuple(ref(network, "products", network.products[at]) for at in products)


def _fact(row: Any) -> Fact:
    return Fact(row.source_ids, row.confidence)


def sources_by_id(network: Network) -> Mapping[str, Source]:
    """Every source by its id."""
    return _by_id(network)["sources"]


def sources_of(network: Network, *groups: Iterable[str]) -> tuple[Source, ...]:
    """The sources that some facts cite, by id; ids of which no row tells are left out."""
    known = _by_id(network)["sources"]
    return tuple(known[name] for name in sorted({name for group in groups for name in group}) if name in known)


@derived
def _row_radius(network: Network) -> tuple[Radius, ...]:
    inside = {radius: network.rows_in(radius) for radius in RADII}
    return tuple(next(radius for radius in RADII if inside[radius][at]) for at in range(len(network.supplies)))


def _places(network: Network, row: int) -> tuple[PlaceFact, ...]:
    found = []
    for placing in network.placings[row]:
        place = _place_ref(network, placing.place)
        if placing.site is None:
            found.append(PlaceFact(place, "hq", (), _fact(network.firm_rows[network.row_firm[row]])))
        else:
            site = network.sites[placing.site]
            found.append(PlaceFact(place, site.kind, site.product_ids, _fact(site)))
    return tuple(found)


def supply_fact(network: Network, row: int) -> SupplyFact:
    """A supplies row by its index."""
    supply = network.supplies[row]
    return SupplyFact(
        firm=ref(network, "firms", supply.firm_id),
        economy_id=network.firm_rows[network.row_firm[row]].economy_id,
        product=ref(network, "products", supply.product_id),
        capability=supply.capability,
        share_pct=supply.share_pct,
        share_scope=supply.share_scope,
        year=supply.year,
        note=supply.note,
        radius=_row_radius(network)[row],
        places=_places(network, row),
        fact=_fact(supply),
    )


def supply_facts(network: Network, product: int, region: str = "world") -> tuple[SupplyFact, ...]:
    """The supplies rows of a product and its variants in a region: nearest, then most capable, then by firm."""
    inside, radius = network.rows_in(region), _row_radius(network)
    rows = [row for row in network.claims[product].tolist() if inside[row]]
    rows.sort(key=lambda row: (RADII.index(radius[row]), -network.row_weight[row], network.supplies[row].firm_id))
    return tuple(supply_fact(network, row) for row in rows)


def statuses(network: Network, product: int) -> dict[Radius, Status]:
    """Coverage of a product at the four radii."""
    return {radius: coverage(network, radius).status_of(product) for radius in RADII}


@derived
def _inputs(network: Network) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    needs: dict[int, list[int]] = defaultdict(list)
    users: dict[int, list[int]] = defaultdict(list)
    for at, row in enumerate(network.inputs):
        needs[network.product_at[row.product_id]].append(at)
        users[network.product_at[row.input_id]].append(at)
    return needs, users


def _input_fact(network: Network, at: int, *, upstream: bool) -> InputFact:
    row = network.inputs[at]
    other = row.input_id if upstream else row.product_id
    return InputFact(
        product=ref(network, "products", other),
        slot=row.slot,
        necessity=row.necessity,
        cost_share_pct=row.cost_share_pct,
        note=row.note,
        statuses=statuses(network, network.product_at[other]),
        fact=_fact(row),
    )


def users_of(network: Network, product: int) -> tuple[InputFact, ...]:
    """The inputs rows that name a product as input: required ones first, then by product."""
    found = [_input_fact(network, at, upstream=False) for at in _inputs(network)[1].get(product, ())]
    return tuple(sorted(found, key=lambda item: (item.necessity != "required", item.product.id)))


def needs_of(network: Network, product: int) -> tuple[tuple[Need, ...], tuple[InputFact, ...]]:
    """The slots of a product by name, and its optional inputs by id."""
    slots: dict[tuple[bool, str], list[InputFact]] = defaultdict(list)
    optional = []
    for at in _inputs(network)[0].get(product, ()):
        item = _input_fact(network, at, upstream=True)
        if item.slot is None:
            optional.append(item)
        else:
            slots[bool(network.inputs[at].group), item.slot].append(item)
    return tuple(Need(slot, tuple(members)) for (_, slot), members in sorted(slots.items())), tuple(optional)


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
        ShareFact(ref(network, "regions", s.region_id), s.share_pct, s.scope, s.year, _fact(s))
        for s in sorted(network.facts.market_shares, key=lambda s: (s.scope, -(s.year or 0), -s.share_pct, s.region_id))
        if s.product_id == product_id
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
        variants=_product_refs(network, network.variants[at].tolist()),
        variant_of=tuple(ref(network, "products", name) for name in row.variant_of),
        coverage={radius: _radius_coverage(network, at, radius) for radius in RADII},
        suppliers=suppliers,
        needs=needs,
        optional_inputs=optional,
        users=users,
        blocks=_product_refs(network, hit),
        finals_hit=_product_refs(network, [final for final in hit if final in finals]),
        market_shares=shares,
        sources=sources_of(network, row.source_ids, *(fact.source_ids for fact in facts)),
    )


def segment_ref(network: Network, segment_id: str) -> SegmentRef:
    """A segment by its id."""
    row = network.segment_rows[segment_id]
    return SegmentRef(row.id, row.name_zh, row.name_en, row.chain_id, row.position, row.order)


def _end_ref(network: Network, id_: str) -> Ref:
    table = next(name for name in ("firms", "parks", "regions") if id_ in _by_id(network)[name])
    return ref(network, table, id_)


def cooperations_of(network: Network, ids: Iterable[str]) -> tuple[CooperationFact, ...]:
    """The co-operations of some firms, parks or regions with others, the newest first."""
    own = set(ids)
    found = []
    for row in network.facts.partnerships:
        for here, there in ((row.from_id, row.to_id), (row.to_id, row.from_id)):
            if here in own and there not in own:
                found.append(
                    CooperationFact(_end_ref(network, there), row.kind, row.chain_id, row.year, row.note, _fact(row))
                )
    return tuple(sorted(found, key=lambda item: (-(item.year or 0), item.other.id, item.kind, item.note or "")))


def _sales(network: Network, firm_id: str, *, buys: bool) -> tuple[SaleFact, ...]:
    found = []
    for row in network.facts.supply_links:
        here, there = (row.customer_id, row.supplier_id) if buys else (row.supplier_id, row.customer_id)
        if here == firm_id:
            product = ref(network, "products", row.product_id) if row.product_id else None
            found.append(SaleFact(ref(network, "firms", there), product, row.year, row.note, _fact(row)))
    return tuple(sorted(found, key=lambda item: (item.firm.id, item.product.id if item.product else "")))


def sales_of(network: Network, product_id: str) -> tuple[tuple[Ref, SaleFact], ...]:
    """The documented sales of a product: who sells, and to whom; the newest first, then by firms."""
    rows = [row for row in network.facts.supply_links if row.product_id == product_id]
    rows.sort(key=lambda row: (-(row.year or 0), row.supplier_id, row.customer_id))
    product = ref(network, "products", product_id)
    return tuple(
        (
            ref(network, "firms", row.supplier_id),
            SaleFact(ref(network, "firms", row.customer_id), product, row.year, row.note, _fact(row)),
        )
        for row in rows
    )


def _supplied(network: Network, row: int) -> SuppliedProduct:
    product = int(network.row_product[row])
    return SuppliedProduct(
        supply=supply_fact(network, row),
        statuses=statuses(network, product),
        full={radius: int(coverage(network, radius).full[product]) for radius in RADII},
        chain_ids=network.product_chains[product],
    )


@derived_large
def firm_profile(network: Network, firm_id: str) -> FirmProfile:
    """All that is known of a firm.

    Raises:
        NotFound: There is no such firm.
    """
    at = network.firm(firm_id)
    firm = network.firm_rows[at]
    rows = sorted(np.flatnonzero(network.row_firm == at).tolist(), key=lambda row: -network.row_weight[row])
    products = tuple(_supplied(network, row) for row in rows)
    own_sites = [site for site in network.sites if site.firm_id == firm_id]
    sites = tuple(
        PlaceFact(_place_ref(network, network.place_of(site.place_id)), site.kind, site.product_ids, _fact(site))
        for site in sorted(
            own_sites, key=lambda site: (("hq", "plant", "rd", "service").index(site.kind), site.place_id)
        )
    )
    leads = tuple(
        LeadFact(ref(network, "chains", row.chain_id), row.note, _fact(row))
        for row in network.facts.leads
        if row.firm_id == firm_id
    )
    suppliers, customers = _sales(network, firm_id, buys=True), _sales(network, firm_id, buys=False)
    cooperations = cooperations_of(network, (firm_id,))
    facts = [item.fact for group in (sites, suppliers, customers, cooperations, leads) for item in group]
    facts += [item.supply.fact for item in products]
    return FirmProfile(
        firm=firm,
        economy=ref(network, "regions", firm.economy_id) if firm.economy_id else None,
        hq_region=ref(network, "regions", firm.hq_region_id) if firm.hq_region_id else None,
        products=products,
        sites=sites,
        suppliers=suppliers,
        customers=customers,
        cooperations=cooperations,
        leads=leads,
        sources=sources_of(network, firm.source_ids, *(fact.source_ids for fact in facts)),
    )


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
        fact = _fact(own[0]) if own else _fact(network.firm_rows[network.firm_at[firm_id]])
        kinds = tuple(sorted({site.kind for site in own}))
        products = _product_refs(network, sorted(made[firm_id]))
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
    row = _by_id(network)["parks" if kind == "park" else "regions"][place_id]
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
        within=tuple(_place_ref(network, p) for p in within),
        parts=tuple(_place_ref(network, p) for p in parts),
        firms=firms,
        products=_product_refs(network, made),
        full=int((found.full > 0).sum()),
        only_here=_product_refs(network, only),
        chains=_chain_shares(network, place_id),
        cooperations=cooperations,
        sources=sources_of(network, row.source_ids, *(fact.source_ids for fact in facts)),
    )
