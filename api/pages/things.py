"""Lists of products, firms and parks with filters, and the results of a search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from api.pages.page import language_of, page
from api.routers import page_router
from api.state import network_of
from queries.firm_rows import FirmFilter, firms_where
from queries.network import Network
from queries.place_rows import ParkFilter, parks_where
from queries.product_rows import ProductFilter, products_where
from queries.search import KINDS, search
from viz.render import link

router = page_router()

_PAGE = 100
_PAGED = {"chain": "/chains", "product": "/products", "firm": "/firms", "park": "/parks", "region": "/regions"}


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a list."""

    rows: Sequence[Any]
    first: int
    total: int
    step: int = _PAGE


def _part(rows: Sequence[Any], at: int) -> Part:
    first = min(at, max(len(rows) - 1, 0) // _PAGE * _PAGE)
    return Part(rows[first : first + _PAGE], first, len(rows))


def _list(request: Request, network: Network, template: str, rows: Sequence[Any], at: int, **wanted: Any) -> Response:
    address = {name: value or None for name, value in wanted.items()}
    segments = sorted(
        (row for row in network.facts.segments if row.chain_id == wanted.get("chain")), key=lambda row: row.order
    )
    return page(
        request,
        template,
        network,
        part=_part(rows, at),
        address=address,
        chains=network.facts.chains,
        segments=segments,
    )


At = Annotated[int, Query(ge=0)]


@router.get("/products")
def products(
    request: Request,
    chain: str = "",
    segment: str = "",
    kind: str = "",
    region: str = "",
    at: At = 0,
    edition: str | None = None,
) -> Response:
    """The list of products."""
    network = network_of(request, edition)
    segment = segment if segment in network.segment_rows and network.segment_rows[segment].chain_id == chain else ""
    rows = products_where(network, ProductFilter(chain or None, segment or None, region or None, kind or None))
    return _list(request, network, "products.html.j2", rows, at, chain=chain, segment=segment, kind=kind, region=region)


@router.get("/firms")
def firms(
    request: Request,
    chain: str = "",
    region: str = "",
    tier: str = "",
    economy: str = "",
    at: At = 0,
    edition: str | None = None,
) -> Response:
    """The list of firms."""
    network = network_of(request, edition)
    wanted = FirmFilter(chain=chain or None, region=region or None, tier=tier or None, economy=economy or None)
    rows = firms_where(network, wanted)
    return _list(request, network, "firms.html.j2", rows, at, chain=chain, region=region, tier=tier, economy=economy)


@router.get("/parks")
def parks(
    request: Request, chain: str = "", region: str = "", kind: str = "", at: At = 0, edition: str | None = None
) -> Response:
    """The list of parks."""
    network = network_of(request, edition)
    rows = parks_where(network, ParkFilter(chain or None, region or None, kind or None))
    return _list(request, network, "parks.html.j2", rows, at, chain=chain, region=region, kind=kind)


@router.get("/search")
def found(request: Request, q: Annotated[str, Query(max_length=100)] = "", edition: str | None = None) -> Response:
    """What a text finds, by kind; a text that is just the name of one thing leads to its page."""
    network = network_of(request, edition)
    matches, total = search(network, q, KINDS, limit=200)
    exact = [match for match in matches if match.matched == q.strip() and not match.typo and match.kind in _PAGED]
    if len(exact) == 1 and exact[0].why in ("id", "name_zh", "short_zh", "name_en"):
        return RedirectResponse(link(f"{_PAGED[exact[0].kind]}/{exact[0].id}", language_of(request)), 303)
    groups = [(kind, [match for match in matches if match.kind == kind]) for kind in KINDS]
    return page(
        request,
        "search.html.j2",
        network,
        q=q,
        total=total,
        groups=[(kind, items) for kind, items in groups if items],
        places=_PAGED,
    )
