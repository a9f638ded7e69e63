"""Lists of products, firms, parks and regions, and the profile of each firm, park and region."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query, Request
from starlette.responses import Response

from api.answers import EditionParam, Paged, listing, with_edition
from api.routers import json_router
from api.state import network_of
from queries.firm_profile import firm_profile
from queries.firm_rows import FirmFilter, firms_where
from queries.place_profile import place_profile
from queries.place_rows import ParkFilter, parks_where, region_rows
from queries.product_rows import ProductFilter, products_where

router = json_router("things")

ChainParam = Annotated[str | None, Query(description="Id of a chain.")]
SegmentParam = Annotated[str | None, Query(description="Id of a segment.")]
RegionParam = Annotated[str | None, Query(description="A radius, region id or park id.")]


@router.get("/products")
def products(
    request: Request,
    paging: Paged,
    chain: ChainParam = None,
    segment: SegmentParam = None,
    region: RegionParam = None,
    kind: str | None = None,
    edition: EditionParam = None,
) -> Response:
    """Products with their coverage at the four radii; with a region those that are made there."""
    network = network_of(request, edition)
    rows = products_where(network, ProductFilter(chain, segment, region, kind))
    return listing(network, "products", rows, paging)


@router.get("/firms")
def firms(
    request: Request,
    paging: Paged,
    chain: ChainParam = None,
    segment: SegmentParam = None,
    region: RegionParam = None,
    tier: str | None = None,
    economy: str | None = None,
    edition: EditionParam = None,
) -> Response:
    """Firms, those that make most first; with a region those that make something there."""
    network = network_of(request, edition)
    rows = firms_where(network, FirmFilter(chain, segment, region, tier, economy))
    return listing(network, "firms", rows, paging)


@router.get("/firms/{firm_id}")
def firm(request: Request, firm_id: str, edition: EditionParam = None) -> Response:
    """All that is known of a firm, each fact with sources and confidence."""
    network = network_of(request, edition)
    return with_edition(firm_profile(network, firm_id), network)


@router.get("/parks")
def parks(
    request: Request,
    paging: Paged,
    chain: ChainParam = None,
    region: RegionParam = None,
    kind: str | None = None,
    edition: EditionParam = None,
) -> Response:
    """Parks, those with most firms first; with a chain those that focus on it."""
    network = network_of(request, edition)
    rows = parks_where(network, ParkFilter(chain, region, kind))
    return listing(network, "parks", rows, paging)


@router.get("/regions")
def regions(
    request: Request,
    paging: Paged,
    level: Literal["economy", "province", "city", "district"] | None = None,
    region: RegionParam = None,
    economy: str | None = None,
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
    return listing(network, "regions", rows, paging)


@router.get("/parks/{place_id}")
def park(request: Request, place_id: str, edition: EditionParam = None) -> Response:
    """All that is known of a park, each fact with sources and confidence."""
    network = network_of(request, edition)
    return with_edition(place_profile(network, "park", place_id), network)


@router.get("/regions/{place_id}")
def region(request: Request, place_id: str, edition: EditionParam = None) -> Response:
    """All that is known of a region, each fact with sources and confidence."""
    network = network_of(request, edition)
    return with_edition(place_profile(network, "region", place_id), network)
