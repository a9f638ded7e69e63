"""The delta 长三角 as its cities: who supplies where, who sells to and works with whom, who backs Shanghai's gaps."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from graph.errors import NotFound
from queries.gap_rows import GapRow, gap_rows
from queries.network import DELTA, Network, derived, derived_large, near
from queries.partnership_rows import PartnershipRow, partnership_rows
from queries.refs import Ref, ref
from queries.scenario import elements_of

LinkKind = Literal["supply", "cooperation"]
SHANGHAI = "cn-sh"
_OPEN = ("chokepoint", "missing")


@dataclass(frozen=True, slots=True)
class City:
    """A city of the delta, or a province as an end of co-operation.

    Attributes:
        province: Id of the province.
        lat, lon: Degrees.
        firms: Number of firms that make something of the study there.
        full: Number of products of the study in mass production there.
        backs: Ids of the products that are absent or weak in Shanghai and in mass production there.
        sells, buys: Documented supply links to and from firms elsewhere or here.
        cooperations: Number of co-operations with an end there.
    """

    place: Ref
    province: str
    lat: float
    lon: float
    firms: int
    full: int
    backs: tuple[str, ...]
    sells: int
    buys: int
    cooperations: int


@dataclass(frozen=True, slots=True)
class Between:
    """All links of a kind between two cities; of supply from the seller to the buyer."""

    kind: LinkKind
    start: str
    end: str
    count: int


@dataclass(frozen=True, slots=True)
class Backed:
    """A gap of Shanghai that somebody in the delta fills: the firms with their cities."""

    gap: GapRow
    firms: tuple[tuple[Ref, str], ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """The delta for a chain, or for all.

    Attributes:
        cities: Cities with a record, and provinces with a co-operation, those with most firms first.
        links: Between different ends, the most first.
        partnerships: Co-operations of the chain and kind, those of the highest confidence and newest first.
        backed: Gaps of Shanghai that the delta fills, the greatest score first.
        gaps: Number of products that are absent or weak in Shanghai.
    """

    cities: tuple[City, ...]
    links: tuple[Between, ...]
    partnerships: tuple[PartnershipRow, ...]
    backed: tuple[Backed, ...]
    gaps: int


@derived
def city_ids(network: Network) -> tuple[str, ...]:
    """Shanghai and the cities of the other three provinces, by id."""
    inside = network.places_in("delta")
    return tuple(sorted(name for name in elements_of(network, "city") if inside[network.region_at[name]]))


@derived
def _city_of_place(network: Network) -> tuple[str | None, ...]:
    """For each place the city of the delta that holds it, or the province that it is; `None` outside."""
    found: list[str | None] = [None] * len(network.places)
    for name in (*DELTA, *city_ids(network)):
        if name in network.region_at:
            for place in np.flatnonzero(network.inside[:, network.region_at[name]]).tolist():
                found[place] = name
    return tuple(found)


@derived
def ends(network: Network) -> dict[str, str]:
    """For each firm, park and region in the delta the city or province where it stands on the map."""
    city = _city_of_place(network)
    seats: dict[str, str] = {}
    for site in network.facts.sites:
        if site.kind == "hq":
            seats.setdefault(site.firm_id, site.place_id)
    found = {place: city[at] for at, place in enumerate(network.places)}
    for firm in network.firm_rows:
        if seat := seats.get(firm.id) or firm.hq_region_id or firm.economy_id:
            found[firm.id] = city[network.place_of(seat)]
    return {name: place for name, place in found.items() if place is not None}


def partnerships_where(
    network: Network, chain: str | None = None, kind: str | None = None, region: str | None = None
) -> tuple[PartnershipRow, ...]:
    """Co-operations of a chain and kind with an end in a city, those of the highest confidence and newest first.

    Raises:
        NotFound: There is no such chain or region.
    """
    network.study(chain)
    where = ends(network)
    if region is not None and region not in network.region_at:
        raise NotFound("region", region, near(region, network.region_at))
    sure = {"high": 0, "medium": 1, "low": 2}
    rows = [
        row
        for row in partnership_rows(network)
        if (chain is None or row.chain_id == chain)
        and (kind is None or row.kind == kind)
        and (region is None or region in (where.get(row.a.id), where.get(row.b.id)))
    ]
    return tuple(sorted(rows, key=lambda row: (sure[row.confidence], -(row.year or 0))))


def _firms_and_products(network: Network, chain: str | None) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
    """For each city the firms that make something of the study there, and what is in mass production there."""
    study, city = set(network.study(chain)[0]), _city_of_place(network)
    firms: dict[str, set[int]] = defaultdict(set)
    full: dict[str, set[int]] = defaultdict(set)
    for at, product in enumerate(network.row_product.tolist()):
        if product not in study:
            continue
        for place in network.row_places[at].tolist():
            if name := city[place]:
                firms[name].add(int(network.row_firm[at]))
                if network.row_weight[at] == 1:
                    full[name].add(product)
    return firms, full


_Pairs = Counter[tuple[str, str]]
"""How often two ends are linked."""


def _sales(network: Network, chain: str | None) -> _Pairs:
    """The documented supply links of a study, from the end of the seller to that of the buyer."""
    where, study = ends(network), {network.products[at] for at in network.study(chain)[0]}
    found: _Pairs = Counter()
    for link in network.facts.supply_links:
        seller, buyer = where.get(link.supplier_id), where.get(link.customer_id)
        if seller and buyer and (chain is None or link.product_id in study):
            found[seller, buyer] += 1
    return found


def _joined(network: Network, partnerships: Iterable[PartnershipRow]) -> list[set[str]]:
    """The ends of each co-operation that lie in the delta: none, one, or two."""
    where = ends(network)
    return [{name for name in (where.get(row.a.id), where.get(row.b.id)) if name} for row in partnerships]


def _backs(backed: Iterable[Backed]) -> dict[str, list[str]]:
    """For each city the gaps that it fills."""
    found: dict[str, list[str]] = defaultdict(list)
    for item in backed:
        for name in sorted({city for _, city in item.firms}):
            found[name].append(item.gap.product_id)
    return found


def _cities(
    network: Network, chain: str | None, sales: _Pairs, touched: Counter[str], backs: dict[str, list[str]]
) -> list[City]:
    """Cities with a record or a co-operation, and provinces with one; those without a place on the map are left out."""
    firms, full = _firms_and_products(network, chain)
    regions = {row.id: row for row in network.facts.regions}
    found = []
    for name in dict.fromkeys((*city_ids(network), *DELTA)):
        region, a_city = regions.get(name), name in city_ids(network)
        if not touched[name] and not (a_city and name in firms):
            continue
        if region is None or region.lat is None or region.lon is None:
            continue
        found.append(
            City(
                place=ref(network, "regions", name),
                province=name if name in DELTA else _province(network, name),
                lat=region.lat,
                lon=region.lon,
                firms=len(firms[name]) if a_city else 0,
                full=len(full[name]) if a_city else 0,
                backs=tuple(backs.get(name, ())),
                sells=sum(n for (seller, _), n in sales.items() if seller == name),
                buys=sum(n for (_, buyer), n in sales.items() if buyer == name),
                cooperations=touched[name],
            )
        )
    return sorted(found, key=lambda item: (-item.firms, -item.cooperations, item.place.id))


def _links(kind: LinkKind, pairs: _Pairs, known: set[str]) -> list[Between]:
    """The pairs of different ends that stand on the map, those with most links first."""
    found = [Between(kind, a, b, n) for (a, b), n in pairs.items() if a != b and {a, b} <= known]
    return sorted(found, key=lambda item: (-item.count, item.start, item.end))


@derived_large
def delta(network: Network, chain: str | None = None, kind: str | None = None) -> Delta:
    """The delta for a chain and a kind of co-operation.

    Raises:
        NotFound: There is no such chain.
    """
    sales, partnerships = _sales(network, chain), partnerships_where(network, chain, kind)
    joined = _joined(network, partnerships)
    together = Counter((min(both), max(both)) for both in joined if len(both) == 2)
    gaps = [row for row in gap_rows(network, "shanghai", chain) if row.kind in _OPEN]
    backed = tuple(found for row in gaps if (found := _backed(network, row)).firms)
    touched = Counter(name for both in joined for name in both)
    cities = _cities(network, chain, sales, touched, _backs(backed))
    known = {item.place.id for item in cities}
    links = _links("cooperation", together, known) + _links("supply", sales, known)
    return Delta(tuple(cities), tuple(links), partnerships, backed, len(gaps))


def _province(network: Network, city: str) -> str:
    at = network.region_at[city]
    return next(
        (name for name in DELTA if name in network.region_at and network.inside[at, network.region_at[name]]), ""
    )


def _backed(network: Network, gap: GapRow) -> Backed:
    """Who in the delta outside Shanghai makes what is missing there, in mass production."""
    city = _city_of_place(network)
    found: dict[tuple[str, str], None] = {}
    for at in network.claims[network.product_at[gap.product_id]].tolist():
        if network.row_weight[at] == 1:
            for place in network.row_places[at].tolist():
                if (name := city[place]) and name != SHANGHAI:
                    found[network.firms[int(network.row_firm[at])], name] = None
    return Backed(gap, tuple((ref(network, "firms", firm), name) for firm, name in found))
