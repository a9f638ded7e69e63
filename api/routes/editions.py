"""The editions that are kept, and what changed between two of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Query, Request
from starlette.responses import Response

from api.answers import Paged, json_response, listing
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
