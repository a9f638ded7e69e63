"""长三角布局: the cities of the delta on a map, links between them, gaps that they fill, the list of co-operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from fastapi import Request
from starlette.responses import Response

from api.pages.page import language_of, page
from api.routers import page_router
from api.state import network_of
from graph.errors import NotFound
from queries.delta import SHANGHAI, Between, Delta, city_ids, delta, ends, partnerships_where
from queries.names import Language, name_of
from queries.network import DELTA, Network, near
from queries.place_rows import park_rows
from viz.map import Place, Sheet, Spot, curve, sheet
from viz.palette import COOPERATION

router = page_router()

Size = Literal["firms", "gaps"]
Show = Literal["all", "supply", "cooperation"]


def _label(name: str) -> str:
    """A city's name as it is said: 苏州市 is 苏州."""
    return name[:-1] if len(name) > 2 and name[-1] in "市" else name


def _map(found: Delta, size: Size, language: Language) -> Sheet:
    places = []
    for city in found.cities:
        square = city.place.id in DELTA and city.place.id != SHANGHAI
        count = len(city.backs) if size == "gaps" else city.firms
        name = _label(name_of(city.place, language))
        shown = found.gaps if size == "gaps" and city.place.id == SHANGHAI else count
        text = f"{name} {shown}" if shown and not square else name
        lat, lon = (_middle(found, city.place.id) or (city.lat, city.lon)) if square else (city.lat, city.lon)
        places.append(Place(city.place.id, text, lat, lon, float(0 if square else count), square))
    return sheet(tuple(places))


def _middle(found: Delta, province: str) -> tuple[float, float] | None:
    """The middle of a province's cities, so that its square does not lie on its capital."""
    points = [(c.lat, c.lon) for c in found.cities if c.province == province and c.place.id != province]
    if not points:
        return None
    return sum(lat for lat, _ in points) / len(points), sum(lon for _, lon in points) / len(points)


def _lines(found: Delta, spots: Mapping[str, Spot], show: Show, city: str) -> list[tuple[Between, str]]:
    """The links to draw with their paths: of a sort, and of one city if it is chosen; the thin ones first."""
    wanted = [
        link for link in found.links if show in ("all", link.kind) and (not city or city in (link.start, link.end))
    ]
    wanted.sort(key=lambda link: (link.kind == "supply", link.count))
    return [
        (link, curve(spots[link.start], spots[link.end], 0.16 if link.kind == "supply" else 0.1)) for link in wanted
    ]


def _city(network: Network, name: str) -> str:
    allowed = (*city_ids(network), *DELTA)
    if name and name not in allowed:
        raise NotFound("region", name, near(name, allowed))
    return name


@router.get("/delta")
def layout(
    request: Request,
    chain: str = "",
    kind: str = "",
    city: str = "",
    p: str = "",
    size: Size = "firms",
    show: Show = "all",
    edition: str | None = None,
) -> Response:
    """The map, the cities, what they back, and the co-operations."""
    network, language = network_of(request, edition), language_of(request)
    if kind and kind not in COOPERATION:
        raise NotFound("kind", kind, near(kind, COOPERATION))
    found, chosen = delta(network, chain or None, kind or None), _city(network, city)
    if p:
        network.product(p)
    drawn = _map(found, size, language)
    spots = {spot.id: spot for spot in drawn.spots}
    chosen_on_map = chosen if chosen in spots else ""
    lines = _lines(found, spots, show, chosen_on_map)
    linked = {name for link, _ in lines for name in (link.start, link.end)} if chosen_on_map else set(spots)
    makers = {city_id for item in found.backed if item.gap.product_id == p for _, city_id in item.firms} if p else set()
    address: dict[str, Any] = {
        "chain": chain, "kind": kind, "city": city, "p": p,
        "size": size if size != "firms" else None, "show": show if show != "all" else None,
    }  # fmt: skip
    backed = [item for item in found.backed if not chosen or any(name == chosen for _, name in item.firms)]
    return page(
        request,
        "delta.html.j2",
        network,
        found=found,
        sheet=drawn,
        spots=spots,
        lines=lines,
        lit=(makers or linked | {chosen_on_map}) if (makers or chosen_on_map) else None,
        city=next((item for item in found.cities if item.place.id == chosen), None),
        chosen=chosen,
        chosen_row=network.facts.regions[network.region_at[chosen]] if chosen else None,
        backed=backed,
        focus=next((item for item in found.backed if item.gap.product_id == p), None),
        partnerships=partnerships_where(network, chain or None, kind or None, chosen or None),
        parks=[row for row in park_rows(network) if chosen and _holds(network, chosen, row.id)],
        firm_total=len({name for name, place in ends(network).items() if name in network.firm_at and place}),
        cities=[item for item in found.cities if item.place.id not in DELTA or item.place.id == SHANGHAI],
        region_row=lambda name: network.facts.regions[network.region_at[name]],
        label=lambda name: _label(name_of(network.facts.regions[network.region_at[name]], language)),
        kinds=tuple(COOPERATION),
        address=address,
    )


def _holds(network: Network, region: str, park: str) -> bool:
    return bool(network.inside[network.park_at[park], network.region_at[region]])
