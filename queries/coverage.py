"""Coverage 覆盖度 of products inside a region (measures §2), for all products at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from queries.network import RADII, Bools, Control, Floats, Ints, Network, Radius, derived

Codes = NDArray[np.int8]
Status = Literal["strong", "thin", "weak", "absent", "unknown"]
STATUSES: tuple[Status, ...] = ("strong", "thin", "weak", "absent", "unknown")
_STRONG = 3
THIN, WEAK, ABSENT, UNKNOWN = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Pairs:
    """Who supplies what: one entry for each product and firm with a row for any of its kinds, by product and firm.

    Attributes:
        product, firm: Index of each.
        starts: First entry of each pair among the claims.
        claim_firm: Firm of each claim.
    """

    product: Ints
    firm: Ints
    starts: Ints
    claim_firm: Ints

    def of(self, product: int) -> slice:
        """The entries of a product."""
        return slice(int(np.searchsorted(self.product, product)), int(np.searchsorted(self.product, product, "right")))


@dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage of every product in one region under one control.

    Attributes:
        best: For each of the `pairs` the firm's best capability weight in the region, 0 where it makes nothing there.
        full, lesser: Number of full and of lesser suppliers of each product.
        status: Index into `STATUSES`.
        availability: 0..1; 0 also where nobody is known, see `known`.
        known: Whether any supplier is known anywhere.
    """

    best: Floats
    full: Ints
    lesser: Ints
    status: Codes
    availability: Floats
    known: Bools

    def status_of(self, product: int) -> Status:
        """The status of one product."""
        return STATUSES[int(self.status[product])]

    def availability_of(self, product: int) -> float | None:
        """The availability of one product; `None` where no supplier is known anywhere."""
        return float(self.availability[product]) if self.known[product] else None


@derived
def pairs(network: Network) -> Pairs:
    """The suppliers of every product (measures §1), without regard to place."""
    owner, row = network.claims.owners(), network.claims.items
    firm = network.row_firm[row]
    new = np.ones(len(row), np.bool_)
    new[1:] = (owner[1:] != owner[:-1]) | (firm[1:] != firm[:-1])
    starts = np.flatnonzero(new).astype(np.int32)
    return Pairs(owner[starts], firm[starts], starts, firm)


def _availability(network: Network, who: Pairs, best: Floats) -> Floats:
    """1 − Π (1 − w/2) over the suppliers of each product."""
    lost = np.ones(len(network.products))
    if len(best):
        first = np.flatnonzero(np.diff(who.product, prepend=-1))
        lost[who.product[first]] = np.multiply.reduceat(1 - best / 2, first)
    return 1 - lost


@derived
def _coverage(network: Network, region: str, control: Control) -> Coverage:
    who, size = pairs(network), len(network.products)
    weight = network.row_weight * network.rows_in(region)
    claimed = weight[network.claims.items]
    if control == "domestic":
        claimed = claimed * network.firm_domestic[who.claim_firm]
    best = np.maximum.reduceat(claimed, who.starts) if len(claimed) else np.zeros(0)
    full = np.bincount(who.product[best == 1], minlength=size).astype(np.int32)
    lesser = np.bincount(who.product[(best > 0) & (best < 1)], minlength=size).astype(np.int32)
    status = np.select([~network.known, full >= _STRONG, full > 0, lesser > 0], [UNKNOWN, 0, THIN, WEAK], ABSENT)
    return Coverage(best, full, lesser, status.astype(np.int8), _availability(network, who, best), network.known)


def coverage(network: Network, region: str, control: Control = "any") -> Coverage:
    """Coverage of every product in a region.

    Args:
        network: The edition.
        region: A radius, region id or park id.
        control: `domestic` counts firms of economy cn alone.

    Raises:
        NotFound: There is no such region.
    """
    return _coverage(network, network.region_name(region), control)


@dataclass(frozen=True, slots=True)
class Supplier:
    """A firm that supplies a product, with its best capability there."""

    firm: int
    weight: float


def suppliers(network: Network, product: int, region: str = "world", control: Control = "any") -> list[Supplier]:
    """The suppliers of a product in a region, full ones first, then by firm id."""
    found, who = coverage(network, region, control), pairs(network)
    part = who.of(product)
    at = [(-float(best), int(firm)) for best, firm in zip(found.best[part], who.firm[part], strict=True) if best > 0]
    return [Supplier(firm, -best) for best, firm in sorted(at)]


def statuses(network: Network, product: int) -> dict[Radius, Status]:
    """Coverage of a product at the four radii."""
    return {radius: coverage(network, radius).status_of(product) for radius in RADII}
