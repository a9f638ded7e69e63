"""Questions that take long run in a process of their own: answers, errors, limits, and no process is left."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient
from starlette.requests import Request

from api import workers as module
from api.app import create_app
from api.errors import Busy
from api.jobs import cuts
from api.workers import Gone, Workers
from graph.edition import Edition
from graph.errors import NotFound, QueryTimeout
from graph.store import Store
from queries.cut_sets import cut_sets
from queries.network import Network

QUESTION = ("c919-aircraft", "economy", 3, "small-batch", "open")


def client_that(leaves: asyncio.Event) -> Request:
    async def receive() -> dict[str, str]:
        await leaves.wait()
        return {"type": "http.disconnect"}

    return Request({"type": "http"}, receive)


@asynccontextmanager
async def workers_on(store: Store) -> AsyncIterator[tuple[Workers, asyncio.Event]]:
    found = Workers(store, count=1)
    try:
        yield found, asyncio.Event()
    finally:
        found.close()


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(test())


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_worker_answers_as_the_function_does(shipped_store: Store, shipped_edition: Edition) -> None:
    async def test() -> None:
        async with workers_on(shipped_store) as (workers, leaves):
            assert workers.processes == []
            request = client_that(leaves)
            said = await workers.ask(request, cuts, *QUESTION, edition=shipped_edition.id, budget_s=60)
            process = workers.processes
            again = await workers.ask(request, cuts, *QUESTION, edition=shipped_edition.id, budget_s=60)
            assert workers.processes == process
        assert said == again == orjson.dumps(cut_sets(Network(shipped_edition.facts, shipped_edition.id), *QUESTION))
        assert not any(map(alive, process))

    run(test)


def test_what_a_job_raises_arrives_whole(arcadedb_store: Store, shipped_edition: Edition) -> None:
    async def test() -> None:
        async with workers_on(arcadedb_store) as (workers, leaves):
            with pytest.raises(NotFound) as caught:
                await workers.ask(
                    client_that(leaves), cuts, "saw-filtre", *QUESTION[1:], edition=shipped_edition.id, budget_s=60
                )
            assert "saw-filter" in caught.value.near
            assert "saw-filtre" in str(caught.value)
            with pytest.raises(NotFound, match="edition"):
                await workers.ask(client_that(leaves), cuts, *QUESTION, edition="000000000000", budget_s=60)
            assert await workers.ask(client_that(leaves), abs, -1, budget_s=60) == b"1"

    run(test)


def test_a_client_that_leaves_takes_its_work_along(arcadedb_store: Store) -> None:
    async def test() -> None:
        async with workers_on(arcadedb_store) as (workers, leaves):
            work = asyncio.ensure_future(workers.ask(client_that(leaves), time.sleep, 600, budget_s=600))
            waits = asyncio.ensure_future(workers.ask(client_that(leaves), abs, -2, budget_s=60))
            while not workers.processes:
                await asyncio.sleep(0.01)
            [process] = workers.processes
            leaves.set()
            for left in (work, waits):
                with pytest.raises(Gone):
                    await left
            assert not alive(process)
            assert await workers.ask(client_that(asyncio.Event()), abs, -3, budget_s=60) == b"3"

    run(test)


def test_a_job_past_its_time_is_ended(arcadedb_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_GRACE_S", 0.0)

    async def test() -> None:
        async with workers_on(arcadedb_store) as (workers, leaves):
            with pytest.raises(QueryTimeout):
                await workers.ask(client_that(leaves), time.sleep, 600, budget_s=0.5)
            assert workers.processes == []

    run(test)


def test_a_worker_that_dies_is_replaced(arcadedb_store: Store) -> None:
    async def test() -> None:
        async with workers_on(arcadedb_store) as (workers, leaves):
            with pytest.raises(EOFError):
                await workers.ask(client_that(leaves), os._exit, 1, budget_s=60)
            assert await workers.ask(client_that(leaves), abs, -4, budget_s=60) == b"4"

    run(test)


def test_only_so_many_wait(arcadedb_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 1)

    async def test() -> None:
        async with workers_on(arcadedb_store) as (workers, leaves):
            asked = [
                asyncio.ensure_future(workers.ask(client_that(leaves), time.sleep, 600, budget_s=7)) for _ in range(2)
            ]
            await asyncio.sleep(0)
            with pytest.raises(Busy) as caught:
                await workers.ask(client_that(leaves), abs, -1, budget_s=7)
            assert caught.value.retry_after_s == 7
            leaves.set()
            assert all(isinstance(end, Gone) for end in await asyncio.gather(*asked, return_exceptions=True))

    run(test)


def test_over_http(arcadedb_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    path = "/api/v1/products/c919-aircraft/cut-sets?kind=economy&order=3"
    with TestClient(create_app(arcadedb_store)) as client:
        found = client.get(path)
        assert found.json()["complete"] is True
        assert "etag" in found.headers
        monkeypatch.setattr(module, "MOST_WAITING", -100)  # however many workers there are
        busy = client.get(path + "&floor=pilot")
        assert (busy.status_code, busy.json()["error"]["code"]) == (503, "busy")
        assert int(busy.headers["retry-after"]) > 0
        [process] = client.app.state.workers.processes  # type: ignore[attr-defined]
    assert not alive(process)
