"""数据: editions, sources, measures."""

from __future__ import annotations

from collections import Counter

from fastapi import Request
from starlette.responses import Response

from api.findings import finding_sums, kept_reports
from api.pages.page import page
from api.routers import page_router
from api.state import network_of, state_of
from graph.schema import count_rows

router = page_router()


@router.get("/data")
def data(request: Request, edition: str | None = None) -> Response:
    """What is loaded, and where it comes from."""
    network = network_of(request, edition)
    kinds = Counter(row.kind or "website" for row in network.facts.sources)
    reports = kept_reports(state_of(request).store, network.edition)
    return page(
        request,
        "data.html.j2",
        network,
        counts=count_rows(network.facts),
        source_kinds=kinds.most_common(),
        editions=state_of(request).store.editions(),
        loads=[(layer, report, finding_sums(report)) for layer, report in reports.items()],
    )
