"""A running server, and pages of the real browser."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from graph.store import Store


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    """Call it for a port that nobody uses."""
    return _free_port


Serve = Callable[[Store], str]


@pytest.fixture(scope="session")
def serve_app() -> Iterator[Callable[[FastAPI], str]]:
    """Call it with an application: serves it from a thread and answers with the address."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(app: FastAPI) -> str:
        port = _free_port()
        server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        running.append((server, thread))
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        return f"http://127.0.0.1:{port}"

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="session")
def serve(serve_app: Callable[[FastAPI], str]) -> Serve:
    """Call it with a store: serves it from a thread and answers with the address."""
    return lambda store: serve_app(create_app(store))


@pytest.fixture(scope="session")
def client(arcadedb_store: Store) -> Iterator[TestClient]:
    """A client of a server with the shipped facts, without a browser."""
    with TestClient(create_app(arcadedb_store), raise_server_exceptions=False, follow_redirects=False) as found:
        yield found


@pytest.fixture(scope="session")
def address(serve: Serve, arcadedb_store: Store) -> str:
    """The address of a server with the shipped facts."""
    return serve(arcadedb_store)


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Call it for a new page; what the browser complains of fails the test."""
    complaints: list[str] = []
    contexts = []

    def start(width: int = 1440, height: int = 900, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "requestfailed",
            lambda request: (
                complaints.append(f"{request.url}: {request.failure}")
                if "ABORTED" not in str(request.failure)
                else None
            ),
        )
        page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        return page

    yield start
    for context in contexts:
        context.close()
    assert complaints == []
