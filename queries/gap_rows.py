"""The gap list 缺口清单 as rows, filtered and sorted (measures §4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from graph.errors import BadInput
from queries.coverage import Status, coverage
from queries.criticality import FLOOR
from queries.criticality import UNKNOWN as OPEN
from queries.evidence import Grade
from queries.gaps import Count, Gap, Kind, gap_list, missing_evidence
from queries.network import RADII, Control, Network, Radius, derived_large
from queries.product_rows import check_segment
from queries.reasons import reason_en, reason_zh
from queries.refs import Ref, ref


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


_CORES = ("basic-component", "basic-software", "basic-material", "basic-process-equipment", "standards-testing")


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
    check_segment(network, wanted.segment)
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
