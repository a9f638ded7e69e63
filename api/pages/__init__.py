"""The pages; for now an error as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

if TYPE_CHECKING:
    from api.errors import Problem

router = APIRouter()


def error_page(request: Request, problem: Problem) -> Response:
    """What went wrong, for a person."""
    return PlainTextResponse(problem.message, problem.status)
