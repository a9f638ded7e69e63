"""The targets of the plan on a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from api.answers import EditionParam, Paged, listing
from api.routers import json_router
from api.routes.search import words
from api.state import network_of
from queries.targets import targets_where, today

router = json_router("targets")

DayParam = Annotated[date | None, Query(description="A day, YYYY-MM-DD; today in Shanghai without it.")]


@router.get("/targets")
def targets(
    request: Request,
    paging: Paged,
    on: DayParam = None,
    status: Annotated[list[str], Query(description="met, met-late, on-track, behind, missed, no-evidence.")] = [],  # noqa: B006
    edition: EditionParam = None,
) -> Response:
    """Every target of the plan, what was reached of it, and what that means on a day."""
    network, day = network_of(request, edition), on or today()
    rows = targets_where(network, day, tuple(words(status)))
    return listing(network, "targets", rows, paging, {"on": day.isoformat()})
