"""The JSON routes, one file a subject; each parses, calls a question and returns."""

from __future__ import annotations

from fastapi import APIRouter

from api.routes import (
    candidates,
    chains,
    cypher,
    disruptions,
    editions,
    exports,
    gaps,
    health,
    lists,
    loads,
    neighbours,
    paths,
    products,
    queries,
    search,
    systemic_risk,
    targets,
    warnings,
)

router = APIRouter(prefix="/api/v1")
PARTS = (
    search,
    chains,
    lists,
    products,
    candidates,
    neighbours,
    paths,
    gaps,
    disruptions,
    warnings,
    targets,
    editions,
    systemic_risk,
    queries,
    cypher,
    exports,
    loads,
)
for part in PARTS:
    router.include_router(part.router)

root = health.router
