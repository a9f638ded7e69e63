"""The panorama 全景图 of a chain as an answer: segments in order, their products with all measures, the inputs."""

from __future__ import annotations

from dataclasses import dataclass

from queries.criticality import FLOOR, UNKNOWN
from queries.gap_rows import GapRow, gap_row, under_control
from queries.gaps import assessment
from queries.network import Control, Network, derived_large
from queries.refs import Ref, ref


@dataclass(frozen=True, slots=True)
class Stage:
    """A segment with its products, the greatest gap score first, then by id."""

    id: str
    name_zh: str
    name_en: str | None
    position: str
    order: int
    products: tuple[GapRow, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An input among the products of the chain: `product_id` needs `input_id`."""

    product_id: str
    input_id: str
    slot: str | None
    necessity: str


@dataclass(frozen=True, slots=True)
class Panorama:
    """A chain as a planner sees it.

    Attributes:
        products: Number of products; one that stands in several segments counts once.
        others: Final products of the chain that stand in none of its segments.
        links: Inputs rows whose two ends are both in the chain.
    """

    chain: Ref
    region: str
    edition: str
    products: int
    finals: tuple[str, ...]
    segments: tuple[Stage, ...]
    others: tuple[GapRow, ...]
    links: tuple[Link, ...]


@derived_large
def panorama(
    network: Network,
    chain: str,
    region: str = "shanghai",
    floor: str = FLOOR,
    unknown: str = UNKNOWN,
    control: Control = "any",
) -> Panorama:
    """The panorama of a chain in a region; arguments as for `queries.gaps.assessment`.

    Under control `domestic` the statuses, counts and availability are those of firms of economy cn alone; score, kind
    and order stay (measures §4).

    Raises:
        NotFound: There is no such chain or region.
    """
    found = assessment(network, region, chain, floor, unknown)
    rows = {
        network.products[gap.product]: under_control(network, gap_row(network, gap, region), region, control)
        for gap in found
    }
    order = sorted(rows.values(), key=lambda row: (-round(row.gap_score or 0.0, 9), row.product_id))
    stages = sorted((row for row in network.facts.segments if row.chain_id == chain), key=lambda row: row.order)
    segments = tuple(
        Stage(
            row.id,
            row.name_zh,
            row.name_en,
            row.position,
            row.order,
            tuple(product for product in order if row.id in product.segment_ids),
        )
        for row in stages
    )
    names = {row.id for row in stages}
    return Panorama(
        chain=ref(network, "chains", chain),
        region=network.region_name(region),
        edition=network.edition,
        products=len(rows),
        finals=tuple(network.products[at] for at in network.chain_finals[chain]),
        segments=segments,
        others=tuple(row for row in order if not names & set(row.segment_ids)),
        links=tuple(
            Link(row.product_id, row.input_id, row.slot, row.necessity)
            for row in network.inputs
            if row.product_id in rows and row.input_id in rows
        ),
    )
