"""The product space: which products are made in full in the same regions (measures §9; Hidalgo et al. 2007).

Regions here are cities, municipalities and economies other than cn. A firm's supplies row stands in all of them that
hold one of its places, so a foreign city counts beside its economy. Nothing of the size products × products is made.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from queries.network import Bools, Floats, Ints, Lists, Network, derived
from queries.scenario import elements_of

HOME = "cn"


@dataclass(frozen=True, slots=True)
class ProductSpace:
    """M of measures §9: which region has a full supplier of which product, an entry for each pair of the two.

    Attributes:
        regions: Place indices of the regions; `region` counts in this order.
        product, region: The pairs, by product, then by region.
        starts: First pair of each product, and the end.
        ubiquity: k, the number of regions that make each product in full.
    """

    regions: Ints
    product: Ints
    region: Ints
    starts: Ints
    ubiquity: Ints

    def regions_of(self, product: int) -> Ints:
        """The regions that make a product in full."""
        return self.region[self.starts[product] : self.starts[product + 1]]

    def together(self, product: int) -> Ints:
        """For each product the number of regions that make it and the given one."""
        there = np.zeros(len(self.regions), np.bool_)
        there[self.regions_of(product)] = True
        counts = np.bincount(self.product[there[self.region]], minlength=len(self.ubiquity))
        return counts.astype(np.int32)

    def proximity(self, product: int) -> Floats:
        """φ of a product to every other, 0..1; 0 to itself, so that sums leave it out."""
        most = np.maximum(self.ubiquity, self.ubiquity[product])
        near: Floats = self.together(product) / np.maximum(most, 1)
        near[product] = 0
        return near

    def density(self, proximity: Floats) -> Floats | None:
        """Density of every region around the product of a proximity, 0..1; `None` where nothing is near it."""
        total = float(proximity.sum())
        if total == 0:
            return None
        found = np.bincount(self.region, weights=proximity[self.product], minlength=len(self.regions))
        return np.minimum(found / total, 1.0)  # the two sums are taken in different orders


@dataclass(frozen=True, slots=True)
class _Support:
    """The pairs of M with the full supplies rows that carry each: entry e says that row[e] carries pair[e]."""

    regions: Ints
    product: Ints
    region: Ints
    row: Ints
    pair: Ints


@derived
def _regions(network: Network) -> tuple[Ints, Lists]:
    """The regions, and for each place those that hold it."""
    names = elements_of(network, "city") | (elements_of(network, "economy") - {HOME})
    places = np.fromiter(sorted(network.region_at[name] for name in names), np.int32)
    held_by = [np.flatnonzero(network.inside[place, places]).tolist() for place in range(len(network.places))]
    return places, Lists.of(held_by)


def _expand(lists: Lists, keys: Ints) -> tuple[Ints, Ints]:
    """The items of the lists of some keys one after the other, and for each the position of its key."""
    return lists.joined(keys), np.repeat(np.arange(len(keys), dtype=np.int32), lists.lengths()[keys])


@derived
def _support(network: Network) -> _Support:
    regions, held_by = _regions(network)
    full = np.flatnonzero(network.row_weight[network.claims.items] == 1)
    product, row = network.claims.owners()[full], network.claims.items[full]
    place, at = _expand(network.row_places, row)
    product, row = product[at], row[at]
    region, at = _expand(held_by, place)
    product, row = product[at], row[at]
    code, pair = np.unique(product.astype(np.int64) * max(len(regions), 1) + region, return_inverse=True)
    size = max(len(regions), 1)
    return _Support(
        regions, (code // size).astype(np.int32), (code % size).astype(np.int32), row, pair.astype(np.int32)
    )


def _space(network: Network, kept: Bools | None) -> ProductSpace:
    found = _support(network)
    product, region = (found.product, found.region) if kept is None else (found.product[kept], found.region[kept])
    ubiquity = np.bincount(product, minlength=len(network.products)).astype(np.int32)
    starts = np.zeros(len(network.products) + 1, np.int32)
    np.cumsum(ubiquity, out=starts[1:])
    return ProductSpace(found.regions, product, region, starts, ubiquity)


@derived
def product_space(network: Network) -> ProductSpace:
    """The product space of an edition."""
    return _space(network, None)


def space_without(network: Network, row: int) -> ProductSpace:
    """The product space as it would be if one supplies row were not known."""
    found = _support(network)
    kept = np.bincount(found.pair[found.row != row], minlength=len(found.product)) > 0
    return _space(network, kept)
