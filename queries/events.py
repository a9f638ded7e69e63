"""Events 事件: when they are open, whom they touch, and what they take away (measures §12)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np

from graph.model import Event
from queries.network import Bools, Network, derived
from queries.refs import Ref, ref
from queries.scenario import event_rows
from queries.targets import last_day

Reach = Literal["loss", "exposure", "none"]
"""`loss`: it touches us, so what it takes away is lost to our chains; `exposure`: it hits the firms that it names,
and no chain; `none`: it is aimed at others."""

_STAY_OPEN = ("export-control", "sanction", "dispute")
_OTHERS_LAST = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event on a day.

    Attributes:
        date, end_date: As the facts state them; a day, a month or a year.
        opens, closes: First and last day; `closes` is `None` where it stays open until a source says otherwise.
        open: Whether it is open on the day.
        reach: Whether it touches us.
        exposed: Of an `exposure` the firms of economy cn among its targets.
        rows: Number of supplies rows that it takes away from those whom it is aimed at.
        chain_ids: Chains in which what it takes away stands, or for which an exposed firm supplies.
    """

    id: str
    kind: str
    title_zh: str
    title_en: str | None
    date: str
    end_date: str | None
    opens: str
    closes: str | None
    open: bool
    reach: Reach
    subjects: tuple[Ref, ...]
    targets: tuple[Ref, ...]
    affected_products: tuple[Ref, ...]
    exposed: tuple[Ref, ...]
    rows: int
    chain_ids: tuple[str, ...]
    outcome_note: str | None
    source_ids: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events to show; `None` lets all pass.

    Attributes:
        open: Only those that are open on the day, or only the others.
        reach: Whether they touch us.
        chain: Id of a chain that they concern.
    """

    open: bool | None = None
    reach: Reach | None = None
    chain: str | None = None


def first_day(text: str) -> date:
    """The day that a day, month or year stands for as a start: its first."""
    parts = [int(part) for part in text.split("-")]
    return date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)


def last_day_of(event: Event) -> date | None:
    """The last day on which an event is open; `None` where it stays open."""
    if event.end_date:
        return last_day(event.end_date)
    return None if event.kind in _STAY_OPEN else first_day(event.date) + _OTHERS_LAST


def is_open(event: Event, on: date) -> bool:
    """Whether an event is open on a day."""
    end = last_day_of(event)
    return first_day(event.date) <= on and (end is None or on <= end)


def _kind_of(network: Network, name: str) -> Literal["regions", "firms", "parks"]:
    """The table that a subject or target is in; they are tried in this order."""
    if name in network.region_at:
        return "regions"
    return "firms" if name in network.firm_at else "parks"


def _is_ours(network: Network, name: str) -> bool:
    """Whether a target is cn or a place in it."""
    kind = _kind_of(network, name)
    if kind == "firms" or "cn" not in network.region_at:
        return False
    place = network.region_at[name] if kind == "regions" else network.park_at[name]
    return bool(network.inside[place, network.region_at["cn"]])


def reach_of(network: Network, event: Event) -> Reach:
    """Whether an event touches us, only exposes firms, or is aimed at others."""
    targets = event.target_ids
    if not targets or any(_is_ours(network, name) for name in targets):
        return "loss"
    return "exposure" if all(_kind_of(network, name) == "firms" for name in targets) else "none"


def exposed_firms(network: Network, event: Event) -> tuple[str, ...]:
    """The firms of economy cn that an `exposure` hits, in the order of its targets."""
    if reach_of(network, event) != "exposure":
        return ()
    return tuple(name for name in event.target_ids if network.firm_rows[network.firm_at[name]].economy_id == "cn")


def _refs(network: Network, names: tuple[str, ...]) -> tuple[Ref, ...]:
    return tuple(ref(network, _kind_of(network, name), name) for name in names)


def rows_of_firms(network: Network, firms: Iterable[str]) -> Bools:
    """For each supplies row whether it is one of some firms."""
    return np.isin(network.row_firm, [network.firm_at[name] for name in firms])


def chains_of_rows(network: Network, rows: Bools) -> tuple[str, ...]:
    """The chains in which the products of some supplies rows stand, by id."""
    products = set(network.row_product[rows].tolist())
    return tuple(sorted({chain for product in products for chain in network.product_chains[product]}))


@derived
def events_on(network: Network, on: date) -> tuple[EventRow, ...]:
    """Every event as it stands on a day, those that began last first, then by id."""
    rows = sorted(network.facts.events, key=lambda event: event.id)
    rows.sort(key=lambda event: first_day(event.date), reverse=True)
    return tuple(_event_row(network, event, on) for event in rows)


def _event_row(network: Network, event: Event, on: date) -> EventRow:
    gone = event_rows(network, event)
    exposed = exposed_firms(network, event)
    touched = gone | rows_of_firms(network, exposed)
    closes = last_day_of(event)
    return EventRow(
        id=event.id,
        kind=event.kind,
        title_zh=event.title_zh,
        title_en=event.title_en,
        date=event.date,
        end_date=event.end_date,
        opens=first_day(event.date).isoformat(),
        closes=closes.isoformat() if closes else None,
        open=is_open(event, on),
        reach=reach_of(network, event),
        subjects=_refs(network, event.subject_ids),
        targets=_refs(network, event.target_ids),
        affected_products=tuple(ref(network, "products", name) for name in event.affected_product_ids),
        exposed=_refs(network, exposed),
        rows=int(gone.sum()),
        chain_ids=chains_of_rows(network, touched),
        outcome_note=event.outcome_note,
        source_ids=event.source_ids,
        confidence=event.confidence,
    )


def events_where(network: Network, on: date, wanted: EventFilter) -> list[EventRow]:
    """The events that pass a filter, those that began last first.

    Raises:
        NotFound: There is no such chain.
    """
    network.study(wanted.chain)
    return [
        row
        for row in events_on(network, on)
        if (wanted.open is None or row.open == wanted.open)
        and (wanted.reach is None or row.reach == wanted.reach)
        and (wanted.chain is None or wanted.chain in row.chain_ids)
    ]
