"""What a scenario stops, and why."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.answers import EditionParam, FormatParam, WordsParam, json_response, rows_file
from api.routers import json_router
from api.state import network_of
from queries.criticality import FLOOR, UNKNOWN
from queries.disruption import disruption
from queries.elements import find_elements
from queries.impact import impact, impact_lines
from queries.scenario import scenario

router = json_router("disruptions")

_MOST = 500


class Wanted(BaseModel):
    """A scenario and how it is to be judged."""

    removed: list[str] = Field(max_length=_MOST, description="Elements as kind:id, or bare ids.")
    unknown: str = Field(default=UNKNOWN, description="open or closed: products without a known supplier.")
    floor: str = Field(default=FLOOR, description="Least capability that carries a chain.")


def _answer(request: Request, wanted: Wanted, edition: str | None) -> Response:
    network = network_of(request, edition)
    return json_response(disruption(network, scenario(network, wanted.removed), wanted.floor, wanted.unknown))


@router.post("/disruptions")
def post_disruption(request: Request, wanted: Wanted, edition: EditionParam = None) -> Response:
    """What stops when some things are taken away, why, how much is left of the rest, and who can step in."""
    return _answer(request, wanted, edition)


@router.get("/disruptions")
def get_disruption(
    request: Request,
    removed: Annotated[list[str], Query(max_length=_MOST, description="Elements as kind:id, or bare ids.")],
    unknown: str = UNKNOWN,
    floor: str = FLOOR,
    as_: FormatParam = "json",
    words: WordsParam = None,
    edition: EditionParam = None,
) -> Response:
    """The same by address, so that a scenario can be linked to; as a file, a line for each product that is hit."""
    if as_ != "json":
        network = network_of(request, edition)
        rows = impact_lines(network, impact(network, scenario(network, removed), floor, unknown))
        return rows_file(network, "disruption", rows, as_, words)
    return _answer(request, Wanted(removed=removed, unknown=unknown, floor=floor), edition)


@router.get("/elements")
def elements(
    request: Request,
    q: Annotated[str, Query(max_length=100, description="Name, alias, pinyin, title of an event, or kind:id.")] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 12,
    edition: EditionParam = None,
) -> Response:
    """What can be taken away in a scenario, found by name; `element` is how it is written there."""
    network = network_of(request, edition)
    rows = find_elements(network, q, limit)
    return json_response({"items": rows, "total": len(rows), "edition": network.edition})
