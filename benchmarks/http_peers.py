"""The servers that `http_speed.py` measures beside ours; LIANTU_BENCH names the folder with the answers they give.

bare            an ASGI function that sends the bytes that our server sent, compressed if asked for
fastapi_dict    FastAPI routes that return the dict that our server's bytes say
as a program    our server with long questions in threads instead of processes
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI

PATHS = ("/api/v1/gaps", "/api/v1/chains/high-end-chips/panorama")


def _answers() -> dict[tuple[str, str], bytes]:
    folder = os.environ.get("LIANTU_BENCH")
    if folder is None:
        return {}
    return {
        (path, encoding): (Path(folder) / f"{number}-{encoding}").read_bytes()
        for number, path in enumerate(PATHS)
        for encoding in ("identity", "gzip")
    }


ANSWERS = _answers()
fastapi_dict = FastAPI()


def _giving(body: Any) -> Callable[[], Any]:
    return lambda: body


for kept, data in ANSWERS.items():
    if kept[1] == "identity":
        fastapi_dict.add_api_route(kept[0], _giving(json.loads(data)))


async def bare(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Send what was kept."""
    if scope["type"] != "http":
        return
    gzip = (b"accept-encoding", b"gzip") in scope["headers"]
    headers = [(b"content-type", b"application/json")] + ([(b"content-encoding", b"gzip")] if gzip else [])
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": ANSWERS[scope["path"], "gzip" if gzip else "identity"]})


def in_threads(port: int) -> None:
    """Our server, as it would be without worker processes."""
    import threading

    import orjson
    import uvicorn
    from starlette.concurrency import run_in_threadpool

    from api.app import create_app
    from api.settings import Settings
    from graph.store import open_store

    class Threads:
        def __init__(self, state: Any) -> None:
            self.state = state

        async def ask(self, _: Any, job: Any, *args: Any, edition: str | None = None, budget_s: float) -> bytes:
            more = (self.state.network(edition),) if edition else ()
            return orjson.dumps(await run_in_threadpool(job, *more, *args))

        def close(self) -> None:
            pass

    settings = Settings()
    app = create_app(open_store(settings.store, settings.credentials()))
    app.state.workers = Threads(app.state.liantu)
    threading.Thread(target=app.state.liantu.warm, daemon=True).start()
    uvicorn.run(app, port=port, timeout_graceful_shutdown=1)


if __name__ == "__main__":
    in_threads(int(sys.argv[1]))
