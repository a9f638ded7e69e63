"""What every page has: its language, its edition, its address."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from graph.errors import BadInput
from queries.names import Language
from queries.network import Network
from queries.targets import today
from viz.render import LANGUAGES, link, render


def language_of(request: Request) -> Language:
    """The language that a request asks for by `lang`; Chinese without one."""
    asked = request.query_params.get("lang", "zh")
    return next((language for language in LANGUAGES if language == asked), "zh")


def day_of(text: str) -> date:
    """The day that a page is asked for; today in Shanghai without one.

    Raises:
        BadInput: It is no day.
    """
    try:
        return date.fromisoformat(text) if text else today()
    except ValueError:
        raise BadInput("on", text, "a day, YYYY-MM-DD") from None


def other_language(request: Request) -> dict[Language, str]:
    """The address of the same page in each language."""
    parameters = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    names = dict.fromkeys(name for name, _ in parameters)
    given = {name: [value for n, value in parameters if n == name] for name in names}
    return {language: link(request.url.path, language, **given) for language in LANGUAGES}


def page(
    request: Request, template: str, network: Network | None, *, status: int = 200, **context: Any
) -> HTMLResponse:
    """A template as an answer, with what every page has."""
    language = language_of(request)
    body = render(
        template,
        language,
        here=request.url.path,
        languages=other_language(request),
        network=network,
        edition=network.edition if network else None,
        **context,
    )
    return HTMLResponse(body, status)
