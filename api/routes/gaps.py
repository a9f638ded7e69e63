"""The gap list."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request
from starlette.responses import Response

from api.answers import EditionParam, Paged, listing
from api.routers import json_router
from api.routes.search import words
from api.state import network_of
from queries.criticality import FLOOR, UNKNOWN
from queries.gap_rows import GapFilter, filtered, gap_rows, missing_evidence_rows, under_control
from queries.network import Control

router = json_router("gaps")

Words = Annotated[list[str], Query(description="One or several, separated by commas.")]


def gap_filter(
    kind: Words = [],  # noqa: B006
    segment: str | None = None,
    evidence: Words = [],  # noqa: B006
    five_bases: Words = [],  # noqa: B006
    min_score: Annotated[float | None, Query(ge=0, le=100, description="Least score.")] = None,
    delta_backed: bool | None = None,
    sort: Annotated[
        str, Query(description="score, criticality, availability, depth, blocks …; -score the other way.")
    ] = "score",
) -> GapFilter:
    """The filter that a request asks for."""
    return GapFilter(
        kinds=tuple(words(kind)),
        evidence=tuple(words(evidence)),
        five_bases=tuple(words(five_bases)),
        segment=segment,
        min_score=min_score,
        delta_backed=delta_backed,
        sort=sort,
    )


@router.get("/gaps")
def gaps(
    request: Request,
    wanted: Annotated[GapFilter, Depends(gap_filter)],
    paging: Paged,
    region: str = "shanghai",
    chain: str | None = None,
    control: Annotated[Control, Query(description="any, or domestic: whose firms the statuses count.")] = "any",
    floor: str = FLOOR,
    unknown: str = UNKNOWN,
    edition: EditionParam = None,
) -> Response:
    """The gaps of a region, the greatest score first; products of which no supplier is known stand apart."""
    network = network_of(request, edition)
    found = [under_control(network, row, region, control) for row in gap_rows(network, region, chain, floor, unknown)]
    rows = filtered(network, found, wanted)
    extra = {"region": network.region_name(region), "missing_evidence": missing_evidence_rows(network, region, chain)}
    return listing(network, "gaps", rows, paging, extra)
