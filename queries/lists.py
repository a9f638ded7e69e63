"""The rows of the lists that planners take away, and how they are filtered and sorted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from graph.errors import BadInput, NotFound
from queries.coverage import Status, coverage
from queries.criticality import FLOOR
from queries.criticality import UNKNOWN as OPEN
from queries.dependencies import Direction, closure
from queries.disruption import Blocked
from queries.evidence import Grade
from queries.gaps import Count, Gap, Kind, count_statuses, gap_list, missing_evidence
from queries.network import RADII, Control, Network, Radius, derived, derived_large, near
from queries.profiles import Ref, SegmentRef, ref, segment_ref, statuses
from queries.reasons import reason_en, reason_zh

_CORES = ("basic-component", "basic-software", "basic-material", "basic-process-equipment", "standards-testing")


@dataclass(frozen=True, slots=True)
class GapRow:
    """A row of the gap list (measures §4), with every component of the score."""

    product_id: str
    name_zh: str
    short_zh: str | None
    name_en: str | None
    chain_ids: tuple[str, ...]
    segment_ids: tuple[str, ...]
    five_bases: str | None
    status: Status
    statuses: Mapping[Radius, Status]
    kind: Kind | None
    gap_score: float | None
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
    suppliers: Mapping[Radius, Count]
    back_up: tuple[Ref, ...]
    evidence: Grade | None
    reason_zh: str
    reason_en: str


def gap_row(network: Network, gap: Gap, region: str) -> GapRow:
    """A gap as a row with ids and words."""
    row = network.product_rows[gap.product]
    return GapRow(
        product_id=row.id,
        name_zh=row.name_zh,
        short_zh=row.short_zh,
        name_en=row.name_en,
        chain_ids=network.product_chains[gap.product],
        segment_ids=row.segment_ids,
        five_bases=row.five_bases,
        status=gap.status,
        statuses=gap.radii,
        kind=gap.kind,
        gap_score=gap.score,
        depth=gap.depth,
        availability=gap.availability,
        availability_domestic=gap.availability_domestic,
        criticality=gap.criticality,
        final_impact=gap.final_impact,
        breadth=gap.breadth,
        blocks=gap.blocks,
        finals_hit=gap.finals_hit,
        finals=gap.finals,
        chains_hit=gap.chains_hit,
        delta_backed=gap.delta_backed,
        suppliers=gap.suppliers,
        back_up=tuple(ref(network, "firms", network.firms[firm]) for firm in gap.back_up),
        evidence=gap.evidence,
        reason_zh=reason_zh(network, gap, region),
        reason_en=reason_en(network, gap, region),
    )


def under_control(network: Network, row: GapRow, region: str, control: Control) -> GapRow:
    """A row whose statuses, supplier counts and availability count firms under a control; score and kind stay (§4)."""
    if control == "any":
        return row
    at = network.product_at[row.product_id]
    found = {radius: coverage(network, radius, control) for radius in RADII}
    return replace(
        row,
        status=coverage(network, region, control).status_of(at),
        statuses={radius: here.status_of(at) for radius, here in found.items()},
        suppliers={radius: Count(int(here.full[at]), int(here.lesser[at])) for radius, here in found.items()},
        availability=row.availability_domestic,
    )


@derived_large
def gap_rows(
    network: Network, region: str, chain: str | None = None, floor: str = FLOOR, unknown: str = OPEN
) -> tuple[GapRow, ...]:
    """The gap list as rows, the greatest score first; arguments as for `queries.gaps.assessment`."""
    return tuple(gap_row(network, gap, region) for gap in gap_list(network, region, chain, floor, unknown))


@derived_large
def missing_evidence_rows(network: Network, region: str, chain: str | None = None) -> tuple[GapRow, ...]:
    """The products of which no supplier is known anywhere, as rows."""
    return tuple(gap_row(network, gap, region) for gap in missing_evidence(network, region, chain))


@dataclass(frozen=True, slots=True)
class GapFilter:
    """Which gaps to show; an empty tuple or `None` lets all pass.

    Attributes:
        kinds: Gap kinds.
        evidence: Grades.
        five_bases: Places among the five bases.
        segment: Id of a segment.
        min_score: Least score, 0..100.
        delta_backed: Only those with (True) or without (False) a full supplier in the delta.
        sort: A key of `GAP_SORTS`; with a leading `-` the other way round.
    """

    kinds: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    five_bases: tuple[str, ...] = ()
    segment: str | None = None
    min_score: float | None = None
    delta_backed: bool | None = None
    sort: str = "score"


GAP_SORTS: dict[str, Callable[[GapRow], Any]] = {
    "score": lambda row: -round(row.gap_score or 0.0, 9),
    "criticality": lambda row: -row.criticality,
    "availability": lambda row: row.availability or 0.0,
    "depth": lambda row: -(row.depth or 0.0),
    "blocks": lambda row: -row.blocks,
    "finals": lambda row: -row.finals_hit,
    "evidence": lambda row: row.evidence or "Z",
    "kind": lambda row: ("chokepoint", "missing", "fragile", "none").index(row.kind or "none"),
    "name": lambda row: row.product_id,
}


def _check(name: str, values: Iterable[str], allowed: tuple[str, ...]) -> None:
    for value in values:
        if value not in allowed:
            raise BadInput(name, value, "any of " + ", ".join(allowed))


def filtered(network: Network, rows: Iterable[GapRow], wanted: GapFilter) -> list[GapRow]:
    """The rows that pass a filter, in its order; the order that they came in breaks ties.

    Raises:
        BadInput: A word of the filter is not known.
        NotFound: There is no such segment.
    """
    _check("kind", wanted.kinds, ("chokepoint", "missing", "fragile"))
    _check("evidence", wanted.evidence, ("A", "B", "C"))
    _check("five_bases", wanted.five_bases, _CORES)
    _check("sort", (wanted.sort.removeprefix("-"),), tuple(GAP_SORTS))
    if wanted.segment is not None and wanted.segment not in network.segment_rows:
        raise NotFound("segment", wanted.segment, near(wanted.segment, network.segment_rows))
    found = [
        row
        for row in rows
        if (not wanted.kinds or row.kind in wanted.kinds)
        and (not wanted.evidence or row.evidence in wanted.evidence)
        and (not wanted.five_bases or row.five_bases in wanted.five_bases)
        and (wanted.segment is None or wanted.segment in row.segment_ids)
        and (wanted.min_score is None or (row.gap_score or 0.0) >= wanted.min_score)
        and (wanted.delta_backed is None or (row.suppliers["delta"].full > 0) == wanted.delta_backed)
    ]
    return sorted(found, key=GAP_SORTS[wanted.sort.removeprefix("-")], reverse=wanted.sort.startswith("-"))


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product in a list, with its coverage at the four radii."""

    id: str
    name_zh: str
    short_zh: str | None
    name_en: str | None
    kind: str | None
    five_bases: str | None
    chain_ids: tuple[str, ...]
    segment_ids: tuple[str, ...]
    statuses: Mapping[Radius, Status]
    suppliers: int
    source_ids: tuple[str, ...]
    confidence: str


@derived
def product_rows(network: Network) -> tuple[ProductRow, ...]:
    """Every product, by id."""
    world = coverage(network, "world")
    return tuple(
        ProductRow(
            id=row.id,
            name_zh=row.name_zh,
            short_zh=row.short_zh,
            name_en=row.name_en,
            kind=row.kind,
            five_bases=row.five_bases,
            chain_ids=network.product_chains[at],
            segment_ids=row.segment_ids,
            statuses=statuses(network, at),
            suppliers=int(world.full[at] + world.lesser[at]),
            source_ids=row.source_ids,
            confidence=row.confidence,
        )
        for at, row in enumerate(network.product_rows)
    )


@dataclass(frozen=True, slots=True)
class FirmRow:
    """A firm in a list."""

    id: str
    name_zh: str
    short_zh: str | None
    name_en: str | None
    economy_id: str | None
    hq_region_id: str | None
    stock_code: str | None
    tiers: tuple[str, ...]
    products: int
    chain_ids: tuple[str, ...]
    leads: tuple[str, ...]
    source_ids: tuple[str, ...]
    confidence: str


@derived
def firm_rows(network: Network) -> tuple[FirmRow, ...]:
    """Every firm, those that make most first, then by id."""
    made: list[list[int]] = [[] for _ in network.firms]
    for firm, product in zip(network.row_firm.tolist(), network.row_product.tolist(), strict=True):
        made[firm].append(product)
    leads: dict[str, list[str]] = {}
    for lead in network.facts.leads:
        leads.setdefault(lead.firm_id, []).append(lead.chain_id)
    rows = [
        FirmRow(
            id=row.id,
            name_zh=row.name_zh,
            short_zh=row.short_zh,
            name_en=row.name_en,
            economy_id=row.economy_id,
            hq_region_id=row.hq_region_id,
            stock_code=row.stock_code,
            tiers=row.tiers,
            products=len(made[at]),
            chain_ids=tuple(sorted({chain for product in made[at] for chain in network.product_chains[product]})),
            leads=tuple(sorted(leads.get(row.id, ()))),
            source_ids=row.source_ids,
            confidence=row.confidence,
        )
        for at, row in enumerate(network.firm_rows)
    ]
    return tuple(sorted(rows, key=lambda row: (-row.products, row.id)))


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


@dataclass(frozen=True, slots=True)
class ChainRow:
    """A chain or an industry with the coverage of its products at the four radii.

    Attributes:
        counts: For each radius the number of products of each status.
        chokepoints: Number of products of the kind chokepoint.
    """

    id: str
    name_zh: str
    name_en: str | None
    tier: str | None
    chain_ids: tuple[str, ...]
    industry_ids: tuple[str, ...]
    products: int
    finals: tuple[Ref, ...]
    segments: tuple[SegmentRef, ...]
    leaders: tuple[Ref, ...]
    counts: Mapping[Radius, Mapping[Status, int]]
    chokepoints: int
    description_zh: str | None
    description_en: str | None
    source_ids: tuple[str, ...]
    confidence: str


def _group_row(network: Network, row: Any, chains: tuple[str, ...], products: tuple[int, ...]) -> ChainRow:
    domestic = coverage(network, "china", "domestic")
    finals = sorted({at for name in chains for at in network.chain_finals[name]})
    leads = sorted({lead.firm_id for lead in network.facts.leads if lead.chain_id in chains})
    stages = sorted((s for s in network.facts.segments if s.chain_id in chains), key=lambda s: (s.chain_id, s.order))
    weak = [at for at in products if domestic.status_of(at) in ("weak", "absent")]
    return ChainRow(
        id=row.id,
        name_zh=row.name_zh,
        name_en=row.name_en,
        tier=getattr(row, "tier", None),
        chain_ids=chains,
        industry_ids=getattr(row, "industry_ids", ()),
        products=len(products),
        finals=tuple(ref(network, "products", network.products[at]) for at in finals),
        segments=tuple(segment_ref(network, stage.id) for stage in stages),
        leaders=tuple(ref(network, "firms", name) for name in leads),
        counts={radius: count_statuses(network, radius, products) for radius in RADII},
        chokepoints=len(weak),
        description_zh=row.description_zh,
        description_en=row.description_en,
        source_ids=row.source_ids,
        confidence=row.confidence,
    )


@derived
def chain_rows(network: Network) -> tuple[ChainRow, ...]:
    """Every chain, by id."""
    return tuple(
        _group_row(network, row, (row.id,), network.chain_products[row.id])
        for row in sorted(network.facts.chains, key=lambda row: row.id)
    )


@derived
def industry_rows(network: Network) -> tuple[ChainRow, ...]:
    """Every industry, the leading ones first, with the products of its chains together."""
    rows = []
    for row in sorted(network.facts.industries, key=lambda row: (row.tier != "leading", row.id)):
        chains = tuple(sorted(chain.id for chain in network.facts.chains if row.id in chain.industry_ids))
        products = tuple(sorted({at for name in chains for at in network.chain_products[name]}))
        rows.append(_group_row(network, row, chains, products))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A chain leader 链主."""

    firm: Ref
    chain: Ref
    note: str | None
    source_ids: tuple[str, ...]
    confidence: str


@derived
def lead_rows(network: Network) -> tuple[LeadRow, ...]:
    """Every chain leader, by chain and firm."""
    return tuple(
        LeadRow(
            ref(network, "firms", row.firm_id),
            ref(network, "chains", row.chain_id),
            row.note,
            row.source_ids,
            row.confidence,
        )
        for row in sorted(network.facts.leads, key=lambda row: (row.chain_id, row.firm_id))
    )


@dataclass(frozen=True, slots=True)
class PartnershipRow:
    """A co-operation across the delta 长三角合作."""

    a: Ref
    b: Ref
    kind: str
    chain_id: str | None
    year: int | None
    note: str | None
    source_ids: tuple[str, ...]
    confidence: str


@derived
def partnership_rows(network: Network) -> tuple[PartnershipRow, ...]:
    """Every co-operation, the newest first, then by ends."""
    tables = ("firms", "parks", "regions")
    known = {name: {row.id for row in getattr(network.facts, name)} for name in tables}

    def end(id_: str) -> Ref:
        return ref(network, next(name for name in tables if id_ in known[name]), id_)

    rows = sorted(
        network.facts.partnerships,
        key=lambda row: (-(row.year or 0), row.from_id, row.to_id, row.kind, row.chain_id or "", row.note or ""),
    )
    return tuple(
        PartnershipRow(
            end(row.from_id), end(row.to_id), row.kind, row.chain_id, row.year, row.note, row.source_ids, row.confidence
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """Which products to list; `None` lets all pass. `region` asks where they are made."""

    chain: str | None = None
    segment: str | None = None
    region: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class FirmFilter:
    """Which firms to list; `None` lets all pass. `region` asks where they make something."""

    chain: str | None = None
    segment: str | None = None
    region: str | None = None
    tier: str | None = None
    economy: str | None = None


@dataclass(frozen=True, slots=True)
class ParkFilter:
    """Which parks to list; `None` lets all pass. `chain` asks what they focus on."""

    chain: str | None = None
    region: str | None = None
    kind: str | None = None


def _check_chain_and_segment(network: Network, chain: str | None, segment: str | None = None) -> None:
    network.study(chain)
    if segment is not None and segment not in network.segment_rows:
        raise NotFound("segment", segment, near(segment, network.segment_rows))


def products_where(network: Network, wanted: ProductFilter) -> list[ProductRow]:
    """The products that pass a filter, by id.

    Raises:
        NotFound: There is no such chain, segment or region.
    """
    _check_chain_and_segment(network, wanted.chain, wanted.segment)
    inside = network.rows_in(wanted.region or "world")
    made = {network.products[at] for at in network.row_product[inside].tolist()}
    return [
        row
        for row in product_rows(network)
        if (wanted.chain is None or wanted.chain in row.chain_ids)
        and (wanted.segment is None or wanted.segment in row.segment_ids)
        and (wanted.kind is None or row.kind == wanted.kind)
        and (wanted.region is None or row.id in made)
    ]


def firms_where(network: Network, wanted: FirmFilter) -> list[FirmRow]:
    """The firms that pass a filter, those that make most first.

    Raises:
        NotFound: There is no such chain, segment or region.
    """
    _check_chain_and_segment(network, wanted.chain, wanted.segment)
    inside = network.rows_in(wanted.region or "world")
    there = {network.firms[at] for at in network.row_firm[inside].tolist()}
    makers = {
        row.firm_id
        for row, product in zip(network.supplies, network.row_product.tolist(), strict=True)
        if wanted.segment in network.product_rows[product].segment_ids
    }
    return [
        row
        for row in firm_rows(network)
        if (wanted.chain is None or wanted.chain in row.chain_ids)
        and (wanted.segment is None or row.id in makers)
        and (wanted.region is None or row.id in there)
        and (wanted.tier is None or wanted.tier in row.tiers)
        and (wanted.economy is None or row.economy_id == wanted.economy)
    ]


def parks_where(network: Network, wanted: ParkFilter) -> list[ParkRow]:
    """The parks that pass a filter, those with most firms first.

    Raises:
        NotFound: There is no such chain or region.
    """
    _check_chain_and_segment(network, wanted.chain)
    inside = network.places_in(wanted.region or "world")
    return [
        row
        for row in park_rows(network)
        if (wanted.chain is None or wanted.chain in row.focus_chain_ids)
        and (wanted.kind is None or row.kind == wanted.kind)
        and inside[network.park_at[row.id]]
    ]


@dataclass(frozen=True, slots=True)
class DependencyRow:
    """A product of a closure (measures §6)."""

    product_id: str
    name_zh: str
    name_en: str | None
    depth: int
    slot: str | None
    required: bool
    dominates: bool
    status: Status


def dependency_rows(
    network: Network, product_id: str, direction: Direction, depth: int | None, region: str, floor: str, unknown: str
) -> list[DependencyRow]:
    """The closure of a product with the coverage of each in a region."""
    found = coverage(network, region)
    items = closure(network, network.product(product_id), direction, depth, floor, unknown)
    return [
        DependencyRow(
            network.products[item.product],
            network.product_rows[item.product].name_zh,
            network.product_rows[item.product].name_en,
            item.depth,
            item.slot,
            item.required,
            item.dominates,
            found.status_of(item.product),
        )
        for item in items
    ]


def flat(row: Any) -> dict[str, Any]:
    """A row as one line of a table: nested maps by dotted names, lists joined by `;`, things by their id.

    Fields whose metadata say `flat=False` are left out: lists of records, for which a line has no room.
    """
    found: dict[str, Any] = {}
    for field in fields(row):
        if field.metadata.get("flat", True):
            _flatten(field.name, getattr(row, field.name), found)
    return found


def _word(part: Any) -> str:
    """One of several things in a cell."""
    if isinstance(part, Ref | SegmentRef):
        return part.id
    return part.product_id if isinstance(part, Blocked) else str(part)


def _flatten(name: str, value: Any, found: dict[str, Any]) -> None:
    if isinstance(value, Ref):
        found[f"{name}_id"], found[f"{name}_name_zh"] = value.id, value.name_zh
    elif isinstance(value, Mapping):
        for key, part in value.items():
            _flatten(f"{name}.{key}", part, found)
    elif is_dataclass(value):
        for field in fields(value):
            _flatten(f"{name}.{field.name}", getattr(value, field.name), found)
    elif isinstance(value, tuple):
        found[name] = ";".join(_word(part) for part in value)
    else:
        found[name] = value
