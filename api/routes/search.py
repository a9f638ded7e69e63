"""Find things by name."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from api.answers import EditionParam, PagedShort, page_of
from api.routers import json_router
from api.state import network_of
from queries import search as engine

router = json_router()

_MOST_IN_FILE = 1000


def words(values: list[str]) -> list[str]:
    """The words of a parameter that is repeated, or holds several separated by commas."""
    return [word.strip() for value in values for word in value.split(",") if word.strip()]


@router.get("/search", tags=["search"])
def search(
    request: Request,
    paging: PagedShort,
    q: Annotated[str, Query(max_length=100, description="Name, alias, code, pinyin or its initials.")] = "",
    kinds: Annotated[list[str], Query(description="Kinds to look at, separated by commas.")] = [],  # noqa: B006
    edition: EditionParam = None,
) -> Response:
    """Things whose name fits a text, the best first, with what matched."""
    network = network_of(request, edition)
    items, total = engine.search(network, q, words(kinds), *paging.span(_MOST_IN_FILE))
    return page_of(network, "search", items, total, paging)
