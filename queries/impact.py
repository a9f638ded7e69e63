"""A disruption as a planner reads it: every product that is hit in one row, grouped by cause; who is touched here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from queries.disruption import Disruption, disruption
from queries.failure import failure
from queries.levels import supply_left
from queries.network import RADII, Bools, Floats, Network, derived, derived_large
from queries.refs import Ref, ref
from queries.rules import Rules
from queries.scenario import Scenario

_NEAR_ENOUGH = 1e-9


@dataclass(frozen=True, slots=True)
class ImpactRow:
    """A product that stops or is cut back.

    Attributes:
        level: What is left of it, 0..1.
        stopped: Whether it stops.
        assumed: Whether its level rests on a share that is not known.
        round: Round of failure; `None` where it does not stop.
        path: Product ids from it back to the cause, itself first.
        cause: The last of them: where suppliers were lost, or what was taken away.
        lost, had: Suppliers of the cause that are gone, of all that it had.
        substitutes: Firms that are left for the cause, the nearest first.
    """

    product_id: str
    name_zh: str
    short_zh: str | None
    name_en: str | None
    chain_ids: tuple[str, ...]
    final: bool
    stopped: bool
    level: float
    assumed: bool
    round: int | None
    path: tuple[str, ...]
    cause: str
    lost: int
    had: int
    substitutes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CauseGroup:
    """The products that one cause hits.

    Attributes:
        level: Level of the cause, 0 where it stops.
        removed: Whether the cause itself was taken away.
        lost: Ids of the firms that are gone.
        had: Number of suppliers that it had.
        rows: What it hits, finals first, then by level and round.
    """

    product: Ref
    level: float
    removed: bool
    lost: tuple[str, ...]
    had: int
    rows: tuple[ImpactRow, ...]


@dataclass(frozen=True, slots=True)
class Touched:
    """A firm or park in Shanghai: what it makes there that stops, and that is cut back."""

    what: Ref
    stopped: tuple[str, ...]
    reduced: int


@dataclass(frozen=True, slots=True)
class Impact:
    """The answer to a scenario, sorted for reading.

    Attributes:
        answer: The measure itself.
        rows: Every product that is hit: what stops by round, then what is cut back by level.
        stops: What stops, by cause, those with most finals first.
        cuts: Final products that are cut back, by cause, the lowest level first.
        firms, parks: In Shanghai, those with most stopped products first.
        firms_lost: Number of firms that lose all or some of their rows.
    """

    answer: Disruption
    rows: tuple[ImpactRow, ...]
    stops: tuple[CauseGroup, ...]
    cuts: tuple[CauseGroup, ...]
    firms: tuple[Touched, ...]
    parks: tuple[Touched, ...]
    firms_lost: int


def _weakest(network: Network, rule: Rules, supply: Floats, level: Floats, at: int) -> list[int]:
    """From a product that is cut back along what decides its level, to where suppliers were lost."""
    path, seen = [at], {at}
    while abs(supply[at] - level[at]) > _NEAR_ENOUGH:
        stand_ins = rule.stand_ins[at].tolist()
        deciding = [other for other in stand_ins if abs(level[other] - level[at]) < _NEAR_ENOUGH]
        for slot in network.product_slots[at].tolist():
            usable = rule.usable[slot].tolist()
            best = max(level[other] for other in usable)
            if abs(best - level[at]) < _NEAR_ENOUGH:
                deciding += [other for other in usable if abs(level[other] - best) < _NEAR_ENOUGH]
        left = sorted((other for other in deciding if other not in seen), key=lambda other: network.products[other])
        if not left:
            break
        at = left[0]
        seen.add(at)
        path.append(at)
    return path


def _firms_of(network: Network, product: int) -> set[int]:
    return {int(network.row_firm[row]) for row in network.product_own_rows[product].tolist()}


@derived_large
def impact(network: Network, what: Scenario, floor: str, unknown: str) -> Impact:
    """A scenario's answer with every product that is hit in one row, and who in Shanghai is touched.

    Raises:
        BadInput: `floor` or `unknown` is not one of its words.
    """
    answer, failed = disruption(network, what, floor, unknown), failure(network, what, floor, unknown)
    lost = _firms_by_product(network, failed.gone)
    supply = supply_left(network, failed.gone, floor, unknown)
    paths = _paths(network, answer, failed.rule, supply)
    rounds = {item.product_id: item.reason[0].round for item in answer.blocked}
    rows = tuple(_row(network, answer, lost, rounds, path) for path in paths)
    stops = _groups(network, answer, lost, what, [item for item in rows if item.stopped])
    stops.sort(key=lambda g: (-sum(item.final for item in g.rows), -len(g.rows), g.product.id))
    cuts = _groups(network, answer, lost, what, [item for item in rows if item.final and not item.stopped])
    cuts.sort(key=lambda g: (g.level, -len(g.rows), g.product.id))
    return Impact(
        answer=answer,
        rows=rows,
        stops=tuple(stops),
        cuts=tuple(cuts),
        firms=_touched(network, "firms", failed.gone, rows),
        parks=_touched(network, "parks", failed.gone, rows),
        firms_lost=len(np.unique(network.row_firm[failed.gone])),
    )


_Firms = Mapping[int, set[int]]
"""Firms by product."""


def _firms_by_product(network: Network, rows: Bools) -> dict[int, set[int]]:
    """The firms of some supplies rows, by product."""
    found: dict[int, set[int]] = defaultdict(set)
    for at in np.flatnonzero(rows).tolist():
        found[int(network.row_product[at])].add(int(network.row_firm[at]))
    return found


def _paths(network: Network, answer: Disruption, rule: Rules, supply: Floats) -> list[tuple[str, ...]]:
    """For every product that is hit the way to its cause: what stops by round, then what is cut back by level."""
    level = np.ones(len(network.products))
    for name, value in answer.levels.items():
        level[network.product_at[name]] = value
    cut_back = sorted((value, name) for name, value in answer.levels.items() if value > 0)
    ways = (_weakest(network, rule, supply, level, network.product_at[name]) for _, name in cut_back)
    return [
        *(tuple(step.product_id for step in item.reason) for item in answer.blocked),
        *(tuple(network.products[at] for at in way) for way in ways),
    ]


@derived
def _finals(network: Network) -> frozenset[int]:
    return frozenset(network.study(None)[1])


def _row(
    network: Network, answer: Disruption, lost: _Firms, rounds: Mapping[str, int], path: tuple[str, ...]
) -> ImpactRow:
    name = path[0]
    at, cause = network.product_at[name], network.product_at[path[-1]]
    record = network.product_rows[at]
    return ImpactRow(
        product_id=name,
        name_zh=record.name_zh,
        short_zh=record.short_zh,
        name_en=record.name_en,
        chain_ids=network.product_chains[at],
        final=at in _finals(network),
        stopped=name in rounds,
        level=answer.levels.get(name, 0.0),
        assumed=name in answer.assumed,
        round=rounds.get(name),
        path=path,
        cause=path[-1],
        lost=len(lost.get(cause, ())),
        had=len(_firms_of(network, cause)),
        substitutes=tuple(item.firm_id for item in answer.substitutes.get(path[-1], ())),
    )


def _groups(
    network: Network, answer: Disruption, lost: _Firms, what: Scenario, rows: Sequence[ImpactRow]
) -> list[CauseGroup]:
    """Some rows by their cause; within one the finals first, then by level and round."""
    by_cause: dict[str, list[ImpactRow]] = defaultdict(list)
    for item in rows:
        by_cause[item.cause].append(item)
    return [
        CauseGroup(
            product=ref(network, "products", cause),
            level=answer.levels.get(cause, 1.0),
            removed=cause in what.ids("product"),
            lost=tuple(sorted(network.firms[firm] for firm in lost.get(network.product_at[cause], ()))),
            had=len(_firms_of(network, network.product_at[cause])),
            rows=tuple(sorted(items, key=lambda i: (not i.final, i.level, i.round or 0, i.product_id))),
        )
        for cause, items in by_cause.items()
    ]


def _touched(network: Network, table: str, gone: Bools, rows: Sequence[ImpactRow]) -> tuple[Touched, ...]:
    """Firms or parks in Shanghai whose own rows there are of products that are hit; rows that are gone count too."""
    hit = {network.product_at[item.product_id]: item.stopped for item in rows}
    here = network.rows_in(RADII[0])
    inside = network.places_in(RADII[0])
    found: dict[str, set[int]] = defaultdict(set)
    for at in np.flatnonzero(here).tolist():
        product = int(network.row_product[at])
        if product not in hit and not gone[at]:
            continue
        if table == "firms":
            found[network.firms[int(network.row_firm[at])]].add(product)
            continue
        for name, park in network.park_at.items():
            if inside[park] and any(network.inside[place, park] for place in network.row_places[at].tolist()):
                found[name].add(product)
    made = [
        Touched(
            ref(network, table, name),
            tuple(sorted(network.products[at] for at in products if hit.get(at))),
            sum(1 for at in products if hit.get(at) is False),
        )
        for name, products in found.items()
    ]
    return tuple(sorted(made, key=lambda item: (-len(item.stopped), -item.reduced, item.what.id)))


@dataclass(frozen=True, slots=True)
class ImpactLine:
    """An impact row as a line of a file, with its reason in words."""

    scenario: str
    product_id: str
    name_zh: str
    name_en: str | None
    chain_ids: tuple[str, ...]
    final: bool
    stopped: bool
    level: float
    assumed: bool
    round: int | None
    reason_ids: tuple[str, ...]
    reason_zh: str
    cause_suppliers_lost: int
    cause_suppliers_had: int
    substitute_ids: tuple[str, ...]
    substitutes_zh: str


def impact_lines(network: Network, found: Impact) -> list[ImpactLine]:
    """The rows of an impact, in their order, to take away."""

    def firm_name(name: str) -> str:
        record = network.firm_rows[network.firm_at[name]]
        return record.short_zh or record.name_zh

    def product_name(name: str) -> str:
        record = network.product_rows[network.product_at[name]]
        return record.short_zh or record.name_zh

    return [
        ImpactLine(
            found.answer.scenario, row.product_id, row.name_zh, row.name_en, row.chain_ids, row.final, row.stopped,
            row.level, row.assumed, row.round, row.path, " ← ".join(map(product_name, row.path)), row.lost, row.had,
            row.substitutes, "、".join(map(firm_name, row.substitutes)),
        )
        for row in found.rows
    ]  # fmt: skip
