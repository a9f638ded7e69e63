"""对比: two regions or two chains side by side."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Query, Request
from starlette.responses import Response

from api.pages.page import language_of, page
from api.routers import page_router
from api.state import network_of
from queries.comparison import compare_chains, compare_regions
from queries.names import Language, region_label
from queries.network import DELTA, RADII, Network
from viz.render import translations

router = page_router()

What = Literal["regions", "chains"]
_FIRST = {"regions": ("shanghai", "cn-js-suzhou"), "chains": ("high-end-chips", "civil-aircraft")}


def region_choices(network: Network, language: Language) -> list[tuple[str, list[tuple[str, str]]]]:
    """The regions to choose from, in groups: radii, provinces and cities of the delta, economies, parks."""
    say = translations(language).gettext
    regions = network.facts.regions
    delta = [row for row in regions if row.level in ("province", "city") and row.id.startswith(DELTA)]
    groups: list[tuple[str, list[str]]] = [
        (say("圈层"), list(RADII)),
        (say("长三角"), [row.id for row in delta if row.id != "cn-sh"]),
        (say("经济体"), [row.id for row in regions if row.level == "economy" and row.id != "cn"]),
        (say("园区"), list(network.park_at)),
    ]
    return [(word, [(id_, region_label(network, id_, language)) for id_ in ids]) for word, ids in groups]


def _default(network: Network, what: What, at: int) -> str:
    known = list(network.chain_rows if what == "chains" else network.region_at or RADII)
    first = _FIRST[what][at]
    return first if first in known or first in RADII or not known else known[min(at, len(known) - 1)]


@router.get("/compare")
def compare(
    request: Request,
    what: Annotated[What, Query(description="Whether regions or chains are compared.")] = "regions",
    a: str = "",
    b: str = "",
    chain: str = "",
    r: str = "shanghai",
    edition: str | None = None,
) -> Response:
    """The page; `chain` narrows regions to a chain, `r` is the region in which chains are compared."""
    network = network_of(request, edition)
    language = language_of(request)
    a, b = a or _default(network, what, 0), b or _default(network, what, 1)
    common: dict[str, Any] = {
        "what": what,
        "a": a,
        "b": b,
        "chain": chain,
        "r": network.region_name(r),
    }
    if what == "chains":
        found = compare_chains(network, a, b, network.region_name(r)) if network.chain_rows else None
        place = region_label(network, r, language)
        return page(request, "compare_chains.html.j2", network, found=found, place=place, **common)
    return page(
        request,
        "compare_regions.html.j2",
        network,
        found=compare_regions(network, network.region_name(a), network.region_name(b), chain or None),
        names=(region_label(network, a, language), region_label(network, b, language)),
        choices=region_choices(network, language),
        **common,
    )
