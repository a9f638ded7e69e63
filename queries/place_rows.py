"""The lists of parks and regions, and which parks to show."""

from __future__ import annotations

from dataclasses import dataclass

from queries.coverage import coverage
from queries.network import Network, derived


@dataclass(frozen=True, slots=True)
class ParkRow:
    """A park in a list."""

    id: str
    name_zh: str
    name_en: str | None
    kind: str | None
    region_id: str
    part_of: str | None
    focus_industry_ids: tuple[str, ...]
    focus_chain_ids: tuple[str, ...]
    firms: int
    products: int
    lat: float | None
    lon: float | None
    source_ids: tuple[str, ...]
    confidence: str


@derived
def park_rows(network: Network) -> tuple[ParkRow, ...]:
    """Every park, those with most firms first, then by id."""
    rows = []
    for row in network.facts.parks:
        inside = network.places_in(row.id)
        firms = {site.firm_id for site in network.sites if inside[network.place_of(site.place_id)]}
        here = coverage(network, row.id)
        rows.append(
            ParkRow(
                id=row.id,
                name_zh=row.name_zh,
                name_en=row.name_en,
                kind=row.kind,
                region_id=row.region_id,
                part_of=row.part_of,
                focus_industry_ids=row.focus_industry_ids,
                focus_chain_ids=row.focus_chain_ids,
                firms=len(firms),
                products=int(((here.full > 0) | (here.lesser > 0)).sum()),
                lat=row.lat,
                lon=row.lon,
                source_ids=row.source_ids,
                confidence=row.confidence,
            )
        )
    return tuple(sorted(rows, key=lambda row: (-row.firms, row.id)))


@dataclass(frozen=True, slots=True)
class ParkFilter:
    """Which parks to list; `None` lets all pass. `chain` asks what they focus on."""

    chain: str | None = None
    region: str | None = None
    kind: str | None = None


def parks_where(network: Network, wanted: ParkFilter) -> list[ParkRow]:
    """The parks that pass a filter, those with most firms first.

    Raises:
        NotFound: There is no such chain or region.
    """
    network.study(wanted.chain)
    inside = network.places_in(wanted.region or "world")
    return [
        row
        for row in park_rows(network)
        if (wanted.chain is None or wanted.chain in row.focus_chain_ids)
        and (wanted.kind is None or row.kind == wanted.kind)
        and inside[network.park_at[row.id]]
    ]


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A region in a list."""

    id: str
    name_zh: str
    name_en: str | None
    level: str
    parent_id: str | None
    in_yrd: bool
    lat: float | None
    lon: float | None
    full: int
    supplied: int
    source_ids: tuple[str, ...]
    confidence: str


@derived
def region_rows(network: Network) -> tuple[RegionRow, ...]:
    """Every region, by id, with the number of products that are made there in full, and at all."""
    rows = []
    for row in network.facts.regions:
        here = coverage(network, row.id)
        full, supplied = int((here.full > 0).sum()), int(((here.full > 0) | (here.lesser > 0)).sum())
        rows.append(
            RegionRow(
                row.id,
                row.name_zh,
                row.name_en,
                row.level,
                row.parent_id,
                row.in_yrd,
                row.lat,
                row.lon,
                full,
                supplied,
                row.source_ids,
                row.confidence,
            )
        )
    return tuple(sorted(rows, key=lambda row: row.id))
