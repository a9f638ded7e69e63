"""Gaps 缺口: kind, depth and score of every product in a region, and the gap list (measures §4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from queries.coverage import ABSENT, STATUSES, THIN, UNKNOWN, WEAK, Coverage, Status, coverage, pairs
from queries.criticality import FLOOR, criticality
from queries.criticality import UNKNOWN as OPEN
from queries.evidence import Grade, status_grades, worst
from queries.network import RADII, Floats, Network, Radius, derived, derived_large
from queries.removals import stopped_in

Kind = Literal["chokepoint", "missing", "fragile", "none"]
KINDS: tuple[Kind, ...] = ("chokepoint", "missing", "fragile", "none")
_BACK_UP_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Count:
    """Suppliers of a product in a region."""

    full: int
    lesser: int


@dataclass(frozen=True, slots=True)
class Gap:
    """What is known of one product in a region, every component of the score with it.

    Attributes:
        product: Index of the product.
        status: Coverage in the region.
        radii: Coverage at the four radii.
        kind: `None` where no supplier is known anywhere.
        score: 0..100; `None` where no supplier is known anywhere.
        depth: 0..1, mean of 1 - availability over the region and the radii that hold it.
        availability, availability_domestic: 0..1 in the region, under either control.
        criticality, final_impact, breadth: 0..1 within the study.
        blocks: Number of products of the whole network that stop if this one stops.
        finals_hit, finals: Finals of the study that stop, and all of them.
        chains_hit: Chains of the study with a final that stops.
        delta_backed: For a missing one, whether a full supplier stands in the delta; else `None`.
        suppliers: Suppliers at the four radii.
        here: Suppliers in the region.
        back_up: Indices of the firms of economy cn with w >= 0.5, nearest first.
        evidence: Grade of the kind.
    """

    product: int
    status: Status
    radii: dict[Radius, Status]
    kind: Kind | None
    score: float | None
    depth: float | None
    availability: float | None
    availability_domestic: float | None
    criticality: float
    final_impact: float
    breadth: float
    blocks: int
    finals_hit: int
    finals: int
    chains_hit: tuple[str, ...]
    delta_backed: bool | None
    suppliers: dict[Radius, Count]
    here: Count
    back_up: tuple[int, ...]
    evidence: Grade | None


@derived
def depths(network: Network, region: str) -> Floats:
    """1 - availability of every product, averaged over a region and the radii that hold it."""
    around = network.radii_around(region)
    found: Floats = np.mean([1 - coverage(network, radius).availability for radius in around], axis=0)
    return found


def _kind(status: int, china_domestic: int) -> Kind | None:
    if status == UNKNOWN:
        return None
    if china_domestic in (WEAK, ABSENT):
        return "chokepoint"
    if status in (WEAK, ABSENT):
        return "missing"
    return "fragile" if status == THIN else "none"


@derived
def kinds(network: Network, region: str) -> tuple[Kind | None, ...]:
    """The gap kind of every product in a region; `None` where no supplier is known anywhere."""
    here, domestic = coverage(network, region), coverage(network, "china", "domestic")
    return tuple(map(_kind, here.status.tolist(), domestic.status.tolist()))


@derived
def grades(network: Network, region: str) -> tuple[Grade | None, ...]:
    """The evidence grade of the gap kind of every product: the worst of the statuses that decide it."""
    found = zip(
        kinds(network, region), status_grades(network, region), status_grades(network, "china", "domestic"), strict=True
    )
    return tuple(domestic if kind == "chokepoint" else worst(here, domestic) for kind, here, domestic in found)


@derived
def _back_ups(network: Network, region: str) -> tuple[tuple[int, ...], ...]:
    """For each product the domestic firms that can make it, by nearness, capability, id.

    Near is first the region itself, where it is no radius, then shanghai, delta, china, world.
    """
    who, best = pairs(network), coverage(network, "world", "domestic").best
    around = RADII if region in RADII else (region, *RADII)
    radius = np.full(len(best), len(around))
    for at, name in reversed(list(enumerate(around))):
        radius[coverage(network, name, "domestic").best > 0] = at
    found: list[list[tuple[int, float, int]]] = [[] for _ in network.products]
    for at in np.flatnonzero(best >= _BACK_UP_WEIGHT).tolist():
        found[int(who.product[at])].append((int(radius[at]), -float(best[at]), int(who.firm[at])))
    return tuple(tuple(firm for _, _, firm in sorted(firms)) for firms in found)


@derived
def _chains_hit(network: Network, chain: str | None, floor: str, unknown: str) -> tuple[tuple[str, ...], ...]:
    """For each product the chains of the study with a final that stops with it."""
    names = [chain] if chain else sorted(network.chain_rows)
    groups = [np.array(network.chain_finals[name], np.int32) for name in names]
    found: list[list[str]] = [[] for _ in network.products]
    for name, finals, hit in zip(names, groups, stopped_in(network, floor, unknown, groups), strict=True):
        stops = hit > 0
        stops[finals] = True
        for at in np.flatnonzero(stops).tolist():
            found[at].append(name)
    return tuple(map(tuple, found))


@derived_large
def assessment(
    network: Network, region: str, chain: str | None = None, floor: str = FLOOR, unknown: str = OPEN
) -> tuple[Gap, ...]:
    """Every product of a study in a region, by product id.

    Args:
        network: The edition.
        region: A radius, region id or park id.
        chain: Study that chain alone.
        floor: Least capability that carries a chain (measures §3).
        unknown: `open` lets products without a known supplier pass, `closed` does not.

    Raises:
        NotFound: There is no such region or chain.
        BadInput: `floor` or `unknown` is not one of its words.
    """
    region = network.region_name(region)
    study, _ = network.study(chain)
    at_radii: dict[Radius, Coverage] = {radius: coverage(network, radius) for radius in RADII}
    here, domestic = coverage(network, region), coverage(network, region, "domestic")
    depth, weight = depths(network, region), criticality(network, chain, floor, unknown)
    value = weight.value
    kind, grade, back_up = kinds(network, region), grades(network, region), _back_ups(network, region)
    chains_hit, impact, breadth = _chains_hit(network, chain, floor, unknown), weight.final_impact, weight.breadth
    known = here.known.tolist()
    return tuple(
        Gap(
            product=at,
            status=here.status_of(at),
            radii={radius: found.status_of(at) for radius, found in at_radii.items()},
            kind=kind[at],
            score=float(100 * value[at] * depth[at]) if known[at] else None,
            depth=float(depth[at]) if known[at] else None,
            availability=here.availability_of(at),
            availability_domestic=domestic.availability_of(at),
            criticality=float(value[at]),
            final_impact=float(impact[at]),
            breadth=float(breadth[at]),
            blocks=int(weight.blocks[at]),
            finals_hit=int(weight.finals_hit[at]),
            finals=weight.finals,
            chains_hit=chains_hit[at],
            delta_backed=bool(at_radii["delta"].full[at] > 0) if kind[at] == "missing" else None,
            suppliers={radius: Count(int(found.full[at]), int(found.lesser[at])) for radius, found in at_radii.items()},
            here=Count(int(here.full[at]), int(here.lesser[at])),
            back_up=back_up[at],
            evidence=grade[at],
        )
        for at in study
    )


def _order(network: Network, gap: Gap) -> tuple[float, str]:
    return -round(gap.score or 0.0, 9), network.products[gap.product]


@derived_large
def gap_list(
    network: Network, region: str, chain: str | None = None, floor: str = FLOOR, unknown: str = OPEN
) -> tuple[Gap, ...]:
    """The gaps of a region, the greatest score first, then by product id; arguments as for `assessment`."""
    found = [gap for gap in assessment(network, region, chain, floor, unknown) if gap.kind not in (None, "none")]
    return tuple(sorted(found, key=lambda gap: _order(network, gap)))


def missing_evidence(network: Network, region: str, chain: str | None = None) -> tuple[Gap, ...]:
    """The products of a study of which no supplier is known anywhere, by id."""
    return tuple(gap for gap in assessment(network, region, chain) if gap.kind is None)


def count_statuses(network: Network, region: str, products: tuple[int, ...]) -> dict[Status, int]:
    """How many of some products have each status in a region."""
    found = np.bincount(coverage(network, region).status[list(products)], minlength=len(STATUSES))
    return {status: int(found[at]) for at, status in enumerate(STATUSES)}
