"""How good the lists of candidates are."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from api.answers import EditionParam, Paged, listing
from api.routers import json_router
from api.state import network_of
from queries.back_test import back_test, questions

router = json_router("candidates")


@router.get("/candidates/back-test")
def back_test_of(request: Request, paging: Paged, edition: EditionParam = None) -> Response:
    """Known producers hidden one by one: at which rank the candidates bring each back, and how often in all."""
    network = network_of(request, edition)
    answers, _, _ = questions(network)
    extra = {"back_test": back_test(network)}
    return listing(network, "back-test", answers, paging, extra)
