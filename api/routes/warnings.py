"""Warnings and events of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from api.answers import EditionParam, Paged, listing, with_edition
from api.routers import json_router
from api.routes.search import words
from api.routes.targets import DayParam
from api.state import network_of, past_of_request
from queries.events import EventFilter, Reach, events_where
from queries.network import Network
from queries.targets import today
from queries.warning_rows import WarningRow
from queries.warnings import WarningFilter, counts, warning_in_full, warning_of, warnings_on, warnings_where

router = json_router("warnings")

ChainParam = Annotated[str | None, Query(description="Id of a chain; all without it.")]


def _on(request: Request, on: date | None, edition: str | None) -> tuple[Network, date, Sequence[WarningRow]]:
    network, day = network_of(request, edition), on or today()
    return network, day, warnings_on(network, day, past_of_request(request, network))


@router.get("/warnings")
def warnings(
    request: Request,
    paging: Paged,
    on: DayParam = None,
    level: Annotated[list[str], Query(description="red, orange, yellow, blue; several by commas.")] = [],  # noqa: B006
    rule: Annotated[
        list[str], Query(description="all-open, event, exposure, single-point, concentration, worsened.")
    ] = [],  # noqa: B006
    chain: ChainParam = None,
    edition: EditionParam = None,
) -> Response:
    """The warnings of a day, the gravest first; `counts` has the number of each level before any filter."""
    network, day, rows = _on(request, on, edition)
    found = warnings_where(network, rows, WarningFilter(tuple(words(level)), tuple(words(rule)), chain))
    extra = {"on": day.isoformat(), "counts": counts(rows)}
    return listing(network, "warnings", found, paging, extra)


@router.get("/warnings/{warning_id}")
def warning(request: Request, warning_id: str, on: DayParam = None, edition: EditionParam = None) -> Response:
    """One warning of a day with all that stops, and all that is to be mended with substitutes and candidates."""
    network, day, rows = _on(request, on, edition)
    found = warning_in_full(network, warning_of(rows, warning_id))
    return with_edition(found, network, on=day.isoformat())


@router.get("/events")
def events(
    request: Request,
    paging: Paged,
    on: DayParam = None,
    open_: Annotated[
        bool | None, Query(alias="open", description="Only those that are, or are not, open on the day.")
    ] = None,
    reach: Annotated[Reach | None, Query(description="loss, exposure or none: whether they touch us.")] = None,
    chain: ChainParam = None,
    edition: EditionParam = None,
) -> Response:
    """The events of the facts as they stand on a day, those that began last first."""
    network, day = network_of(request, edition), on or today()
    rows = events_where(network, day, EventFilter(open_, reach, chain))
    return listing(network, "events", rows, paging, {"on": day.isoformat()})
