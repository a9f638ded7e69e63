"""术语: what the words and measures mean."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from api.pages.page import page
from api.routers import page_router
from api.state import network_of
from viz.glossary import TERMS

router = page_router()


@router.get("/glossary")
def glossary(request: Request, edition: str | None = None) -> Response:
    """The page; each word has an anchor."""
    return page(request, "glossary.html.j2", network_of(request, edition), terms=TERMS)
