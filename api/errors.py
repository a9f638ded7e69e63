"""Errors to answers: one shape on the wire, one page for people."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.answers import json_response
from graph import errors

_LOG = logging.getLogger("liantu")


@dataclass(frozen=True, slots=True)
class Problem:
    """What the client is told: status, code, message and details."""

    status: int
    code: str
    message: str
    detail: dict[str, Any]


class Busy(errors.LiantuError):
    """The server has as much to do of a kind as it takes on; the same request may do well a little later."""

    def __init__(self, what: str, retry_after_s: int) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(f"{what}. Try again in {retry_after_s} s.")


# The first class that fits decides; the order is from the leaves of the tree to its root.
_TABLE: tuple[tuple[type[Exception], int, str], ...] = (
    (errors.NothingLoaded, 503, "nothing-loaded"),
    (errors.NotFound, 404, "not-found"),
    (errors.BadInput, 422, "bad-input"),
    (errors.StoreAway, 503, "store-away"),
    (errors.LoadInProgress, 409, "load-in-progress"),
    (errors.EditionChanged, 409, "edition-changed"),
    (errors.StoreRefused, 409, "store-refused"),
    (errors.QueryForbidden, 403, "forbidden"),
    (errors.QueryTimeout, 408, "time-out"),
    (errors.QueryError, 400, "query-failed"),
    (Busy, 503, "busy"),
    (errors.LiantuError, 500, "failed"),
)
_HTTP_CODES = {401: "unauthorized", 403: "forbidden", 404: "not-found", 405: "method-not-allowed", 413: "too-large"}


def problem_of(error: Exception) -> Problem:
    """What a client is told of an error of ours; never a stack trace."""
    for kind, status, code in _TABLE:
        if isinstance(error, kind):
            detail = {
                name: value for name, value in vars(error).items() if isinstance(value, str | int | float | tuple)
            }
            return Problem(status, code, str(error), detail)
    return Problem(500, "internal", "Something went wrong on the server; its log says what.", {})


def _whole(value: Any) -> Any:
    """A value that quotes a request, with a mark for each half of a letter, which no answer can hold."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return tuple(map(_whole, value)) if isinstance(value, tuple) else value


def _wire(problem: Problem) -> Response:
    detail = {name: _whole(value) for name, value in problem.detail.items()}
    return json_response(
        {"error": {"code": problem.code, "message": _whole(problem.message), "detail": detail}}, status=problem.status
    )


def _answer(request: Request, problem: Problem) -> Response:
    path = request.url.path
    if path.startswith(("/api/", "/healthz", "/static/")):
        return _wire(problem)
    from api.pages import error_page

    return error_page(request, problem)


def _validation_problem(error: RequestValidationError) -> Problem:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"][1:]) or "request"
    allowed = first["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    message = f"{name} = {first.get('input')!r} is not allowed. It should be {allowed}."
    return Problem(422, "bad-input", message, {"name": name, "value": str(first.get("input")), "allowed": allowed})


def add_handlers(app: FastAPI) -> None:
    """Make an app answer errors in the one shape."""

    @app.exception_handler(errors.LiantuError)
    def ours(request: Request, error: Exception) -> Response:
        problem = problem_of(error)
        if problem.status >= 500 and not isinstance(error, Busy):
            _LOG.warning("%s %s: %s", request.method, request.url.path, error)
        answer = _answer(request, problem)
        if isinstance(error, Busy):
            answer.headers["Retry-After"] = str(error.retry_after_s)
        return answer

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        return _answer(request, _validation_problem(error))

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        code = _HTTP_CODES.get(error.status_code, "failed")
        message = f"There is no page or route {request.url.path}." if error.status_code == 404 else str(error.detail)
        answer = _answer(request, Problem(error.status_code, code, message, {}))
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(Exception)
    def unforeseen(request: Request, error: Exception) -> Response:
        _LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return _answer(request, problem_of(error))
