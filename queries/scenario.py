"""Scenarios: what is taken away, as a value with a canonical text, and the rows that go with it (measures §3)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from graph.errors import BadInput, NotFound
from graph.model import Event
from queries.network import Bools, Network, any_of, derived, near

ElementKind = Literal["economy", "city", "region", "park", "firm", "product", "event"]
KINDS: tuple[ElementKind, ...] = ("economy", "city", "region", "park", "firm", "product", "event")
"""The kinds of elements, in the order in which a bare id is tried."""

MUNICIPALITIES = ("cn-bj", "cn-cq", "cn-sh", "cn-tj")


@dataclass(frozen=True, slots=True, order=True)
class Element:
    """One thing that is taken away."""

    kind: ElementKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Scenario:
    """A set of elements; two scenarios with the same canonical text are the same."""

    elements: tuple[Element, ...]

    @property
    def text(self) -> str:
        """The elements as `kind:id`, sorted, separated by spaces."""
        return " ".join(map(str, self.elements))

    @property
    def hash(self) -> str:
        """The first 12 hex digits of the SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    def ids(self, *kinds: ElementKind) -> set[str]:
        """The ids of the elements of some kinds."""
        return {element.id for element in self.elements if element.kind in kinds}


@derived
def elements_of(network: Network, kind: ElementKind) -> frozenset[str]:
    """The ids of everything of a kind that can be taken away."""
    regions = network.facts.regions
    if kind == "economy":
        return frozenset(row.id for row in regions if row.level == "economy")
    if kind == "city":
        return frozenset(row.id for row in regions if row.level == "city" or row.id in MUNICIPALITIES)
    return frozenset(row.id for row in getattr(network.facts, f"{kind}s"))


def _element(network: Network, text: str) -> Element:
    kind, colon, id_ = text.strip().partition(":")
    if not colon:
        for tried in KINDS:
            if kind in elements_of(network, tried):
                return Element(tried, kind)
        known = {id_ for tried in KINDS for id_ in elements_of(network, tried)}
        raise NotFound("element", kind, near(kind, known))
    for tried in KINDS:
        if kind == tried:
            if id_ not in elements_of(network, tried):
                raise NotFound(tried, id_, near(id_, elements_of(network, tried)))
            return Element(tried, id_)
    raise BadInput("removed", text, "kind:id with kind one of " + ", ".join(KINDS))


def scenario(network: Network, removed: Iterable[str]) -> Scenario:
    """A scenario from texts such as `economy:us`, `firm:asml`, or bare ids.

    Raises:
        NotFound: There is no such element; with near matches.
        BadInput: The kind is none.
    """
    found = {_element(network, text) for text in removed if text.strip()}
    return Scenario(tuple(sorted(found, key=str)))


def _places(network: Network, ids: Iterable[str], *, parks: bool, regions: bool) -> Bools:
    """For each place whether it lies in one of some parks or regions."""
    roots = [network.park_at[id_] for id_ in ids if parks and id_ in network.park_at]
    roots += [network.region_at[id_] for id_ in ids if regions and id_ in network.region_at]
    return np.asarray(network.inside[:, roots].any(axis=1), np.bool_)


def _wholly_inside(network: Network, places: Bools) -> Bools:
    """For each supplies row whether its places are known and all among some places."""
    return (network.row_places.lengths() > 0) & ~any_of(~places, network.row_places)


@derived
def _firms_by_economy(network: Network) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for at, row in enumerate(network.firm_rows):
        found.setdefault(row.economy_id or "", []).append(at)
    return found


def _rows_of_firms(network: Network, firms: Iterable[str], economies: Iterable[str]) -> Bools:
    lost = np.zeros(len(network.firms), np.bool_)
    lost[[network.firm_at[name] for name in firms if name in network.firm_at]] = True
    by_economy = _firms_by_economy(network)
    for name in economies:
        lost[by_economy.get(name, [])] = True
    return lost[network.row_firm]


def event_rows(network: Network, event: Event) -> Bools:
    """For each supplies row whether an event takes it away (measures §12)."""
    subjects = set(event.subject_ids)
    if not event.affected_product_ids:
        parks = _places(network, subjects, parks=True, regions=False)
        return _rows_of_firms(network, subjects, ()) | _wholly_inside(network, parks)
    affected = np.zeros(len(network.products), np.bool_)
    for name in event.affected_product_ids:
        affected[network.kinds[network.product_at[name]]] = True
    places = _places(network, subjects, parks=True, regions=True)
    hit = _rows_of_firms(network, subjects, subjects) | _wholly_inside(network, places)
    return hit & affected[network.row_product]


def rows_gone(network: Network, what: Scenario) -> Bools:
    """For each supplies row whether it is gone: its firm or economy is, or every place where the thing is made."""
    firms, economies = what.ids("firm"), what.ids("economy")
    parks = _places(network, what.ids("park"), parks=True, regions=False)
    regions = _places(network, what.ids("economy", "city", "region"), parks=False, regions=True)
    gone = _rows_of_firms(network, firms, economies) | _wholly_inside(network, parks | regions)
    events = {row.id: row for row in network.facts.events}
    for name in what.ids("event"):
        gone |= event_rows(network, events[name])
    return gone


def products_removed(network: Network, what: Scenario) -> Bools:
    """For each product whether the scenario removes it itself."""
    removed = np.zeros(len(network.products), np.bool_)
    removed[[network.product_at[name] for name in what.ids("product")]] = True
    return removed
