"""The Cypher catalogue, and its questions run."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from api.answers import EditionParam, json_response, table_file
from api.routers import json_router
from api.state import of_graph
from graph.errors import BadInput
from queries import catalogue

router = json_router("queries", prefix="/queries")


@router.get("")
def questions() -> Response:
    """The questions with their titles, parameters and columns."""
    items = list(catalogue.questions().values())
    return json_response({"items": items, "total": len(items)})


@router.get("/{name}")
def run(request: Request, name: str, edition: EditionParam = None) -> Response:
    """One question with parameters from the address; `format=csv|xlsx` gives a file.

    It is asked of the graph, which holds the current edition alone: `edition` may name no other.
    """
    texts = {key: text for key, text in request.query_params.items() if key != "edition"}
    as_ = texts.pop("format", "json")
    if as_ not in ("json", "csv", "xlsx"):
        raise BadInput("format", as_, "json, csv or xlsx")
    question = catalogue.get(name)
    found, current = of_graph(request, lambda store: catalogue.run(store, name, texts))
    if as_ != "json":
        lines = [[";".join(map(str, cell)) if isinstance(cell, list) else cell for cell in row] for row in found.rows]
        return table_file(name, found.columns, lines, "csv" if as_ == "csv" else "xlsx")
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    body = {"items": rows, "total": len(rows), "truncated": found.truncated, "columns": question.columns}
    return json_response(body | {"edition": current})
