"""Answers that hold as long as the edition: ETag, 304, and the bytes of the latest ones kept."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from importlib.metadata import version
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.state import State
from graph.errors import LiantuError
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
_NEVER = ("/healthz", "/static/", "/docs", "/openapi.json")


@dataclass(frozen=True, slots=True)
class _Kept:
    headers: list[tuple[bytes, bytes]]
    body: bytes


class EditionCache:
    """ASGI middleware: a successful GET is computed once for each edition and address.

    The tag names edition, version of the program, address and, where it matters, the day, so that the same request
    under the same tag gives the same bytes.
    """

    def __init__(self, app: ASGIApp, state: State) -> None:
        self.app = app
        self._state = state
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
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
        former = await run_in_threadpool(self._state.former, edition) if _about(scope, _OF_FORMER) else None
        tag = _tag(edition, former, scope)
        if Headers(scope=scope).get("if-none-match") == tag:
            await send({"type": "http.response.start", "status": 304, "headers": [(b"etag", tag.encode())]})
            await send({"type": "http.response.body", "body": b""})
        elif tag in self._kept:
            self._kept.move_to_end(tag)
            await _send_kept(self._kept[tag], send)
        else:
            await self._compute(tag, scope, receive, send)

    async def _edition(self, scope: Scope) -> str | None:
        """The edition that a request asks for; `None` where there is none to tell."""
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("edition", [""])[0]
        try:
            return asked or self._state.fresh_current() or await run_in_threadpool(self._state.current)
        except LiantuError:
            return None

    async def _compute(self, tag: str, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}
        parts: list[bytes] = []

        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start":
                if message["status"] == 200:
                    MutableHeaders(scope=message)["etag"] = tag
                start.update(message)
            else:
                parts.append(message.get("body", b""))
            await send(message)

        await self.app(scope, receive, watch)
        body = b"".join(parts)
        if start.get("status") == 200 and len(body) <= _LARGEST:
            self._keep(tag, _Kept(list(start["headers"]), body))

    def _keep(self, tag: str, kept: _Kept) -> None:
        if tag not in self._kept:
            self._kept[tag] = kept
            self._bytes += len(kept.body)
        while self._bytes > _MOST_BYTES:
            self._bytes -= len(self._kept.popitem(last=False)[1].body)


def _is_never_kept(path: str) -> bool:
    return path in _OF_STORE or path.startswith(_NEVER)


def _about(scope: Scope, paths: tuple[str, ...]) -> bool:
    """Whether a request is for one of some addresses, or for one thing of a list among them."""
    path = scope["path"]
    return path in paths or any(path.startswith(f"{start}/") for start in paths if start != "/")


def _tag(edition: str, former: str | None, scope: Scope) -> str:
    encoding = b"gzip" if "gzip" in Headers(scope=scope).get("accept-encoding", "") else b""
    day = str(today()).encode() if _about(scope, _OF_TODAY) else b""
    address = b"\0".join((scope["path"].encode(), scope["query_string"], encoding, day, (former or "").encode()))
    return f'"{edition}-{VERSION}-{hashlib.blake2b(address, digest_size=8).hexdigest()}"'


async def _send_kept(kept: _Kept, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": kept.headers})
    await send({"type": "http.response.body", "body": kept.body})
