"""Cypher of a user's own, reading only."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.answers import json_response
from api.errors import Busy
from api.routers import json_router
from api.settings import settings_of
from api.state import of_graph
from graph.errors import BadInput, QueryError, QueryForbidden
from graph.store import QUERY_TIMEOUT_S, Rows, Store

router = json_router("queries")

_MOST_AT_ONCE = 4
_MOST_ROWS = 10_000
_MOST_DEPTH = 20
_at_work = threading.BoundedSemaphore(_MOST_AT_ONCE)


class Asked(BaseModel):
    """A statement, and how much of an answer is wanted."""

    statement: Annotated[str, Field(min_length=1, max_length=20_000, description="Cypher that only reads.")]
    parameters: dict[str, Any] = Field(default={}, description="What stands for each $name of the statement.")
    limit: int = Field(default=1000, ge=1, le=_MOST_ROWS, description="Most rows.")
    timeout_s: float = Field(default=QUERY_TIMEOUT_S, gt=0, le=QUERY_TIMEOUT_S, description="Most seconds.")


def _check(name: str, value: Any, depth: int = 0) -> None:
    """Refuse what a store cannot be sent: halves of letters, numbers past 64 bits, values nested without end."""
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise BadInput(name, value, "whole characters; this text holds half of one")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise BadInput(name, value, "whole numbers of at most 64 bits")
    if depth > _MOST_DEPTH:
        raise BadInput(name, "…", f"values nested at most {_MOST_DEPTH} deep")
    if isinstance(value, Mapping):
        for key, item in value.items():
            _check(name, key)
            _check(f"{name}.{key}", item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check(name, item, depth + 1)


def ask(store: Store, asked: Asked) -> Rows:
    """The answer of a store to a user's statement; that it only reads, the store itself sees to.

    Raises:
        BadInput: The statement or a parameter holds what cannot be sent.
        QueryError: The store refused or failed it.
    """
    _check("statement", asked.statement)
    _check("parameters", asked.parameters)
    return store.query(asked.statement, asked.parameters, limit=asked.limit, timeout_s=asked.timeout_s)


def answer_of(request: Request, asked: Asked) -> tuple[Rows, str]:
    """The answer to a user's statement and the edition that it is of, for the route and for the console.

    Raises:
        QueryForbidden: Users may send no Cypher, or this one would write.
        Busy: As many statements are running as may.
        BadInput, QueryError: As for `ask`.
    """
    if settings_of(request).cypher != "on":
        raise QueryForbidden("this server takes no Cypher of its users (LIANTU_CYPHER=off). Use /api/v1/queries.")
    if not _at_work.acquire(blocking=False):
        raise Busy(f"{_MOST_AT_ONCE} statements are running", 2)
    try:
        return of_graph(request, lambda store: ask(store, asked))
    finally:
        _at_work.release()


@router.post("/cypher")
def post_cypher(request: Request, asked: Asked) -> Response:
    """Rows of a statement that only reads; 403 for one that writes, reads files or calls out.

    The answer is of the graph of the current edition. At most four statements run at once; the next ones are told when
    to come again.
    """
    found, edition = answer_of(request, asked)
    body = {"columns": found.columns, "rows": found.rows, "truncated": found.truncated, "edition": edition}
    try:
        return json_response(body)
    except TypeError as error:  # numbers past 64 bits, halves of letters
        raise QueryError(f"The answer holds what JSON cannot say: {error}. Return it as text.") from None
