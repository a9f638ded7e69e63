"""缺口清单: the gap list with filters, each row with its reason and the way its score came about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from starlette.responses import Response

from api.pages.page import page
from api.routers import page_router
from api.routes.gaps import gap_filter
from api.state import network_of
from queries.gap_rows import GapFilter, GapRow, filtered, gap_rows, missing_evidence_rows, under_control
from queries.gaps import KINDS
from queries.names import region_label
from queries.network import Control, Network

router = page_router()

_PAGE = 100
_MOST_MISSING = 200  # names; a network without suppliers lacks evidence for all of its products
_SHOWN_KINDS = KINDS[:3]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the address asks for.

    Attributes:
        region: A radius, region id or park id.
        chain: Id of a chain, or `None`.
        at: First row shown.
        whole: Whether all rows are shown on one page, to be printed.
        control: Whose firms count in the statuses beside the score.
    """

    region: str
    chain: str | None
    at: int
    whole: bool
    control: Control


def shown(
    region: Annotated[str, Query(description="Radius, region id or park id.")] = "",
    r: Annotated[str, Query(description="The same, as older links have it.")] = "",
    chain: str | None = None,
    at: Annotated[int, Query(ge=0)] = 0,
    whole: bool = False,
    control: Control = "any",
) -> Shown:
    """The page that a request asks for."""
    return Shown(region or r or "shanghai", chain or None, at, whole, control)


def _address(view: Shown, wanted: GapFilter) -> dict[str, Any]:
    """The parameters of the page, without what is the default."""
    return {
        "region": view.region if view.region != "shanghai" else None,
        "control": view.control if view.control != "any" else None,
        "chain": view.chain,
        "segment": wanted.segment,
        "kind": wanted.kinds,
        "evidence": wanted.evidence,
        "five_bases": wanted.five_bases,
        "delta_backed": {True: "1", False: "0", None: None}[wanted.delta_backed],
        "sort": wanted.sort if wanted.sort != "score" else None,
    }


def _files(view: Shown, wanted: GapFilter, as_: str) -> dict[str, Any]:
    """The parameters of the same rows as a file."""
    return _address(view, wanted) | {"region": view.region, "format": as_}


def _kind_counts(network: Network, rows: tuple[GapRow, ...], wanted: GapFilter) -> dict[str, int]:
    """How many rows of each kind pass the rest of the filter."""
    rest = filtered(network, rows, replace(wanted, kinds=()))
    return {kind: sum(1 for row in rest if row.kind == kind) for kind in _SHOWN_KINDS}


def _offers(network: Network, rows: tuple[GapRow, ...], wanted: GapFilter) -> dict[str, int]:
    """How many rows pass when one filter is dropped, by its name in the address; only those that let some pass."""
    without = {
        "kind": replace(wanted, kinds=()),
        "evidence": replace(wanted, evidence=()),
        "segment": replace(wanted, segment=None),
        "five_bases": replace(wanted, five_bases=()),
        "delta_backed": replace(wanted, delta_backed=None),
    }
    found = {name: len(filtered(network, rows, other)) for name, other in without.items() if other != wanted}
    return {name: count for name, count in found.items() if count}


@router.get("/gaps")
def gaps(
    request: Request,
    view: Annotated[Shown, Depends(shown)],
    wanted: Annotated[GapFilter, Depends(gap_filter)],
    edition: str | None = None,
) -> Response:
    """The gap list."""
    network = network_of(request, edition)
    wanted = replace(wanted, segment=wanted.segment or None)
    everything = tuple(
        under_control(network, row, view.region, view.control) for row in gap_rows(network, view.region, view.chain)
    )
    rows = filtered(network, everything, wanted)
    segments = [row for row in network.facts.segments if row.chain_id == view.chain]
    first = 0 if view.whole else min(view.at, max(len(rows) - 1, 0) // _PAGE * _PAGE)
    return page(
        request,
        "gaps.html.j2",
        network,
        view=view,
        wanted=wanted,
        rows=rows if view.whole else rows[first : first + _PAGE],
        first=first,
        step=_PAGE,
        total=len(rows),
        all=len(everything),
        kind_counts=_kind_counts(network, everything, wanted),
        offers=_offers(network, everything, wanted) if not rows else {},
        missing=missing_evidence_rows(network, view.region, view.chain),
        most_missing=_MOST_MISSING,
        region_zh=region_label(network, view.region, "zh"),
        region_en=region_label(network, view.region, "en"),
        chain=network.chain_rows.get(view.chain or ""),
        chains=sorted(network.facts.chains, key=lambda row: row.id),
        segments=sorted(segments, key=lambda row: row.order),
        address=_address(view, wanted),
        csv=_files(view, wanted, "csv"),
        xlsx=_files(view, wanted, "xlsx"),
        top=max((row.criticality for row in everything), default=1) * 100,
    )
