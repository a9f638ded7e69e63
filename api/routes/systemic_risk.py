"""Systemic risk of the firms of a network that comes with the request; nothing of it is kept."""

from __future__ import annotations

from typing import Annotated

from fastapi import File, Form, Request, UploadFile
from starlette.responses import Response

from api.answers import ready
from api.jobs import RISK_BUDGET_S, risk
from api.routers import json_router
from api.state import workers_of
from api.uploads import bounded, too_large
from queries.systemic_risk import EPS

_FILE_MB = 20
_REQUEST_BYTES = (3 * _FILE_MB + 1) * 1_000_000


router = json_router("systemic risk", route_class=bounded(lambda: _REQUEST_BYTES))


async def _data(name: str, upload: UploadFile) -> bytes:
    if (upload.size or 0) > _FILE_MB * 1_000_000:
        raise too_large(f"The file {name}", _FILE_MB)
    return await upload.read()


@router.post("/systemic-risk")
async def post_systemic_risk(
    request: Request,
    edges: Annotated[UploadFile, File(description="CSV with from, to, weight; at most 20 MB.")],
    firms: Annotated[UploadFile, File(description="CSV with id, sector; at most 20 MB.")],
    essentiality: Annotated[
        UploadFile, File(description="CSV with supplier_sector, buyer_sector, value 2, 1 or 0; at most 20 MB.")
    ],
    eps: Annotated[float, Form(description="Steps stop when no firm loses more than this in one.")] = EPS,
    substitution: Annotated[bool, Form(description="Whether small parts of a sector are easily replaced.")] = True,
) -> Response:
    """What the failure of each firm takes from all sales; after 30 s the firms done so far, with `complete` false.

    It is computed beside the server; 503 with `Retry-After` when too many wait.
    """
    files = {"edges": edges, "firms": firms, "essentiality": essentiality}
    data = {name: await _data(name, upload) for name, upload in files.items()}
    return ready(await workers_of(request).ask(request, risk, data, eps, substitution, budget_s=RISK_BUDGET_S))
