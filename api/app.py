"""The web application: routes, pages, errors, headers and the cache around them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import pages, routes
from api.cache import VERSION, EditionCache
from api.errors import add_handlers
from api.metrics import Measured, Metrics
from api.settings import Settings
from api.state import State
from api.workers import Workers
from graph.store import Store
from viz import static_folder

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class SafeHeaders:
    """ASGI middleware: what browsers may do with an answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to every answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = _CSP
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
            await send(message)

        await self.app(scope, receive, with_headers)


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.workers.close()


def create_app(store: Store, settings: Settings | None = None) -> FastAPI:
    """The application on a store; it takes up new editions while it runs.

    Args:
        store: What is served.
        settings: Who may do what; those of the environment without any.
    """
    app = FastAPI(
        title="链图 liantu",
        version=VERSION,
        description="Shanghai's industrial chains.",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        routes=[*routes.ROUTES, *pages.ROUTES],
    )
    app.state.liantu = State(store)
    app.state.settings = settings or Settings()
    app.state.workers = Workers(store)
    app.state.metrics = Metrics(app.state.liantu)
    app.mount("/static", StaticFiles(directory=static_folder()), name="static")
    add_handlers(app)

    app.add_middleware(SafeHeaders)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(EditionCache, state=app.state.liantu)
    app.add_middleware(Measured, metrics=app.state.metrics)
    return app
