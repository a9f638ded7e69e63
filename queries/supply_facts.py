"""Who supplies a product, and where: the supplies rows with what they refer to."""

from __future__ import annotations

from dataclasses import dataclass

from queries.network import RADII, Network, Radius, derived
from queries.refs import Fact, Ref, fact_of, place_ref, ref


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


@derived
def _row_radius(network: Network) -> tuple[Radius, ...]:
    inside = {radius: network.rows_in(radius) for radius in RADII}
    return tuple(next(radius for radius in RADII if inside[radius][at]) for at in range(len(network.supplies)))


def _places(network: Network, row: int) -> tuple[PlaceFact, ...]:
    found = []
    for placing in network.placings[row]:
        place = place_ref(network, placing.place)
        if placing.site is None:
            found.append(PlaceFact(place, "hq", (), fact_of(network.firm_rows[network.row_firm[row]])))
        else:
            site = network.sites[placing.site]
            found.append(PlaceFact(place, site.kind, site.product_ids, fact_of(site)))
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
        fact=fact_of(supply),
    )


def supply_facts(network: Network, product: int, region: str = "world") -> tuple[SupplyFact, ...]:
    """The supplies rows of a product and its variants in a region: nearest, then most capable, then by firm."""
    inside, radius = network.rows_in(region), _row_radius(network)
    rows = [row for row in network.claims[product].tolist() if inside[row]]
    rows.sort(key=lambda row: (RADII.index(radius[row]), -network.row_weight[row], network.supplies[row].firm_id))
    return tuple(supply_fact(network, row) for row in rows)
