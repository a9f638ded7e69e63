"""One step around a node, for who explores the graph."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from api.answers import EditionParam, Paged, json_response, rows_file
from api.routers import json_router
from api.routes.search import words
from api.state import network_of
from queries.neighbours import neighbours

router = json_router("neighbours")

_ALL = 1_000_000


@router.get("/neighbours/{kind}/{node_id}")
def neighbours_of(
    request: Request,
    kind: str,
    node_id: str,
    paging: Paged,
    relation: Annotated[list[str], Query(description="SUPPLIES, in:SUPPLIES, out:SUPPLIES …; by commas.")] = [],  # noqa: B006
    kinds: Annotated[list[str], Query(description="Kinds of the other end, by commas.")] = [],  # noqa: B006
    each: Annotated[int | None, Query(ge=0, le=1000, description="Most neighbours of each sort.")] = None,
    edition: EditionParam = None,
) -> Response:
    """What a node is joined to, those with most edges first, and how many there are of each sort."""
    network = network_of(request, edition)
    limit, offset = paging.span(_ALL)
    found = neighbours(network, kind, node_id, words(relation), words(kinds), each=each, limit=limit, offset=offset)
    if paging.as_ != "json":
        return rows_file(network, f"{kind}-{node_id}-neighbours", found.items, paging.as_, paging.words)
    return json_response(found)
