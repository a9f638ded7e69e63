"""Whether the server can answer, and how it has done so far."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.answers import json_response
from api.metrics import Metrics
from api.state import state_of

router = APIRouter()


@router.get("/healthz", tags=["service"])
def healthz(request: Request) -> Response:
    """Store, edition and number of nodes by label; 503 with the reason when the store is away."""
    state = state_of(request)
    state.store.current()  # asks the store itself, not what was remembered of it
    body = {"status": "ok", "store": state.store.name, "edition": state.current(), "counts": state.counts()}
    return json_response(body)


@router.get("/metrics", tags=["service"])
def metrics(request: Request) -> Response:
    """Requests by route and status, their times, loads, edition, memory and processor time, for Prometheus."""
    found: Metrics = request.app.state.metrics
    return Response(found.text(), media_type=found.media_type)
