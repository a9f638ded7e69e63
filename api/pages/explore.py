"""图谱探索: the graph step by step from any node; the whole state is in the address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from api.pages.page import language_of, page
from api.routers import page_router
from api.state import network_of
from graph.schema import STATED_IN
from queries.coverage import Status, coverage
from queries.exploration import FIRST, MORE, MOST, Picture, exploration
from queries.gaps import kinds
from queries.neighbours import neighbours
from queries.network import RADII, Network
from queries.overview import overview
from queries.search import search
from viz.exploration import by_kind, drawing
from viz.palette import RELATION
from viz.render import link, render

router = page_router()

_ZOOMS = (50, 75, 100, 125)
_SEARCHED = ("product", "firm", "park", "region", "chain", "segment", "industry")
_FIRST_SORTS = {
    "product": ("out:REQUIRES:product", "in:SUPPLIES:firm", "in:REQUIRES:product"),
    "firm": ("out:SUPPLIES:product", "in:SELLS_TO:firm", "out:SELLS_TO:firm"),
    "park": ("in:SITED_IN:firm",),
    "region": ("in:SITED_IN:firm", "in:LOCATED_IN:park"),
    "chain": ("out:ENDS_IN:product", "in:LEADS:firm"),
}


def beginning(kind: str, id_: str) -> list[str]:
    """The steps by which the page of a thing leads into the graph: itself, and what it is mostly asked for."""
    key = f"{kind}:{id_}"
    return [key, *(f"{key}~{sort}" for sort in _FIRST_SORTS.get(kind, ()))]


@dataclass(frozen=True, slots=True)
class View:
    """The state of the page, as its address tells it.

    Attributes:
        steps: All steps, also those that were undone.
        at: How many of them are in force.
        focus: Key of the node in focus.
        region: Radius whose coverage the products show.
        zoom: Size of the picture in percent.
    """

    steps: tuple[str, ...]
    at: int
    focus: str | None
    region: str
    zoom: int

    @property
    def now(self) -> tuple[str, ...]:
        """The steps in force."""
        return self.steps[: self.at]

    def address(self, **changes: Any) -> dict[str, Any]:
        """The parameters of the page after some changes, without what is the default."""
        now = {"n": self.focus, "r": self.region, "z": self.zoom, "do": self.steps, "at": self.at} | changes
        plain = {"r": "shanghai", "z": 100, "at": len(now["do"])}
        return {name: value for name, value in now.items() if value != plain.get(name)}

    def then(self, *steps: str, **changes: Any) -> dict[str, Any]:
        """The parameters after further steps; what was undone is forgotten."""
        done = (*self.now, *steps)
        return self.address(**({"do": done, "at": len(done)} | changes))


def view(
    do: Annotated[list[str], Query(description="Steps, see queries/exploration.py.")] = [],  # noqa: B006
    at: Annotated[int | None, Query(ge=0)] = None,
    n: str | None = None,
    r: str = "shanghai",
    z: Annotated[int, Query(ge=_ZOOMS[0], le=_ZOOMS[-1])] = 100,
) -> View:
    """The state that a request asks for."""
    return View(tuple(do), min(len(do) if at is None else at, len(do)), n or None, r, z)


@dataclass(frozen=True, slots=True)
class SortRow:
    """A sort of neighbours of the node in focus, as the panel shows it.

    Attributes:
        here: How many of them are on the picture, by whatever way they came.
        asked: How many were asked for; `None` where the sort is closed.
        further: How many to ask for next; `None` where all are there.
    """

    sort: str
    word: str
    kind: str
    here: int
    total: int
    asked: int | None
    further: int | None


def _sorts(network: Network, picture: Picture, key: str) -> list[SortRow]:
    kind, _, id_ = key.partition(":")
    asked = {opened.sort: opened.shown for opened in picture.opened if opened.node == key}
    rows = []
    for relation in neighbours(network, kind, id_, each=0).relations:
        if relation.relation == STATED_IN:
            continue
        sort = f"{relation.way}:{relation.relation}:{relation.kind}"
        ends = [(e.start, e.end) if relation.way == "out" else (e.end, e.start) for e in picture.edges
                if e.relation == relation.relation]  # fmt: skip
        here = sum(1 for one, other in ends if one == key and other.startswith(f"{relation.kind}:"))
        base = asked.get(sort, 0)
        further = None if here >= relation.total else base + MORE if base else FIRST
        word = f"{relation.way}:{relation.relation}"
        rows.append(SortRow(sort, word, relation.kind, here, relation.total, asked.get(sort), further))
    return sorted(rows, key=lambda row: list(RELATION).index(row.word))


def _statuses(network: Network, picture: Picture, region: str) -> dict[str, Status]:
    found = coverage(network, region)
    keys = [key for key in picture.nodes if key.startswith("product:")]
    return {key: found.status_of(network.product(key.partition(":")[2])) for key in keys}


def _choked(network: Network) -> set[str]:
    found = kinds(network, "china")
    return {f"product:{network.products[at]}" for at, kind in enumerate(found) if kind == "chokepoint"}


def _economies(network: Network, keys: Iterable[str]) -> dict[str, Any]:
    """The economy of each foreign firm."""
    regions = {row.id: row for row in network.facts.regions}
    firms = {
        f"firm:{row.id}": regions[row.economy_id] for row in network.firm_rows if row.economy_id not in (None, "cn")
    }
    return {key: firms[key] for key in keys if key in firms}


def _drawn(network: Network, shown: View) -> dict[str, Any]:
    picture = exploration(network, shown.now)
    region = network.region_name(shown.region)
    return {
        "picture": picture,
        "drawn": drawing(picture, shown.focus),
        "view": shown,
        "statuses": _statuses(network, picture, region),
        "choked": _choked(network),
        "economies": _economies(network, picture.nodes),
    }


@router.get("/explore")
def explore(
    request: Request,
    shown: Annotated[View, Depends(view)],
    q: Annotated[str, Query(max_length=100)] = "",
    to: str = "",
    edition: str | None = None,
) -> Response:
    """The page; `q` looks for a node to put on the picture, `to` asks for a way to it from the node in focus."""
    network = network_of(request, edition)
    if to and shown.focus:
        language = language_of(request)
        steps = shown.then(f"{shown.focus}..{to}", n=shown.focus)
        return RedirectResponse(link("/explore", language, edition=edition, **steps), 303)
    found = _drawn(network, shown)
    focus = found["drawn"].focus
    return page(
        request,
        "explore.html.j2",
        network,
        q=q,
        asked_edition=edition,
        matches=search(network, q, _SEARCHED, limit=12)[0],
        groups=by_kind(found["picture"].nodes.values()),
        node=found["picture"].nodes.get(focus or ""),
        sorts=_sorts(network, found["picture"], focus) if focus else [],
        focus_statuses={r: coverage(network, r).status_of(network.product(focus.partition(":")[2])) for r in RADII}
        if focus and focus.startswith("product:")
        else None,
        starts=overview(network).top if not shown.steps else (),
        beginning=beginning,
        zooms=_ZOOMS,
        most=MOST,
        **found,
    )


@router.get("/explore.svg")
def picture_file(request: Request, shown: Annotated[View, Depends(view)], edition: str | None = None) -> Response:
    """The picture alone, as an SVG file that needs nothing else."""
    network = network_of(request, edition)
    body = render("explore.svg.j2", language_of(request), network=network, edition=network.edition,
                  **_drawn(network, shown))  # fmt: skip
    headers = {"Content-Disposition": 'attachment; filename="liantu-explore.svg"'}
    return Response(body, media_type="image/svg+xml", headers=headers)
