"""Two regions, or two chains, side by side: coverage by status, gaps by kind, what one has and the other lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from queries.coverage import STATUSES, Status, coverage
from queries.gap_rows import GapRow, gap_rows
from queries.gaps import KINDS, assessment, kinds
from queries.network import RADII, Network, Radius, derived
from queries.refs import Ref, ref


@dataclass(frozen=True, slots=True)
class Counts:
    """Products of a study in a region, by coverage status and by kind of gap; those without a kind are left out."""

    products: int
    statuses: Mapping[Status, int]
    kinds: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ChainPair:
    """A chain in both regions; `chain` is `None` for all chains together."""

    chain: Ref | None
    a: Counts
    b: Counts


@dataclass(frozen=True, slots=True)
class Line:
    """A product with its coverage in the two regions; its criticality is over all products, 0..1."""

    product: Ref
    a: Status
    b: Status
    kind: str | None
    criticality: float


@dataclass(frozen=True, slots=True)
class RegionComparison:
    """Two regions.

    Attributes:
        rows: All products under study first, then each chain.
        only_a: Products with a full supplier in the first region and none in the second, most critical first.
        only_b: The other way round.
        both: Number of products with a full supplier in both.
        neither: Number of those with a full supplier in neither.
    """

    rows: tuple[ChainPair, ...]
    only_a: tuple[Line, ...]
    only_b: tuple[Line, ...]
    both: int
    neither: int


@dataclass(frozen=True, slots=True)
class ChainSide:
    """One of two chains: coverage at the four radii, and its greatest gaps in the region."""

    chain: Ref
    segments: int
    finals: int
    radii: Mapping[Radius, Counts]
    here: Counts
    gaps: tuple[GapRow, ...]


@dataclass(frozen=True, slots=True)
class ChainComparison:
    """Two chains, and the products that stand in both."""

    a: ChainSide
    b: ChainSide
    shared: tuple[Line, ...]


_TOP = 10


def counts(network: Network, region: str, products: Iterable[int]) -> Counts:
    """Some products in a region by status and kind."""
    found, sorts, among = coverage(network, region), kinds(network, region), tuple(products)
    statuses = [found.status_of(at) for at in among]
    return Counts(
        products=len(among),
        statuses={status: statuses.count(status) for status in STATUSES},
        kinds={kind: sum(1 for at in among if sorts[at] == kind) for kind in KINDS[:3]},
    )


def _lines(network: Network, products: Iterable[int], a: str, b: str) -> tuple[Line, ...]:
    """Some products as lines, the most critical first."""
    gaps, in_a, in_b = assessment(network, "china"), coverage(network, a), coverage(network, b)
    lines = (
        Line(
            product=ref(network, "products", network.products[at]),
            a=in_a.status_of(at),
            b=in_b.status_of(at),
            kind=gaps[at].kind,
            criticality=gaps[at].criticality,
        )
        for at in products
    )
    return tuple(sorted(lines, key=lambda line: (-line.criticality, line.product.id)))


@derived
def compare_regions(network: Network, a: str, b: str, chain: str | None = None) -> RegionComparison:
    """Two regions, over all products or those of a chain.

    Raises:
        NotFound: There is no such region or chain.
    """
    study = network.study(chain)[0]
    full_a, full_b = coverage(network, a).full, coverage(network, b).full
    chains = [chain] if chain else sorted(network.chain_rows)
    pairs = [ChainPair(ref(network, "chains", one), counts(network, a, network.chain_products[one]),
                       counts(network, b, network.chain_products[one])) for one in chains]  # fmt: skip
    if not chain:
        pairs.insert(0, ChainPair(None, counts(network, a, study), counts(network, b, study)))
    return RegionComparison(
        rows=tuple(pairs),
        only_a=_lines(network, (at for at in study if full_a[at] and not full_b[at]), a, b),
        only_b=_lines(network, (at for at in study if full_b[at] and not full_a[at]), a, b),
        both=sum(1 for at in study if full_a[at] and full_b[at]),
        neither=sum(1 for at in study if not full_a[at] and not full_b[at]),
    )


def _side(network: Network, chain: str, region: str) -> ChainSide:
    products, finals = network.study(chain)
    return ChainSide(
        chain=ref(network, "chains", chain),
        segments=sum(1 for row in network.facts.segments if row.chain_id == chain),
        finals=len(finals),
        radii={radius: counts(network, radius, products) for radius in RADII},
        here=counts(network, region, products),
        gaps=gap_rows(network, region, chain)[:_TOP],
    )


@derived
def compare_chains(network: Network, a: str, b: str, region: str = "shanghai") -> ChainComparison:
    """Two chains in a region.

    Raises:
        NotFound: There is no such chain or region.
    """
    both = set(network.study(a)[0]) & set(network.study(b)[0])
    return ChainComparison(_side(network, a, region), _side(network, b, region), _lines(network, both, region, "china"))
