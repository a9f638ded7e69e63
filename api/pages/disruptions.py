"""断链推演: what a scenario stops and cuts back, why, who can step in; two scenarios side by side."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from api.pages.page import language_of, page
from api.routers import page_router
from api.state import network_of
from queries.criticality import FLOOR, UNKNOWN
from queries.elements import ElementRow, alone, element_rows, find_elements
from queries.impact import Impact, impact
from queries.names import Language, short_name
from queries.network import CAPABILITY_OF, WEIGHTS, Network, one_of
from queries.rules import UNKNOWNS
from queries.scenario import Scenario, scenario
from queries.stoppers import SINGLE_KINDS, finals_at_points
from viz.palette import ELEMENT
from viz.render import link, translations
from viz.spread import Node, Picture, picture

router = page_router()

PATH = "/disruptions"
_ROWS_SHOWN = 12
_GONE_SHOWN = 400
_MOST = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """The state of the page, as its address tells it.

    Attributes:
        removed, versus: Elements of the scenario, and of the one beside it.
        unknown, floor: How the scenarios are judged (measures §3).
        add: A text that an element is looked for by, or an element itself.
        to: Which scenario it is added to.
    """

    removed: tuple[str, ...]
    versus: tuple[str, ...]
    unknown: str
    floor: str
    add: str
    to: str

    def address(self, **changes: Any) -> dict[str, Any]:
        """The parameters of the page after some changes, without what is the default."""
        now = {"removed": self.removed, "versus": self.versus, "unknown": self.unknown, "floor": self.floor} | changes
        plain = {"unknown": UNKNOWN, "floor": FLOOR}
        return {name: value for name, value in now.items() if value != plain.get(name)}


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for value in values for word in value.split())


def shown(
    removed: Annotated[list[str], Query(max_length=_MOST)] = [],  # noqa: B006
    versus: Annotated[list[str], Query(max_length=_MOST)] = [],  # noqa: B006
    unknown: str = UNKNOWN,
    floor: str = FLOOR,
    add: Annotated[str, Query(max_length=100)] = "",
    to: str = "removed",
) -> Shown:
    """The state that a request asks for."""
    one_of("unknown", unknown, UNKNOWNS)
    one_of("floor", floor, WEIGHTS)
    return Shown(_texts(removed), _texts(versus), unknown, floor, add.strip(), one_of("to", to, ("removed", "versus")))


def _added(network: Network, view: Shown) -> tuple[ElementRow, ...]:
    """What the added text may mean; one row where it is clear."""
    found = find_elements(network, view.add)
    named = [row for row in found if view.add in (row.element, row.name_zh, row.short_zh, row.name_en)]
    return (named[0],) if named and (len(named) == 1 or view.add == named[0].element) else found


@dataclass(frozen=True, slots=True)
class Side:
    """One scenario of the page: its elements, its answer, and the address of the page without each of them."""

    elements: tuple[ElementRow, ...]
    without: tuple[dict[str, Any], ...]
    found: Impact


def _side(network: Network, view: Shown, what: Scenario, name: str) -> Side | None:
    if not what.elements:
        return None
    texts = tuple(map(str, what.elements))
    without = tuple(view.address(**{name: tuple(t for t in texts if t != text)}) for text in texts)
    return Side(element_rows(network, what), without, impact(network, what, view.floor, view.unknown))


def _picture(network: Network, found: Impact, language: Language) -> Picture:
    nodes = [
        Node(
            item.product_id,
            short_name(network.product_rows[network.product_at[item.product_id]], language),
            item.final,
            item.reason[0].round,
            item.reason[1].product_id if len(item.reason) > 1 else None,
        )
        for item in found.answer.blocked
    ]
    return picture(nodes)


def _comparison(one: Impact, other: Impact) -> dict[str, tuple[str, ...]]:
    """Final products that both scenarios stop, and that only one of them does."""
    first, second = set(one.answer.finals_hit), set(other.answer.finals_hit)
    return {
        "both": tuple(sorted(first & second)),
        "first": tuple(sorted(first - second)),
        "second": tuple(sorted(second - first)),
    }


@router.get(PATH)
def disruptions(request: Request, view: Annotated[Shown, Depends(shown)], edition: str | None = None) -> Response:
    """The what-if page."""
    network, language = network_of(request, edition), language_of(request)
    removed, versus = scenario(network, view.removed), scenario(network, view.versus)
    choices = _added(network, view) if view.add else ()
    if len(choices) == 1:
        more = (*getattr(view, view.to), choices[0].element)
        what = scenario(network, more)
        address = view.address(**{view.to: tuple(map(str, what.elements))})
        return RedirectResponse(link(PATH, language, **address, edition=edition), 303)
    if versus.elements and not removed.elements:
        removed, versus = versus, removed
    canonical = {"removed": tuple(map(str, removed.elements)), "versus": tuple(map(str, versus.elements))}
    if canonical != {"removed": view.removed, "versus": view.versus}:
        return RedirectResponse(link(PATH, language, **view.address(**canonical), edition=edition), 303)
    economies = alone(network, "economy", view.floor, view.unknown)
    events = alone(network, "event", view.floor, view.unknown)
    first, second = _side(network, view, removed, "removed"), _side(network, view, versus, "versus")
    return page(
        request,
        "disruptions.html.j2",
        network,
        view=view,
        choices=choices,
        first=first,
        second=second,
        picture=_picture(network, first.found, language) if first else None,
        compared=_comparison(first.found, second.found) if first and second else None,
        economies=[item for item in economies if item.stopped and item.row.id != "cn"][:8],
        events=sorted(events, key=lambda item: (item.stopped > 0, item.date or ""), reverse=True),
        capability_of=CAPABILITY_OF,
        event_rows={row.id: row for row in network.facts.events},
        points=() if first else finals_at_points(network, view.floor, view.unknown),
        single_kinds=SINGLE_KINDS,
        few=_ROWS_SHOWN,
        rows_most=_GONE_SHOWN,
        kinds_json=json.dumps({code: translations(language).gettext(text) for code, text in ELEMENT.items()}),
    )
