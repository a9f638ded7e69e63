"""For analysts: the catalogue of Cypher questions with their answers, and a console for statements of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from api.pages.page import page
from api.routers import page_router
from api.routes.cypher import Asked, answer_of
from api.state import network_of, of_graph
from graph.errors import BadInput, QueryError
from graph.schema import EDGES, NODES, end_labels
from graph.store import Rows
from queries import catalogue
from viz.schema_page import arrow, node_properties, own_properties

router = page_router()

_SHOWN = 500
_MOST_LETTERS = 8_000
_PLACES = {"product": "products", "firm": "firms", "park": "parks", "region": "regions", "chain": "chains"}

EXAMPLES = (
    "MATCH (f:Firm)-[s:SUPPLIES]->(p:Product {id: 'ion-implanter'})\n"
    "RETURN f.name_zh, s.capability, s.year ORDER BY f.name_zh",
    "MATCH (p:Product)-[r:REQUIRES {necessity: 'required'}]->(input:Product)\n"
    "RETURN input.name_zh, count(DISTINCT p) AS users ORDER BY users DESC LIMIT 20",
    "MATCH (a:Firm)-[sale:SELLS_TO]->(b:Firm)\nRETURN a.name_zh, b.name_zh, sale.product_id, sale.year "
    "ORDER BY a.name_zh, b.name_zh LIMIT 50",
)
"""Statements to begin with."""


def places_of(columns: Sequence[str]) -> list[str | None]:
    """For each column whose name says that it holds ids of things with a page, where those pages are."""
    return [_PLACES.get(column.removesuffix("_id")) if column.endswith("_id") else None for column in columns]


def _answer(rows: Rows) -> dict[str, Any]:
    return {"columns": rows.columns, "rows": rows.rows, "places": places_of(rows.columns)}


@router.get("/queries")
def questions(request: Request, edition: str | None = None) -> Response:
    """The catalogue."""
    return page(
        request, "queries.html.j2", network_of(request, edition), questions=list(catalogue.questions().values())
    )


@router.get("/queries/{name}")
def question(request: Request, name: str) -> Response:
    """One question: its parameters as a form, its answer, its text; parameters come by their own names."""
    asked = catalogue.get(name)
    given = {key: text for key, text in request.query_params.items() if key not in ("lang", "edition")}
    answer: dict[str, Any] | None = None
    wrong = ""
    try:
        found, _ = of_graph(request, lambda store: catalogue.run(store, name, given))
        answer = _answer(found) | {"truncated": found.truncated, "total": len(found.rows)}
        answer["rows"] = answer["rows"][:_SHOWN]
    except (BadInput, QueryError) as error:
        wrong = str(error)
    return page(
        request,
        "query.html.j2",
        network_of(request),
        question=asked,
        given=given,
        answer=answer,
        wrong=wrong,
        shown=_SHOWN,
    )


def schema() -> list[tuple[str, list[str], list[str]]]:
    """Each label with its properties and its edges, as text for the margin of the console."""
    found = []
    for node in NODES:
        from_here = [kind for kind in EDGES if node.label in end_labels(kind, kind.start)]
        edges = [arrow(kind, [name for name in own_properties(kind) if name != "note"]) for kind in from_here]
        found.append((node.label, node_properties(node), edges))
    return found


@router.get("/cypher")
def console(
    request: Request, statement: Annotated[str, Query(max_length=_MOST_LETTERS)] = "", run: bool = False
) -> Response:
    """A statement and its answer; it only reads, and what would write is refused. `run` asks the store."""
    answer: dict[str, Any] | None = None
    wrong = ""
    if statement.strip() and run:
        try:
            found, _ = answer_of(request, Asked(statement=statement, limit=_SHOWN))
            answer = _answer(found) | {"truncated": found.truncated}
        except (BadInput, QueryError) as error:
            wrong = str(error)
    return page(
        request,
        "cypher.html.j2",
        network_of(request),
        statement=statement,
        answer=answer,
        wrong=wrong,
        shown=_SHOWN,
        examples=EXAMPLES,
        schema=schema(),
    )
