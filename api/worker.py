"""The other side of `api.workers`: a process that answers calls until the pipe to the server breaks.

Only what a job needs is imported here, so that a worker starts quickly and stays small.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

import orjson

from graph.edition import unpack
from queries.kept import Kept
from queries.network import Network

Call = tuple[Callable[..., Any], str | None, tuple[Any, ...]]
"""A job, the edition whose network is its first argument, and its other arguments."""

WANTS_EDITION = None
"""What a worker sends before it can begin: it wants the archive of the edition."""

_EDITIONS_KEPT = 2
_NICE = 5


def work(pipe: Connection) -> None:
    """Answer each call by JSON, or by the error that it raised."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then ends its workers
    if hasattr(os, "nice"):
        os.nice(_NICE)
    networks = Kept[str, Network](_EDITIONS_KEPT)
    with suppress(EOFError, OSError):
        while True:
            call: Call = pipe.recv()
            try:
                answer: bytes | Exception = _answer(pipe, networks, call)
            except Exception as error:
                answer = error
            pipe.send(answer)


def _answer(pipe: Connection, networks: Kept[str, Network], call: Call) -> bytes:
    job, edition, args = call
    if edition is None:
        return orjson.dumps(job(*args))
    return orjson.dumps(job(networks.get(edition, lambda: _sent(pipe, edition)), *args))


def _sent(pipe: Connection, edition: str) -> Network:
    pipe.send(WANTS_EDITION)
    return Network(unpack(pipe.recv_bytes(), edition).facts, edition)
