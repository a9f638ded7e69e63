"""One product: its profile, its direct neighbours, and what it needs and serves all the way."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.answers import EditionParam, Paged, PagedLong, json_response, listing, ready, with_edition
from api.jobs import CUTS_BUDGET_S, cuts
from api.routers import json_router
from api.state import network_of, workers_of
from queries.back_test import back_test
from queries.candidates import candidates
from queries.concentration import concentration
from queries.criticality import FLOOR, UNKNOWN
from queries.cut_sets import MOST_ORDER, CutKind, cut_sets
from queries.dependency_rows import dependency_rows
from queries.gap_rows import gap_row
from queries.gaps import assessment
from queries.input_facts import users_of
from queries.product_profile import product_profile
from queries.supply_facts import supply_facts

router = json_router("products", prefix="/products/{product_id}")

_QUICK_ORDER, _QUICK_PRODUCTS = 2, 5_000  # cut sets of no more come in milliseconds

DepthParam = Annotated[int | None, Query(ge=1, le=100, description="Greatest number of steps; no bound without it.")]


@router.get("")
def product(request: Request, product_id: str, region: str = "shanghai", edition: EditionParam = None) -> Response:
    """All that is known of a product, each fact with sources and confidence, and its gap in a region."""
    network = network_of(request, edition)
    gap = assessment(network, region)[network.product(product_id)]
    return with_edition(product_profile(network, product_id), network, gap=gap_row(network, gap, region))


@router.get("/upstream")
def upstream(
    request: Request,
    product_id: str,
    paging: PagedLong,
    depth: DepthParam = None,
    region: str = "shanghai",
    floor: str = FLOOR,
    unknown: str = UNKNOWN,
    edition: EditionParam = None,
) -> Response:
    """What a product needs, all the way, the nearest first."""
    network = network_of(request, edition)
    rows = dependency_rows(network, product_id, "upstream", depth, region, floor, unknown)
    return listing(network, f"{product_id}-upstream", rows, paging)


@router.get("/downstream")
def downstream(
    request: Request,
    product_id: str,
    paging: PagedLong,
    depth: DepthParam = None,
    region: str = "shanghai",
    floor: str = FLOOR,
    unknown: str = UNKNOWN,
    edition: EditionParam = None,
) -> Response:
    """What needs a product, all the way, the nearest first."""
    network = network_of(request, edition)
    rows = dependency_rows(network, product_id, "downstream", depth, region, floor, unknown)
    return listing(network, f"{product_id}-downstream", rows, paging)


@router.get("/users")
def users(
    request: Request,
    product_id: str,
    paging: PagedLong,
    edition: EditionParam = None,
) -> Response:
    """The products that name this one as an input."""
    network = network_of(request, edition)
    rows = users_of(network, network.product(product_id))
    return listing(network, f"{product_id}-users", rows, paging)


@router.get("/suppliers")
def suppliers(
    request: Request,
    product_id: str,
    paging: PagedLong,
    region: str = "world",
    edition: EditionParam = None,
) -> Response:
    """Who supplies a product or a variant of it in a region, the nearest first."""
    network = network_of(request, edition)
    rows = supply_facts(network, network.product(product_id), region)
    return listing(network, f"{product_id}-suppliers", rows, paging)


@router.get("/cut-sets")
async def cut_sets_of(
    request: Request,
    product_id: str,
    kind: CutKind = "economy",
    order: Annotated[int, Query(ge=1, le=MOST_ORDER, description="Most elements of a set.")] = 2,
    floor: str = FLOOR,
    unknown: str = UNKNOWN,
    edition: EditionParam = None,
) -> Response:
    """The smallest sets of economies, cities, parks, firms or products whose loss stops a product.

    What takes long is computed beside the server: after 20 s the sets so far with `complete` false, 503 with
    `Retry-After` when too many wait.
    """
    network = await run_in_threadpool(network_of, request, edition)
    asked = (product_id, kind, order, floor, unknown)
    network.product(product_id)
    if order <= _QUICK_ORDER and len(network.products) <= _QUICK_PRODUCTS:
        return json_response(await run_in_threadpool(cut_sets, network, *asked))
    workers = workers_of(request)
    return ready(await workers.ask(request, cuts, *asked, edition=network.edition, budget_s=CUTS_BUDGET_S))


@router.get("/concentration")
def concentration_of(
    request: Request, product_id: str, region: str = "shanghai", edition: EditionParam = None
) -> Response:
    """How concentrated the supply of a product is, and how far a region depends on what lies outside it."""
    return json_response(concentration(network_of(request, edition), product_id, region))


@router.get("/candidates")
def candidates_of(
    request: Request,
    product_id: str,
    paging: Paged,
    region: str = "shanghai",
    edition: EditionParam = None,
) -> Response:
    """Who could come to make a product in a region, those first who are nearest to it, each with reason and facts."""
    network = network_of(request, edition)
    found = candidates(network, product_id, region)
    about = {name: getattr(found, name) for name in ("product_id", "region", "status", "here", "groups")}
    about |= {"nearest": found.nearest, "cities": found.cities, "back_test": back_test(network)}
    name = f"{product_id}-candidates"
    return listing(network, name, found.items, paging, about)
