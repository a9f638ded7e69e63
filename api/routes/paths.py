"""The ways by which one product needs another."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from api.answers import EditionParam, Paged, page_of
from api.routers import json_router
from api.state import network_of
from queries.paths import paths

router = json_router("products")

_MOST_IN_A_FILE = 10_000


@router.get("/paths")
def shortest_paths(
    request: Request,
    from_: Annotated[str, Query(alias="from", description="Id of the product that needs.")],
    to: Annotated[str, Query(description="Id of the product that is needed, upstream of it.")],
    paging: Paged,
    edition: EditionParam = None,
) -> Response:
    """The shortest ways by which a product needs another; none where it does not, with `depth_back` the other way."""
    network = network_of(request, edition)
    found = paths(network, from_, to, *paging.span(_MOST_IN_A_FILE))
    extra = {"from": from_, "to": to, "depth": found.depth, "depth_back": found.depth_back}
    return page_of(network, f"{from_}-{to}-paths", found.items, found.total, paging, extra)
