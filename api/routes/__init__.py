"""The JSON routes, one file a subject; each parses, calls a question and returns."""

from __future__ import annotations

from fastapi import APIRouter

from api.routes import (
    chains,
    disruptions,
    exports,
    gaps,
    health,
    lists,
    neighbours,
    products,
    queries,
    search,
    systemic_risk,
    targets,
)

router = APIRouter(prefix="/api/v1")
for part in (search, chains, lists, products, neighbours, gaps, disruptions, targets, systemic_risk, queries, exports):
    router.include_router(part.router)

root = health.router
