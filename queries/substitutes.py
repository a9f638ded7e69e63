"""Who can step in for suppliers that are lost 替代: those that are left, nearest first (measures §7)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from queries.network import RADII, Bools, Floats, Ints, Lists, Network, derived
from queries.scenario import elements_of

_NEAR = ("city", *RADII)


@dataclass(frozen=True, slots=True)
class Substitute:
    """A supplier that is left; `near` is the city of a lost supplier, or the least radius that holds it."""

    firm_id: str
    name_zh: str
    name_en: str | None
    capability: float
    share_pct: float | None
    near: str


@derived
def _row_cities(network: Network) -> Lists:
    """For each supplies row the cities and municipalities that it is made in."""
    cities = np.array(sorted(network.region_at[name] for name in elements_of(network, "city")), np.int32)
    places, held = np.nonzero(network.inside[:, cities])
    by_place = Lists.grouped(places.astype(np.int32), cities[held], len(network.places))
    rows = network.row_places
    owners = np.repeat(rows.owners(), by_place.lengths()[rows.items])
    return Lists.grouped(owners, by_place.joined(rows.items), len(rows))


@derived
def _row_radius(network: Network) -> Ints:
    """For each supplies row the place among `RADII` of the least that holds one of its places."""
    inside = np.stack([network.rows_in(radius) for radius in RADII])
    found: Ints = inside.argmax(axis=0).astype(np.int32)
    return found


@derived
def _row_share(network: Network) -> Floats:
    return np.array([row.share_pct or 0.0 for row in network.supplies])


def substitutes(network: Network, gone: Bools) -> dict[str, tuple[Substitute, ...]]:
    """For each product that lost suppliers those that are left, nearest first.

    In the city of a lost one first, then by radius, capability, share and id.

    Args:
        network: The edition.
        gone: For each supplies row whether it is gone.
    """
    touched = np.unique(network.claims.owners()[gone[network.claims.items]])
    rows = network.claims.joined(touched)
    product = np.repeat(np.arange(len(touched), dtype=np.int32), network.claims.lengths()[touched])
    in_city = _in_city_of_lost(network, gone, rows, product)
    left = ~gone[rows] & (network.row_weight[rows] > 0)
    rows, product, in_city = rows[left], product[left], in_city[left]
    # One line for a firm, however many kinds of the product it makes.
    firm = network.row_firm[rows]
    order = np.lexsort((firm, product))
    changed = (np.diff(product[order]) != 0) | (np.diff(firm[order]) != 0)
    firsts = np.flatnonzero(np.append(True, changed))[: len(order)]
    lines = Lists(np.append(firsts, len(order)).astype(np.int32), order.astype(np.int32))
    product, firm = product[order[firsts]], firm[order[firsts]]
    distance = lines.folded(np.minimum, np.where(in_city, 0, 1 + _row_radius(network)[rows])[order], 0)
    capability = lines.folded(np.maximum, network.row_weight[rows][order], 0.0)
    share = lines.folded(np.maximum, _row_share(network)[rows][order], 0.0)
    best = np.lexsort((firm, -share, -capability, distance, product))
    columns = (part[best].tolist() for part in (firm, capability, share, distance))
    records = [_record(network, *line) for line in zip(*columns, strict=True)]
    ends = np.searchsorted(product[best], np.arange(len(touched) + 1)).tolist()
    return {network.products[at]: tuple(records[ends[i] : ends[i + 1]]) for i, at in enumerate(touched.tolist())}


def _record(network: Network, firm: int, capability: float, share: float, distance: int) -> Substitute:
    row = network.firm_rows[firm]
    return Substitute(row.id, row.name_zh, row.name_en, capability, share or None, _NEAR[distance])


def _in_city_of_lost(network: Network, gone: Bools, rows: Ints, product: Ints) -> Bools:
    """For each of some rows of products whether it is made in a city in which the product lost a supplier."""
    row_cities = _row_cities(network)
    cities = row_cities.joined(rows)
    owner = np.repeat(np.arange(len(rows)), row_cities.lengths()[rows])
    at = product[owner] * np.int64(len(network.places)) + cities
    lost = np.unique(at[gone[rows[owner]]])
    return np.bincount(owner[np.isin(at, lost)], minlength=len(rows)) > 0
