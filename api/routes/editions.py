"""The editions that are kept, and what changed between two of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.answers import FormatParam, Limit, Offset, json_response, rows_file
from api.state import state_of
from queries.editions_diff import editions_diff

router = APIRouter(prefix="/editions", tags=["editions"])


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
    part: Annotated[Literal["facts", "gaps"], Query(description="What the items are.")] = "facts",
    limit: Limit = 100,
    offset: Offset = 0,
    as_: FormatParam = "json",
) -> Response:
    """What changed from one edition to another: facts by table and key, gaps by product and radius."""
    state = state_of(request)
    found = editions_diff(state.network(former), state.network(latter))
    rows: tuple[Any, ...] = found.facts if part == "facts" else found.gaps
    if as_ != "json":
        return rows_file(f"{former}-{latter}-{part}", rows, as_)
    return json_response(
        {
            "items": rows[offset : offset + limit],
            "total": len(rows),
            "edition": latter,
            "former": former,
            "part": part,
            "tables": found.tables,
            "radii": found.radii,
        }
    )
