"""Facts loaded over HTTP, by who holds the admin token."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path
from typing import Annotated

from fastapi import File, Form, HTTPException, Request, UploadFile
from starlette.responses import Response

from api.answers import json_response
from api.findings import report_body
from api.metrics import Metrics
from api.routers import json_router
from api.settings import settings_of
from api.state import State, state_of
from api.uploads import Unpacking, bounded
from graph.errors import LoadInProgress
from ingest.pipeline import Loaded, load

MOST_MB = 60
_at_work = threading.Lock()


def _check_token(request: Request) -> None:
    """Refuse who has not the token, before anything of the request is read."""
    settings = settings_of(request)
    if not settings.has_admin:
        raise HTTPException(403, "This server only reads: it was started without LIANTU_ADMIN_TOKEN.")
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not settings.is_admin(given.strip()):
        raise HTTPException(
            401, "Send the admin token: Authorization: Bearer TOKEN.", {"WWW-Authenticate": 'Bearer realm="liantu"'}
        )


router = json_router("loads", route_class=bounded(lambda: MOST_MB * 1_000_000, _check_token))


def _load(state: State, files: list[UploadFile], layer: str, replace: bool, accept_refused: bool) -> Loaded:
    with tempfile.TemporaryDirectory(prefix="liantu-") as place:
        folder = Path(place) / layer
        folder.mkdir()
        unpacking = Unpacking(folder)
        for upload in files:
            unpacking.put(upload.filename or "", upload.file)
        return load(state.store, folder, layer=layer, replace=replace, accept_refused=accept_refused)


@router.post("/loads")
def post_load(
    request: Request,
    files: Annotated[list[UploadFile], File(description="Fact tables: .csv, .jsonl, .xlsx, or .zip of such.")],
    layer: Annotated[str, Form(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60, description="Name of the layer.")],
    replace: Annotated[bool, Form(description="Whether to drop the other layers.")] = False,
    accept_refused: Annotated[bool, Form(description="Whether to load when rows are refused.")] = False,
) -> Response:
    """Lay fact tables over the current edition; wants `Authorization: Bearer` and the admin token.

    The report tells of every row that was refused; `loaded` is false where nothing was loaded, which is so when a row
    is refused and `accept_refused` is not set. At most 60 MB, and 500 MB unpacked.
    """
    state, metrics = state_of(request), request.app.state.metrics
    if not _at_work.acquire(blocking=False):
        raise LoadInProgress(state.store.url, 0)
    try:
        found = _load(state, files, layer, replace, accept_refused)
    except BaseException:
        metrics.loaded("failed")
        raise
    finally:
        _at_work.release()
    _count(metrics, found)
    state.look_again()
    body = {"loaded": found.edition is not None, "changed": found.changed, "layer": layer}
    edition = found.edition.id if found.edition else state.store.current()
    return json_response(body | {"edition": edition, "report": report_body(found.report, layer)})


def _count(metrics: Metrics, found: Loaded) -> None:
    metrics.loaded("refused" if found.edition is None else "loaded" if found.changed else "unchanged")
