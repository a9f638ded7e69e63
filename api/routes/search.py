"""Find things by name."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.answers import EditionParam, FormatParam, Limit, Offset, json_response, rows_file
from api.state import network_of
from queries import search as engine

router = APIRouter()

_MOST_IN_FILE = 1000


def words(values: list[str]) -> list[str]:
    """The words of a parameter that is repeated, or holds several separated by commas."""
    return [word.strip() for value in values for word in value.split(",") if word.strip()]


@router.get("/search", tags=["search"])
def search(
    request: Request,
    q: Annotated[str, Query(max_length=100, description="Name, alias, code, pinyin or its initials.")] = "",
    kinds: Annotated[list[str], Query(description="Kinds to look at, separated by commas.")] = [],  # noqa: B006
    limit: Limit = 20,
    offset: Offset = 0,
    as_: FormatParam = "json",
    edition: EditionParam = None,
) -> Response:
    """Things whose name fits a text, the best first, with what matched."""
    network = network_of(request, edition)
    if as_ != "json":
        return rows_file("search", engine.search(network, q, words(kinds), _MOST_IN_FILE, 0)[0], as_)
    items, total = engine.search(network, q, words(kinds), limit, offset)
    return json_response({"items": items, "total": total, "edition": network.edition})
