"""The JSON routes, one file a subject; each parses, calls a question and returns."""

from __future__ import annotations

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

PARTS = (
    health,
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
ROUTES = [route for part in PARTS for route in part.router.routes]
