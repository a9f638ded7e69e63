"""The server as a process: what is answered first, and what is prepared while it answers."""

from __future__ import annotations

import contextlib
import gc
import logging
import socket
import sys
import threading
from copy import deepcopy
from http import HTTPStatus
from typing import Any

import uvicorn
from uvicorn.config import LOGGING_CONFIG

from api.app import create_app
from api.settings import Settings
from api.state import State
from graph.store import Store
from viz.render import read_templates

_PHRASES: dict[Any, str] = {int(status): status.phrase for status in HTTPStatus}


class AccessLine(logging.Formatter):
    """The line that uvicorn writes of a request, without colours and in a third of the time."""

    def format(self, record: logging.LogRecord) -> str:
        """`INFO:     127.0.0.1:40000 - "GET /gaps HTTP/1.1" 200 OK`."""
        client, method, path, version, status = record.args  # type: ignore[misc]
        return f'INFO:     {client} - "{method} {path} HTTP/{version}" {status} {_PHRASES.get(status, "")}'


class _Server(uvicorn.Server):
    """Prepares the pages once it listens, so that whoever asks at once is answered at once."""

    def __init__(self, config: uvicorn.Config, state: State) -> None:
        super().__init__(config)
        self._state = state

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        threading.Thread(target=self._prepare, name="warm", daemon=True).start()

    def _prepare(self) -> None:
        """Prepare, then look for garbage, but never again in what stays: to look through all of it takes 0.2 s."""
        try:
            self._state.warm()
            read_templates("zh")
        finally:
            gc.freeze()
            gc.enable()


def _log_config() -> dict[str, Any]:
    """As uvicorn logs, but that a line to a file or a pipe, where nobody sees colours, is made quickly."""
    config = deepcopy(LOGGING_CONFIG)
    if not sys.stdout.isatty():
        config["formatters"]["access"] = {"()": AccessLine}
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False  # no line names them
    return config


def serve(store: Store, settings: Settings, host: str, port: int) -> None:
    """Serve a store until the process is told to end; whoever calls may have `gc` disabled meanwhile."""
    app = create_app(store, settings)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=_log_config(),
        log_level="info",
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    with contextlib.suppress(KeyboardInterrupt):
        _Server(config, app.state.liantu).run()
