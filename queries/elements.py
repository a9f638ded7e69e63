"""What can be taken away in a scenario: found by name, and what the loss of each alone would stop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.errors import BadInput, NotFound
from queries.criticality import FLOOR
from queries.criticality import UNKNOWN as OPEN
from queries.gates import gates
from queries.network import Network, derived
from queries.rules import left_itself, rules
from queries.scenario import Element, ElementKind, Scenario, elements_of, products_removed, rows_gone, scenario
from queries.search import fold, search
from queries.sweep import sweeps
from queries.sweep_plan import plan

_FOUND_BY_NAME = ("product", "firm", "park", "region")


@dataclass(frozen=True, slots=True)
class ElementRow:
    """An element with its names; `element` is its canonical text."""

    element: str
    kind: ElementKind
    id: str
    name_zh: str
    short_zh: str | None
    name_en: str | None


@dataclass(frozen=True, slots=True)
class Alone:
    """What the loss of one element alone would stop.

    Attributes:
        stopped: Number of products that stop.
        finals: Number of final products among them.
        date: Start of an event; `None` for other elements.
    """

    row: ElementRow
    stopped: int
    finals: int
    date: str | None


def element_row(network: Network, element: Element) -> ElementRow:
    """An element with the names of what it stands for."""
    if element.kind == "event":
        event = next(row for row in network.facts.events if row.id == element.id)
        return ElementRow(str(element), "event", event.id, event.title_zh, None, event.title_en)
    table = "regions" if element.kind in ("economy", "city", "region") else f"{element.kind}s"
    row = next(row for row in getattr(network.facts, table) if row.id == element.id)
    return ElementRow(
        str(element), element.kind, row.id, row.name_zh, getattr(row, "short_zh", None), getattr(row, "name_en", None)
    )


def element_kind(network: Network, kind: str, id_: str) -> ElementKind:
    """The kind of element that a thing is taken away as: regions as economy or city where they are one."""
    if kind != "region":
        return kind  # type: ignore[return-value]
    finer: tuple[ElementKind, ...] = ("economy", "city")
    return next((finer_kind for finer_kind in finer if id_ in elements_of(network, finer_kind)), "region")


def find_elements(network: Network, text: str, limit: int = 12) -> tuple[ElementRow, ...]:
    """Elements that a text may mean, the best first: an element as `kind:id`, a name, an alias, pinyin, a title."""
    text = text.strip()
    if not text:
        return ()
    try:
        exact = [element_row(network, element) for element in scenario(network, [text]).elements] if ":" in text else []
    except (NotFound, BadInput):
        exact = []
    matches, _ = search(network, text, _FOUND_BY_NAME, limit=limit)
    found = [element_row(network, Element(element_kind(network, match.kind, match.id), match.id)) for match in matches]
    folded = fold(text)
    events = [
        element_row(network, Element("event", row.id))
        for row in network.facts.events
        if folded and (folded in fold(row.title_zh) or folded in fold(row.title_en or ""))
    ]
    # Titles are long: a short text that names a thing should not be buried under them, nor hide them all.
    rows = [*exact, *found[: max(limit - 4, limit - len(events))], *events]
    return tuple(dict.fromkeys(rows))[:limit]


@derived
def alone(network: Network, kind: ElementKind, floor: str = FLOOR, unknown: str = OPEN) -> tuple[Alone, ...]:
    """What the loss of each element of a kind alone would stop, those that stop most finals and products first."""
    elements = [Element(kind, name) for name in sorted(elements_of(network, kind))]
    rule, how = rules(network, floor, unknown), plan(network, floor, unknown)
    itself = gates(network, floor, unknown).itself
    pairs: list[NDArray[np.int32]] = []
    for at, element in enumerate(elements):
        what = Scenario((element,))
        lost = rule.itself & ~left_itself(network, rule, rows_gone(network, what), unknown)
        gone = np.append(np.flatnonzero(products_removed(network, what)), itself[lost])
        pairs.append(np.stack((gone, np.full(len(gone), at))).astype(np.int32))
    failing, scenarios = np.concatenate(pairs, axis=1) if pairs else np.zeros((2, 0), np.int32)
    products = how.row[: len(network.products)]
    finals = how.row[list(network.study(None)[1])]
    counted = [np.sort(rows[rows >= 0]) for rows in (products, finals)]
    counts = np.zeros((2, len(elements)), np.int64)
    for sweep, begin, end in sweeps(how, how.seat[failing], scenarios, len(elements)):
        counts[:, begin:end] = [sweep.count(rows, end - begin) for rows in counted]
    dates = {row.id: row.date for row in network.facts.events} if kind == "event" else {}
    found = [
        Alone(element_row(network, element), stopped, hit, dates.get(element.id))
        for element, stopped, hit in zip(elements, *counts.tolist(), strict=True)
    ]
    return tuple(sorted(found, key=lambda item: (-item.finals, -item.stopped, item.row.element)))


def element_rows(network: Network, what: Scenario) -> tuple[ElementRow, ...]:
    """The elements of a scenario with their names, in its order."""
    return tuple(element_row(network, element) for element in what.elements)
