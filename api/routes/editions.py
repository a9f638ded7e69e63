"""The editions that are kept, and what changed between two of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Query, Request
from starlette.responses import Response

from api.answers import Paged, json_response, listing, rows_file
from api.findings import kept_finding, kept_reports
from api.routers import json_router
from api.state import state_of
from queries.editions_diff import editions_diff

router = json_router("editions", prefix="/editions")


@router.get("")
def editions(request: Request) -> Response:
    """The editions that are kept, the newest first, and the current one."""
    state = state_of(request)
    items = state.store.editions()
    return json_response({"items": items, "total": len(items), "edition": state.current()})


@router.get("/{edition}/findings")
def findings(
    request: Request,
    edition: str,
    paging: Paged,
    layer: Annotated[str | None, Query(description="Name of a layer; all of them without it.")] = None,
    severity: Annotated[Literal["refused", "warning"] | None, Query(description="What became of the row.")] = None,
) -> Response:
    """What was found wrong when an edition was loaded: each row that was refused, each that was taken with a warning.

    `layers` tells how many rows each layer had; a layer that is not in it was loaded before reports were kept.
    """
    reports = kept_reports(state_of(request).store, edition)
    found = [
        (name, finding)
        for name, report in reports.items()
        for finding in report.findings
        if layer in (None, name) and severity in (None, finding.severity)
    ]
    limit, offset = paging.span(len(found))
    rows = [kept_finding(name, finding) for name, finding in found[offset : offset + limit]]
    if paging.as_ != "json":
        return rows_file(None, f"{edition}-findings", rows, paging.as_)
    layers = {
        name: {"read": report.read, "accepted": report.accepted, "refused_rows": report.refused_rows}
        for name, report in reports.items()
    }
    body = {"items": rows, "total": len(found), "edition": edition, "layers": layers}
    # The same facts may be loaded again from other files, and then the edition stays while its report does not.
    return json_response(body, headers={"Cache-Control": "no-store"})


@router.get("/{former}/diff/{latter}")
def difference(
    request: Request,
    former: str,
    latter: str,
    paging: Paged,
    part: Annotated[Literal["facts", "gaps"], Query(description="What the items are.")] = "facts",
) -> Response:
    """What changed from one edition to another: facts by table and key, gaps by product and radius."""
    state = state_of(request)
    before, after = state.network(former), state.network(latter)
    found = editions_diff(before, after)
    rows: tuple[Any, ...] = found.facts if part == "facts" else found.gaps
    extra = {"former": former, "part": part, "tables": found.tables, "radii": found.radii}
    return listing(after, f"{former}-{latter}-{part}", rows, paging, extra)
