"""Systemic risk of the firms of a network that comes with the request; nothing of it is kept."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, HTTPException, Request, UploadFile
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.types import Message

from api.answers import json_response
from graph.errors import BadInput
from queries.systemic_risk import EPS, read_sales, systemic_risk

_FILE_MB = 20
_REQUEST_BYTES = (3 * _FILE_MB + 1) * 1_000_000
_BUDGET_S = 30.0
_at_work = threading.Lock()  # one network at a time: each takes a core and much memory


def _too_large(what: str, most_mb: int) -> HTTPException:
    return HTTPException(413, f"{what} is larger than {most_mb} MB. Send less, or use the Python function.")


class _Bounded(APIRoute):
    """A route that stops to read a request past its greatest size, whatever its header says."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with a count around what it reads."""
        handler = super().get_route_handler()

        async def bounded(request: Request) -> Response:
            read = 0

            async def receive() -> Message:
                nonlocal read
                message = await request.receive()
                read += len(message.get("body", b""))
                if read > _REQUEST_BYTES:
                    raise _too_large("The request", _REQUEST_BYTES // 1_000_000)
                return message

            return await handler(Request(request.scope, receive))

        return bounded


router = APIRouter(tags=["systemic risk"], route_class=_Bounded)


def _lines(name: str, upload: UploadFile) -> io.StringIO:
    if (upload.size or 0) > _FILE_MB * 1_000_000:
        raise _too_large(f"The file {name}", _FILE_MB)
    try:
        return io.StringIO(upload.file.read().decode("utf-8-sig"), newline="")
    except UnicodeDecodeError as error:
        raise BadInput(f"{name}, byte {error.start}", "not UTF-8", "a CSV file in UTF-8") from None


@router.post("/systemic-risk")
def post_systemic_risk(
    edges: Annotated[UploadFile, File(description="CSV with from, to, weight; at most 20 MB.")],
    firms: Annotated[UploadFile, File(description="CSV with id, sector; at most 20 MB.")],
    essentiality: Annotated[
        UploadFile, File(description="CSV with supplier_sector, buyer_sector, value 2, 1 or 0; at most 20 MB.")
    ],
    eps: Annotated[float, Form(description="Steps stop when no firm loses more than this in one.")] = EPS,
    substitution: Annotated[bool, Form(description="Whether small parts of a sector are easily replaced.")] = True,
) -> Response:
    """What the failure of each firm takes from all sales; after 30 s the firms done so far, with `complete` false."""
    if not _at_work.acquire(blocking=False):
        raise HTTPException(503, "Another network is being computed. Try again in a minute.", {"Retry-After": "60"})
    try:
        files = {"edges": edges, "firms": firms, "essentiality": essentiality}
        sales = read_sales(**{name: _lines(name, upload) for name, upload in files.items()})
        return json_response(systemic_risk(sales, eps, substitution=substitution, budget_s=_BUDGET_S))
    finally:
        _at_work.release()
