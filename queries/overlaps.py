"""Who is like whom: firms that make the same things, parks and cities where the same things are made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from queries.network import Network, derived
from queries.refs import Ref, ref

MOST = 8


@dataclass(frozen=True, slots=True)
class Overlap:
    """A thing that shares products with another.

    Attributes:
        shared: Products that both make.
        own: Number of products that this one makes.
        share: Shared products among all that either makes (Jaccard), 0..1.
    """

    thing: Ref
    shared: tuple[Ref, ...]
    own: int
    share: float


def _overlaps(
    network: Network, table: str, made: Mapping[str, frozenset[int]], own: frozenset[int], others: Iterable[str]
) -> tuple[Overlap, ...]:
    found = []
    for other in others:
        both = own & made[other]
        if both:
            refs = tuple(ref(network, "products", network.products[at]) for at in sorted(both))
            share = len(both) / len(own | made[other])
            found.append(Overlap(ref(network, table, other), refs, len(made[other]), share))
    found.sort(key=lambda item: (-len(item.shared), -item.share, item.thing.id))
    return tuple(found[:MOST])


@derived
def _by_firm(network: Network) -> dict[str, frozenset[int]]:
    made: dict[str, set[int]] = defaultdict(set)
    for row, product in zip(network.supplies, network.row_product.tolist(), strict=True):
        made[row.firm_id].add(product)
    return {firm: frozenset(products) for firm, products in made.items()}


@derived
def _by_park(network: Network) -> dict[str, frozenset[int]]:
    found = {}
    for park in network.park_at:
        rows = np.flatnonzero(network.rows_in(park))
        found[park] = frozenset(network.row_product[rows].tolist())
    return found


def firms_like(network: Network, firm_id: str) -> tuple[Overlap, ...]:
    """The firms that make most of the same products, at any capability: most shared first, then the most alike."""
    made = _by_firm(network)
    own = made.get(firm_id, frozenset())
    return _overlaps(network, "firms", made, own, (other for other in made if other != firm_id))


def parks_like(network: Network, park_id: str) -> tuple[Overlap, ...]:
    """The parks where most of the same products are made; those that hold the park, or lie in it, are left out."""
    made = _by_park(network)
    at = network.park_at[park_id]
    apart = (
        other
        for other, there in network.park_at.items()
        if not network.inside[at, there] and not network.inside[there, at]
    )
    return _overlaps(network, "parks", made, made[park_id], apart)
