"""报告错误: a short form on every profile; what it keeps is read by the administrator on the page of the data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Form, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from api.pages.page import language_of, page
from api.reports import Report, keep, kept
from api.routers import page_router
from api.settings import settings_of
from api.state import network_of
from viz.render import link

router = page_router()

Short = Annotated[str, Form(max_length=300)]


def _here(address: str) -> str:
    """An address of ours without the host; empty for any other."""
    found = urlsplit(address)
    path = found.path + (f"?{found.query}" if found.query else "")
    return path if path.startswith("/") and not path.startswith("//") else ""


@router.get("/report")
def form(
    request: Request,
    thing: Annotated[str, Query(max_length=200)] = "",
    at: Annotated[str, Query(max_length=500)] = "",
    edition: str | None = None,
) -> Response:
    """The form; without a token set nothing can be kept, and the text is shown to be copied."""
    return page(
        request,
        "report.html.j2",
        network_of(request, edition),
        thing=thing,
        at=_here(at),
        keeps=settings_of(request).has_admin,
        done=None,
    )


@router.post("/report")
def send(
    request: Request,
    thing: Annotated[str, Form(max_length=200)] = "",
    fact: Short = "",
    at: Annotated[str, Form(max_length=500)] = "",
    edition: Annotated[str, Form(max_length=40)] = "",
    text: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Keep a report, or show it to be copied."""
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403, "A report comes from the form of this site.")
    settings = settings_of(request)
    report = Report(datetime.now(UTC).isoformat(timespec="seconds"), thing, fact, _here(at), edition, text)
    if settings.has_admin and text.strip():
        keep(settings.reports, report)
    return page(
        request,
        "report.html.j2",
        network_of(request),
        thing=thing,
        at=report.page,
        keeps=settings.has_admin,
        done=report,
    )


@router.get("/data/reports")
def to_the_form(request: Request) -> Response:
    """The list is shown to who sends the token; an address that was kept leads to the form for it."""
    return RedirectResponse(link("/data", language_of(request)), 303)


@router.post("/data/reports")
def reports(request: Request, token: Annotated[str, Form(max_length=200)] = "") -> Response:
    """All reports, for who knows the token."""
    settings = settings_of(request)
    if not settings.is_admin(token):
        raise HTTPException(403, "The token is not the one that the server was started with.")
    return page(request, "reports.html.j2", network_of(request), reports=kept(settings.reports))
