"""Processes beside the server for questions that take seconds, so that it answers everybody else meanwhile.

Python runs one thread at a time, so a long loop in a thread of the server makes every other answer wait for it. A
worker is another process. The first question that wants one starts it; it keeps the networks of the latest editions,
which the server sends it as archives, and ends when the server does, however that ends: the pipe between them breaks.
A question whose client has gone, or whose time is over, ends with its worker, and the next one starts another.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from api.errors import Busy
from api.worker import WANTS_EDITION, Call, work
from graph.errors import QueryTimeout
from graph.store import Store

MOST_WAITING = 8
_GRACE_S = 15.0  # beyond the budget of a question: a start, a network, an answer


class Gone(HTTPException):
    """The client did not wait for the answer; nobody reads this one."""

    def __init__(self) -> None:
        super().__init__(499, "The client has gone.")


class Workers:
    """A few worker processes and those who wait for one; used from the event loop of the server.

    Args:
        store: Where editions are.
        count: Number of processes at most; without it one less than there are processors, from two to four.
    """

    def __init__(self, store: Store, count: int | None = None) -> None:
        self._store = store
        self._count = count or max(2, min(4, (os.cpu_count() or 1) - 1))
        self._free = asyncio.Semaphore(self._count)
        self._asking = 0
        self._idle: list[_Worker] = []
        self._working: set[_Worker] = set()
        self._threads = ThreadPoolExecutor(self._count, "worker")

    @property
    def processes(self) -> list[int]:
        """The ids of the processes that are there."""
        return [worker.pid for worker in (*self._idle, *self._working)]

    async def ask(
        self, request: Request, job: Callable[..., Any], *args: Any, edition: str | None = None, budget_s: float
    ) -> bytes:
        """The JSON of what a job of `api.jobs` answers.

        Args:
            request: Who asks; when that client is gone, so is the job.
            job: A function of a module.
            args: Its arguments; the network of the edition comes before them.
            edition: Id of an edition, where the job wants a network.
            budget_s: Seconds in which the job ends itself; some seconds later it is ended.

        Raises:
            Busy: Too many wait already.
            QueryTimeout: The job did not end itself.
            Gone: The client did not wait.
            LiantuError: What the job raised.
        """
        if self._asking >= self._count + MOST_WAITING:
            raise Busy(f"{self._asking} questions that take long are at work or wait", int(budget_s))
        self._asking += 1
        left = asyncio.ensure_future(_left(request))
        try:
            await _first(left, asyncio.ensure_future(self._free.acquire()))
            try:
                return await self._run(left, (job, edition, args), budget_s + _GRACE_S)
            finally:
                self._free.release()
        finally:
            self._asking -= 1
            left.cancel()

    async def _run(self, left: asyncio.Future[None], call: Call, timeout_s: float) -> bytes:
        self._idle = [worker for worker in self._idle if worker.alive]
        if self._idle:
            worker = self._idle.pop()
        else:
            worker = await asyncio.get_running_loop().run_in_executor(self._threads, _Worker, self._store)
        self._working.add(worker)
        at_work = self._threads.submit(worker.run, call)
        try:
            answer: bytes | Exception = await _first(left, _awaitable(at_work), timeout_s)
        except BaseException:
            worker.end()
            raise
        else:
            self._idle.append(worker)
        finally:
            self._working.discard(worker)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        """End all workers."""
        for worker in (*self._idle, *self._working):
            worker.end()
        self._idle.clear()
        self._threads.shutdown(wait=False)


async def _left(request: Request) -> None:
    """Wait until the client has gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _awaitable(found: Future[Any]) -> asyncio.Future[Any]:
    """A thread's work for the event loop; nobody need ask how it failed."""
    wrapped = asyncio.wrap_future(found)
    wrapped.add_done_callback(lambda done: done.cancelled() or done.exception())
    return wrapped


async def _first(left: asyncio.Future[None], wanted: asyncio.Future[Any], timeout_s: float | None = None) -> Any:
    """What is wanted, unless the client goes or the time ends first."""
    try:
        done, _ = await asyncio.wait((left, wanted), timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        if wanted in done:
            return wanted.result()
        raise Gone if left in done else QueryTimeout(timeout_s or 0)
    finally:
        wanted.cancel()


class _Worker:
    """A process, seen from the server; `run` blocks, and `end` may be called meanwhile."""

    def __init__(self, store: Store) -> None:
        self._store = store
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs,), name="liantu-worker", daemon=True)
        self._process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        """Id of the process."""
        return self._process.pid or 0

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.is_alive()

    def run(self, call: Call) -> bytes | Exception:
        """Send a call and wait for its answer; the pipe breaks when the process is ended meanwhile."""
        self._pipe.send(call)
        answer = self._pipe.recv()
        if answer is WANTS_EDITION:
            self._pipe.send_bytes(self._store.archive(call[1] or ""))
            answer = self._pipe.recv()
        found: bytes | Exception = answer
        return found

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.join(5)
