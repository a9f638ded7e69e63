"""Answers that hold as long as the edition: ETag, 304, and the bytes of the latest ones kept."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from importlib.metadata import version
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.state import State
from graph.errors import LiantuError
from queries.editions import former_of
from queries.targets import today

VERSION = version("liantu")
_LARGEST = 2_000_000
_MOST_BYTES = 64_000_000
# What these answer depends on the day,
_OF_TODAY = ("/", "/targets", "/warnings", "/api/v1/targets", "/api/v1/warnings", "/api/v1/events")
# this on the edition before,
_OF_FORMER = ("/", "/warnings", "/api/v1/warnings")
# and this on what the store keeps beside the edition.
_OF_STORE = ("/data", "/api/v1/editions")
_NEVER = ("/healthz", "/metrics", "/static/", "/docs", "/openapi.json")


_Key = tuple[str, str | None, str, bytes, bool, str]
"""Edition, former edition, path, query, whether gzip is taken, day: what an answer depends on."""


@dataclass(frozen=True, slots=True)
class _Kept:
    route: str | None
    headers: list[tuple[bytes, bytes]]
    body: bytes


class EditionCache:
    """ASGI middleware: a successful GET is computed once for each edition and address.

    The tag names edition, version of the program, address and, where it matters, the day, so that the same request
    under the same tag gives the same bytes. Who asks for what is being computed waits for it.
    """

    def __init__(self, app: ASGIApp, state: State) -> None:
        self.app = app
        self._state = state
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()
        self._coming: dict[_Key, asyncio.Event] = {}
        self._looking: asyncio.Future[str] | None = None
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or pass on and keep."""
        if scope["type"] != "http" or scope["method"] != "GET" or _is_never_kept(scope["path"]):
            await self.app(scope, receive, send)
            return
        edition = await self._edition(scope)
        if edition is None:
            await self.app(scope, receive, send)
            return
        scope["liantu.edition"] = edition  # the answer is of this edition, also when another one arrives meanwhile
        former = await self._former(edition) if _about(scope, _OF_FORMER) else None
        key = _key(edition, former, scope)
        if known := _header(scope, b"if-none-match"):
            tag = _tag(key).encode()
            if known == tag:
                await send({"type": "http.response.start", "status": 304, "headers": [(b"etag", tag)]})
                await send({"type": "http.response.body", "body": b""})
                return
        if key not in self._kept and key in self._coming:
            await self._coming[key].wait()
        if (kept := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            scope["liantu.route"] = kept.route
            await send({"type": "http.response.start", "status": 200, "headers": kept.headers})
            await send({"type": "http.response.body", "body": kept.body})
        else:
            await self._compute(key, scope, receive, send)

    async def _edition(self, scope: Scope) -> str | None:
        """The edition that a request asks for; `None` where there is none to tell."""
        query = scope["query_string"]
        asked = parse_qs(query.decode("latin-1")).get("edition", [""])[0] if b"edition" in query else ""
        try:
            return asked or self._state.fresh_current() or await self._current()
        except LiantuError:
            return None

    async def _current(self) -> str:
        """The current edition, looked up once for all who ask meanwhile."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.ensure_future(run_in_threadpool(self._state.current))
        return await asyncio.shield(self._looking)

    async def _former(self, edition: str) -> str | None:
        """The edition before another, from what was looked up a moment ago or else from the store, in a thread."""
        kept = self._state.fresh_summaries()
        return await run_in_threadpool(self._state.former, edition) if kept is None else former_of(kept, edition)

    async def _compute(self, key: _Key, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}
        parts: list[bytes] = []
        mine = key not in self._coming  # who waited in vain computes for himself
        done = self._coming.setdefault(key, asyncio.Event())

        def answered() -> _Key:
            return scope["liantu.edition"], *key[1:]  # what was read of the graph may be of a newer edition

        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if message["status"] == 200 and headers.get("cache-control") != "no-store":
                    headers["etag"] = _tag(answered())
                    start.update(message)
            else:
                parts.append(message.get("body", b""))
                if start and not message.get("more_body", False):
                    self._keep(answered(), _Kept(route_of(scope), list(start["headers"]), b"".join(parts)))
                    done.set()  # nobody else waits for a slow client to take his answer
            await send(message)

        try:
            await self.app(scope, receive, watch)
        finally:
            if mine:
                del self._coming[key]
                done.set()

    def _keep(self, key: _Key, kept: _Kept) -> None:
        if key not in self._kept and len(kept.body) <= _LARGEST:
            self._kept[key] = kept
            self._bytes += len(kept.body)
        while self._bytes > _MOST_BYTES:
            self._bytes -= len(self._kept.popitem(last=False)[1].body)


def route_of(scope: Scope) -> str | None:
    """The template of the address that answered a request; `None` where none did."""
    if "liantu.route" in scope:
        return str(scope["liantu.route"]) if scope["liantu.route"] else None
    path = getattr(scope.get("route"), "path", None)
    return None if path is None else str(path)


def _is_never_kept(path: str) -> bool:
    return path in _OF_STORE or path.startswith(_NEVER)


def _about(scope: Scope, paths: tuple[str, ...]) -> bool:
    """Whether a request is for one of some addresses, or for one thing of a list among them."""
    path = scope["path"]
    return path in paths or any(path.startswith(f"{start}/") for start in paths if start != "/")


def _header(scope: Scope, name: bytes) -> bytes:
    return next((value for found, value in scope["headers"] if found == name), b"")


def _key(edition: str, former: str | None, scope: Scope) -> _Key:
    day = str(today()) if _about(scope, _OF_TODAY) else ""
    gzip = b"gzip" in _header(scope, b"accept-encoding")
    return edition, former, scope["path"], scope["query_string"], gzip, day


def _tag(key: _Key) -> str:
    edition, former, path, query, gzip, day = key
    address = b"\0".join((path.encode(), query, b"gzip" if gzip else b"", day.encode(), (former or "").encode()))
    return f'"{edition}-{VERSION}-{hashlib.blake2b(address, digest_size=8).hexdigest()}"'
