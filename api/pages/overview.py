"""总览: all chains and industries, the greatest gaps, warnings, targets, the evidence."""

from __future__ import annotations

from collections import Counter

from fastapi import Request
from starlette.responses import Response

from api.pages.page import page
from api.routers import page_router
from api.state import network_of, past_of_request
from queries.overview import overview
from queries.targets import targets, today
from queries.warnings import counts, warnings_on

router = page_router()


@router.get("/")
def home(request: Request, edition: str | None = None) -> Response:
    """The overview."""
    network = network_of(request, edition)
    past = past_of_request(request, network)
    warnings = warnings_on(network, today(), past)
    statuses = Counter(row.status for row in targets(network, today()))
    return page(
        request,
        "overview.html.j2",
        network,
        found=overview(network),
        targets=statuses,
        warnings=warnings,
        levels=counts(warnings),
        loaded=past.loaded,
    )
