"""Lists of products, firms, parks and regions, and the profile of each firm, park and region."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.answers import EditionParam, FormatParam, Limit, Offset, json_response, listing
from api.state import network_of
from graph.errors import NotFound
from queries.lists import firm_rows, park_rows, product_rows, region_rows
from queries.network import Network, near
from queries.profiles import firm_profile, place_profile

router = APIRouter(tags=["things"])

ChainParam = Annotated[str | None, Query(description="Id of a chain.")]
SegmentParam = Annotated[str | None, Query(description="Id of a segment.")]
RegionParam = Annotated[str | None, Query(description="A radius, region id or park id.")]


def made_in(network: Network, region: str | None) -> tuple[set[str], set[str]]:
    """The products and the firms with a supplies row that is placed in a region; all without one."""
    inside = network.rows_in(region or "world")
    rows = [row for row, there in zip(network.supplies, inside.tolist(), strict=True) if there]
    return {row.product_id for row in rows}, {row.firm_id for row in rows}


def _check_segment(network: Network, segment: str | None) -> None:
    if segment is not None and segment not in network.segment_rows:
        raise NotFound("segment", segment, near(segment, network.segment_rows))


def with_profile(profile: Any, network: Network) -> Response:
    """A profile with its edition."""
    body: dict[str, Any] = orjson.loads(orjson.dumps(profile))
    return json_response(body | {"edition": network.edition})


@router.get("/products")
def products(
    request: Request,
    chain: ChainParam = None,
    segment: SegmentParam = None,
    region: RegionParam = None,
    kind: str | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
    as_: FormatParam = "json",
    edition: EditionParam = None,
) -> Response:
    """Products with their coverage at the four radii; with a region those that are made there."""
    network = network_of(request, edition)
    network.study(chain)
    _check_segment(network, segment)
    made = made_in(network, region)[0] if region else None
    rows = [
        row
        for row in product_rows(network)
        if (chain is None or chain in row.chain_ids)
        and (segment is None or segment in row.segment_ids)
        and (kind is None or row.kind == kind)
        and (made is None or row.id in made)
    ]
    return listing(network, "products", rows, limit=limit, offset=offset, as_=as_)


@router.get("/firms")
def firms(
    request: Request,
    chain: ChainParam = None,
    segment: SegmentParam = None,
    region: RegionParam = None,
    tier: str | None = None,
    economy: str | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
    as_: FormatParam = "json",
    edition: EditionParam = None,
) -> Response:
    """Firms, those that make most first; with a region those that make something there."""
    network = network_of(request, edition)
    network.study(chain)
    _check_segment(network, segment)
    there = made_in(network, region)[1] if region else None
    makers = (
        {
            row.firm_id
            for row in network.supplies
            if segment in network.product_rows[network.product_at[row.product_id]].segment_ids
        }
        if segment
        else None
    )
    rows = [
        row
        for row in firm_rows(network)
        if (chain is None or chain in row.chain_ids)
        and (makers is None or row.id in makers)
        and (there is None or row.id in there)
        and (tier is None or tier in row.tiers)
        and (economy is None or row.economy_id == economy)
    ]
    return listing(network, "firms", rows, limit=limit, offset=offset, as_=as_)


@router.get("/firms/{firm_id}")
def firm(request: Request, firm_id: str, edition: EditionParam = None) -> Response:
    """All that is known of a firm, each fact with sources and confidence."""
    network = network_of(request, edition)
    return with_profile(firm_profile(network, firm_id), network)


@router.get("/parks")
def parks(
    request: Request,
    chain: ChainParam = None,
    region: RegionParam = None,
    kind: str | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
    as_: FormatParam = "json",
    edition: EditionParam = None,
) -> Response:
    """Parks, those with most firms first; with a chain those that focus on it."""
    network = network_of(request, edition)
    network.study(chain)
    inside = network.places_in(region or "world")
    rows = [
        row
        for row in park_rows(network)
        if (chain is None or chain in row.focus_chain_ids)
        and (kind is None or row.kind == kind)
        and inside[network.park_at[row.id]]
    ]
    return listing(network, "parks", rows, limit=limit, offset=offset, as_=as_)


@router.get("/regions")
def regions(
    request: Request,
    level: Literal["economy", "province", "city", "district"] | None = None,
    region: RegionParam = None,
    economy: str | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
    as_: FormatParam = "json",
    edition: EditionParam = None,
) -> Response:
    """Regions, with the number of products that are made there."""
    network = network_of(request, edition)
    inside = network.places_in(region or economy or "world")
    rows = [
        row
        for row in region_rows(network)
        if (level is None or row.level == level) and inside[network.region_at[row.id]]
    ]
    return listing(network, "regions", rows, limit=limit, offset=offset, as_=as_)


@router.get("/parks/{place_id}")
def park(request: Request, place_id: str, edition: EditionParam = None) -> Response:
    """All that is known of a park, each fact with sources and confidence."""
    network = network_of(request, edition)
    return with_profile(place_profile(network, "park", place_id), network)


@router.get("/regions/{place_id}")
def region(request: Request, place_id: str, edition: EditionParam = None) -> Response:
    """All that is known of a region, each fact with sources and confidence."""
    network = network_of(request, edition)
    return with_profile(place_profile(network, "region", place_id), network)
