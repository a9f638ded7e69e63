"""Counts and times of requests, for Prometheus."""

from __future__ import annotations

import contextlib
import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.cache import VERSION, route_of
from api.state import State
from graph.errors import LiantuError

_BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class Metrics:
    """What one application has counted."""

    media_type = CONTENT_TYPE_LATEST

    def __init__(self, state: State) -> None:
        self._state = state
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        labels = ("method", "route", "status")
        self._requests = Counter("liantu_requests", "Requests answered.", labels, registry=self._registry)
        self._seconds = Histogram(
            "liantu_request_seconds",
            "Seconds from a request to the end of its answer.",
            ("route",),
            buckets=_BOUNDS_S,
            registry=self._registry,
        )
        self._edition = Gauge(
            "liantu_edition",
            "1 for the edition that is served.",
            ("edition", "store", "version"),
            registry=self._registry,
        )
        self._loads = Counter("liantu_loads", "Loads over HTTP by their end.", ("end",), registry=self._registry)
        self._children: dict[tuple[str, str | None, int], tuple[Counter, Histogram]] = {}

    def answered(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """Count an answer; addresses that no route has are one route, whatever they are."""
        method = method if method in _METHODS else "(other)"
        key = method, route, status
        if key not in self._children:
            name = route or "(none)"
            self._children[key] = self._requests.labels(method, name, str(status)), self._seconds.labels(name)
        count, times = self._children[key]
        count.inc()
        times.observe(seconds)

    def loaded(self, end: str) -> None:
        """Count a load: `loaded`, `unchanged`, `refused` or `failed`."""
        self._loads.labels(end).inc()

    def text(self) -> bytes:
        """All figures in the text format of Prometheus."""
        self._edition.clear()
        with contextlib.suppress(LiantuError):  # no edition is told of where there is none, or the store is away
            self._edition.labels(self._state.current(), self._state.store.name, VERSION).set(1)
        return generate_latest(self._registry)


class Measured:
    """ASGI middleware: counts and times every answer."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and count when the answer has gone."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watch)
        finally:
            self._metrics.answered(scope["method"], route_of(scope), status, time.perf_counter() - started)
