"""What the routes of a subject are gathered in.

Their addresses are whole, and the application takes the routes as they are: to include one router in another makes
each route anew, a third of the server's start.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

API = "/api/v1"


def json_router(subject: str | None = None, *, prefix: str = "", **more: Any) -> APIRouter:
    """For routes that answer programs, under the prefix of the API."""
    return APIRouter(prefix=API + prefix, tags=[subject] if subject else None, **more)


def page_router() -> APIRouter:
    """For pages, which the schema of the API does not list."""
    return APIRouter(include_in_schema=False)
