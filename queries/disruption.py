"""Disruption 断链推演: what a scenario stops, why, how much is left of the rest, and who can step in (measures §7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from queries.criticality import FLOOR
from queries.criticality import UNKNOWN as OPEN
from queries.evidence import Grade, blocked_grades
from queries.failure import Failure, failure
from queries.network import RADII, Bools, Floats, Lists, Network, any_of, derived, derived_large
from queries.rules import Rules, rules
from queries.scenario import Scenario, elements_of

Cause = Literal["removed", "lost-suppliers", "needs", "stand-in-lost"]
_CITY = len(RADII) + 1


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a reason, from what stops back to what was taken away.

    Attributes:
        product_id: The product that stops.
        cause: `removed` itself; `lost-suppliers`: all of its own counting rows are gone; `needs`: the next step is an
            input without which it cannot be made; `stand-in-lost`: the next step is what stood in for it.
        slot: Name of the need that is not met, for `needs`.
        round: The round of failure in which it stops.
    """

    product_id: str
    cause: Cause
    slot: str | None
    round: int


@dataclass(frozen=True, slots=True)
class Blocked:
    """A product that stops, with the shortest reason; `evidence` is `None` where the scenario takes it away itself."""

    product_id: str
    name_zh: str
    name_en: str | None
    chain_ids: tuple[str, ...]
    final: bool
    reason: tuple[Step, ...]
    evidence: Grade | None


@dataclass(frozen=True, slots=True)
class Substitute:
    """A supplier that is left; `near` is the city of a lost supplier, or the least radius that holds it."""

    firm_id: str
    name_zh: str
    name_en: str | None
    capability: float
    share_pct: float | None
    near: str


@dataclass(frozen=True, slots=True)
class Row:
    """A supplies row that is gone."""

    firm_id: str
    product_id: str
    source_ids: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class Disruption:
    """The answer to a scenario.

    Attributes:
        scenario, hash: The canonical text of the scenario, and its hash.
        blocked: Products of the baseline that stop, by round, then by id.
        finals_hit: Final products among them, by id.
        finals: Number of final products of the study.
        levels: For each product whose level is below 1 what is left of it, 0..1.
        assumed: Products whose level rests on a row without a share.
        substitutes: For each product that lost suppliers those that are left, nearest first.
        rows_gone: The supplies rows that are gone, by firm and product.
    """

    scenario: str
    hash: str
    floor: str
    unknown: str
    edition: str
    blocked: tuple[Blocked, ...]
    finals_hit: tuple[str, ...]
    finals: int
    levels: Mapping[str, float]
    assumed: tuple[str, ...]
    substitutes: Mapping[str, tuple[Substitute, ...]]
    rows_gone: tuple[Row, ...]


# -- how much ---


@derived
def shares(network: Network, floor: str, unknown: str) -> tuple[Floats, Bools]:
    """For each supplies row its share of the product's counting rows, and whether it was assumed.

    Shares known globally, else in China; rows without one get max(1, what is left / their number); all are divided
    by their sum. A row that does not count has share 0.
    """
    counting = rules(network, floor, unknown).counting
    share, assumed = np.zeros(len(network.supplies)), np.zeros(len(network.supplies), np.bool_)
    for product in range(len(network.products)):
        own = [at for at in network.product_own_rows[product].tolist() if counting[at]]
        for scope in ("global", "china"):
            known = {
                at: network.supplies[at].share_pct or 0.0
                for at in own
                if network.supplies[at].share_scope == scope and network.supplies[at].share_pct
            }
            if known:
                break
        without = [at for at in own if at not in known]
        if without:
            each = max(1.0, (100 - sum(known.values())) / len(without))
            known |= dict.fromkeys(without, each)
            assumed[without] = True
        total = sum(known.values())
        for at, value in known.items():
            share[at] = value / total
    return share, assumed


def supply_left(network: Network, rule: Rules, gone: Bools, floor: str, unknown: str) -> Floats:
    """For each product the share of its own counting rows that is left, exactly 1 where none is gone."""
    share, _ = shares(network, floor, unknown)
    size = len(network.products)
    left = np.bincount(network.row_product, weights=share * ~gone, minlength=size)
    lost = np.bincount(network.row_product[gone & rule.counting], minlength=size) > 0
    own = np.bincount(network.row_product[rule.counting], minlength=size) > 0
    any_left = np.bincount(network.row_product[rule.counting & ~gone], minlength=size) > 0
    supply = np.where(own, np.where(lost, np.where(any_left, left, 0.0), 1.0), 0.0)
    return np.where(network.known, supply, 1.0 if unknown == "open" else 0.0)


@dataclass(frozen=True, slots=True)
class _Terms:
    """The terms of one round of levels: the need of each product that is met least, and its best stand-in."""

    slots: Floats
    needs: Floats
    itself: Floats
    stand_ins: Floats


def _terms(network: Network, rule: Rules, supply: Floats, level: Floats) -> _Terms:
    best = np.zeros(len(level))  # the best stand-in of each product
    lists = rule.stand_ins
    np.maximum.at(best, lists.owners(), level[lists.items])
    usable = np.maximum(level, best)
    slots = np.zeros(len(network.slot_names))
    np.maximum.at(slots, rule.members.owners(), usable[rule.members.items])
    needs = np.ones(len(level))
    np.minimum.at(needs, network.product_slots.owners(), slots[network.product_slots.items])
    return _Terms(slots, needs, np.minimum(supply, needs), best)


def levels(network: Network, rule: Rules, supply: Floats, removed: Bools) -> Floats:
    """What is left of each product, 0..1: the greatest fixed point of measures §7."""
    level = np.where(removed, 0.0, 1.0)
    while True:
        terms = _terms(network, rule, supply, level)
        lower = np.where(removed, 0.0, np.maximum(terms.itself, terms.stand_ins))
        if np.array_equal(lower, level):
            return level
        level = lower


def _assumed(network: Network, rule: Rules, supply: Floats, level: Floats, guessed: Bools) -> Bools:
    """Products whose level, neither 0 nor 1, is decided by a supply that rests on an assumed share.

    So it is where every way to the level is. A way is a stand-in of the same level, or the product itself: by its own
    supply, or by a need as little met.
    """
    terms, stand_ins, usable, slots = (
        _terms(network, rule, supply, level),
        rule.stand_ins,
        rule.usable,
        network.slot_product,
    )
    partly, by_itself = (level > 0) & (level < 1), terms.itself == level
    same_stand_in = level[stand_ins.items] == level[stand_ins.owners()]
    same_usable = level[usable.items] == level[slots][usable.owners()]
    deciding = terms.slots == level[slots]
    guessed_supply = guessed & (supply == level)
    found = np.zeros(len(level), np.bool_)
    while True:
        sure_stand_in = _any_item(stand_ins, same_stand_in & ~found[stand_ins.items])
        guessed_slot = deciding & ~_any_item(usable, same_usable & ~found[usable.items])
        guessed_itself = guessed_supply | any_of(guessed_slot, network.product_slots)
        new = partly & ~sure_stand_in & (guessed_itself | ~by_itself)
        if np.array_equal(new, found):
            return found
        found = new


def _any_item(lists: Lists, flags: Bools) -> Bools:
    """For each thing whether any item of its list is flagged, flags given item by item."""
    return np.bincount(lists.owners(), weights=flags, minlength=len(lists)) > 0


# -- why ---


def _step(network: Network, failed: Failure, at: int) -> tuple[Step, int | None]:
    """Why a product fails, and the product to which the step goes back."""
    rule, rounds = failed.rule, failed.rounds
    name, number = network.products[at], int(rounds[at])

    def first(products: list[int]) -> int:
        return min((other for other in products if rounds[other] >= 0), key=lambda o: (rounds[o], network.products[o]))

    if failed.removed[at]:
        return Step(name, "removed", None, number), None
    if not failed.itself[at]:
        if rule.itself[at]:
            return Step(name, "lost-suppliers", None, number), None
        return Step(name, "stand-in-lost", None, number), first(rule.stand_ins[at].tolist())
    met_by: dict[int, str] = {}
    for slot in network.product_slots[at].tolist():
        if all(failed.dead(other, number) for other in rule.usable[slot].tolist()):
            members = rule.members[slot].tolist()
            met_by |= {member: network.slot_names[slot] for member in members if rounds[member] >= 0}
    if not met_by:  # a need that never could be met: a stand-in carried the product
        return Step(name, "stand-in-lost", None, number), first(rule.stand_ins[at].tolist())
    there = first(list(met_by))
    return Step(name, "needs", met_by[there], number), there


def _reason(network: Network, failed: Failure, at: int) -> tuple[Step, ...]:
    steps: list[Step] = []
    there: int | None = at
    while there is not None:
        step, there = _step(network, failed, there)
        steps.append(step)
    return tuple(steps)


# -- who can step in ---


@derived
def place_cities(network: Network) -> tuple[frozenset[int], ...]:
    """For each place the cities and municipalities that hold it."""
    cities = np.array(sorted(network.region_at[name] for name in elements_of(network, "city")), np.intp)
    return tuple(frozenset(cities[held].tolist()) for held in network.inside[:, cities])


@derived
def _rows_near(network: Network) -> tuple[tuple[frozenset[int], int], ...]:
    """For each supplies row the cities that it is made in, and the least radius that holds one of its places."""
    cities, inside = place_cities(network), [network.rows_in(radius) for radius in RADII]
    return tuple(
        (
            frozenset[int]().union(*(cities[place] for place in network.row_places[row].tolist())),
            next(at for at, rows in enumerate(inside) if rows[row]),
        )
        for row in range(len(network.supplies))
    )


def _substitutes(network: Network, gone: Bools, product: int) -> tuple[Substitute, ...]:
    """The suppliers of a product that are left: in the city of a lost one first, then by radius, capability, share."""
    near = _rows_near(network)
    claims = network.claims[product].tolist()
    lost = frozenset[int]().union(*(near[row][0] for row in claims if gone[row]))
    left: dict[int, list[int]] = {}
    for row in claims:
        if not gone[row] and network.row_weight[row] > 0:
            left.setdefault(int(network.row_firm[row]), []).append(row)
    found = []
    for firm, rows in left.items():
        in_city = any(near[row][0] & lost for row in rows)
        radius = min(near[row][1] for row in rows)
        weight = max(float(network.row_weight[row]) for row in rows)
        share = max(network.supplies[row].share_pct or 0.0 for row in rows)
        found.append((0 if in_city else 1 + radius, -weight, -share, firm, "city" if in_city else RADII[radius]))
    return tuple(
        Substitute(
            firm_id=network.firms[firm],
            name_zh=network.firm_rows[firm].name_zh,
            name_en=network.firm_rows[firm].name_en,
            capability=-weight,
            share_pct=-share or None,
            near=where,
        )
        for _, weight, share, firm, where in sorted(found)
    )


# -- the answer ---


@derived_large
def disruption(network: Network, what: Scenario, floor: str = FLOOR, unknown: str = OPEN) -> Disruption:
    """What a scenario stops, why, how much is left, and who can step in.

    Args:
        network: The edition.
        what: What is taken away, from `queries.scenario.scenario`.
        floor: Least capability that carries a chain (measures §3).
        unknown: `open` lets products without a known supplier pass, `closed` does not.

    Raises:
        BadInput: `floor` or `unknown` is not one of its words.
    """
    failed = failure(network, what, floor, unknown)
    rule, gone, rounds = failed.rule, failed.gone, failed.rounds
    supply = supply_left(network, rule, gone, floor, unknown)
    level = levels(network, rule, supply, failed.removed)
    guessed_rows = shares(network, floor, unknown)[1]
    guessed = np.bincount(network.row_product[guessed_rows], minlength=len(network.products)) > 0
    finals = set(network.study(None)[1])
    stopped = sorted(np.flatnonzero(rounds >= 0).tolist(), key=lambda at: (rounds[at], network.products[at]))
    reasons = {at: _reason(network, failed, at) for at in stopped}
    roots = {at: network.product_at[steps[-1].product_id] for at, steps in reasons.items()}
    grades = blocked_grades(network, what, floor, unknown, roots)
    touched = sorted({int(p) for row in np.flatnonzero(gone).tolist() for p in _claimants(network, row)})
    return Disruption(
        scenario=what.text,
        hash=what.hash,
        floor=floor,
        unknown=unknown,
        edition=network.edition,
        blocked=tuple(
            Blocked(
                network.products[at], network.product_rows[at].name_zh, network.product_rows[at].name_en,
                network.product_chains[at], at in finals, reasons[at], grades[at],
            )
            for at in stopped
        ),
        finals_hit=tuple(sorted(network.products[at] for at in stopped if at in finals)),
        finals=len(finals),
        levels={network.products[at]: float(level[at]) for at in np.flatnonzero(level < 1).tolist()},
        assumed=tuple(
            network.products[at]
            for at in np.flatnonzero(_assumed(network, rule, supply, level, guessed & (supply > 0))).tolist()
        ),
        substitutes={network.products[at]: _substitutes(network, gone, at) for at in touched},
        rows_gone=tuple(
            Row(row.firm_id, row.product_id, row.source_ids, row.confidence)
            for row in (network.supplies[at] for at in np.flatnonzero(gone).tolist())
        ),
    )  # fmt: skip


@derived
def _claimant_lists(network: Network) -> tuple[tuple[int, ...], ...]:
    """For each product the products of which it is a kind, itself among them."""
    found: list[list[int]] = [[] for _ in network.products]
    for at in range(len(network.products)):
        for kind in network.kinds[at].tolist():
            found[kind].append(at)
    return tuple(map(tuple, found))


def _claimants(network: Network, row: int) -> tuple[int, ...]:
    return _claimant_lists(network)[int(network.row_product[row])]
