"""Industries, chains and their panoramas, chain leaders, co-operation."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from api.answers import EditionParam, Paged, json_response, listing, with_edition
from api.routers import json_router
from api.state import network_of
from graph.errors import NotFound
from queries.chain_rows import chain_rows, industry_rows, lead_rows
from queries.criticality import FLOOR, UNKNOWN
from queries.delta import partnerships_where
from queries.network import Control, near
from queries.panorama import panorama

router = json_router("chains")


@router.get("/industries")
def industries(request: Request, paging: Paged, edition: EditionParam = None) -> Response:
    """The industries of the plan, with the coverage of the products of their chains."""
    network = network_of(request, edition)
    return listing(network, "industries", industry_rows(network), paging)


@router.get("/chains")
def chains(request: Request, paging: Paged, edition: EditionParam = None) -> Response:
    """The chains, with leaders, finals and the number of products of each status at the four radii."""
    network = network_of(request, edition)
    return listing(network, "chains", chain_rows(network), paging)


@router.get("/chains/{chain_id}")
def chain(request: Request, chain_id: str, edition: EditionParam = None) -> Response:
    """One chain with its segments in order, its leaders and finals."""
    network = network_of(request, edition)
    found = next((row for row in chain_rows(network) if row.id == chain_id), None)
    if found is None:
        raise NotFound("chain", chain_id, near(chain_id, network.chain_rows))
    return with_edition(found, network)


@router.get("/chains/{chain_id}/panorama")
def chain_panorama(
    request: Request,
    chain_id: str,
    region: str = "shanghai",
    control: Annotated[Control, Query(description="any, or domestic: whose firms the statuses count.")] = "any",
    floor: str = FLOOR,
    unknown: str = UNKNOWN,
    edition: EditionParam = None,
) -> Response:
    """The segments of a chain in order, their products with all measures, and the inputs among them."""
    network = network_of(request, edition)
    return json_response(panorama(network, chain_id, region, floor, unknown, control))


@router.get("/leads")
def leads(
    request: Request,
    paging: Paged,
    chain: str | None = None,
    edition: EditionParam = None,
) -> Response:
    """The chain leaders 链主."""
    network = network_of(request, edition)
    network.study(chain)
    rows = [row for row in lead_rows(network) if chain is None or row.chain.id == chain]
    return listing(network, "leads", rows, paging)


@router.get("/partnerships")
def partnerships(
    request: Request,
    paging: Paged,
    chain: str | None = None,
    kind: Annotated[str | None, Query(description="Sort of co-operation.")] = None,
    region: Annotated[str | None, Query(description="City or province of the delta with an end of it.")] = None,
    edition: EditionParam = None,
) -> Response:
    """The co-operation across the delta 长三角合作清单."""
    network = network_of(request, edition)
    rows = partnerships_where(network, chain, kind, region)
    return listing(network, "partnerships", rows, paging)
