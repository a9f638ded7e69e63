"""Disruption 断链推演: what a scenario stops, why, how much is left of the rest, and who can step in (measures §7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from queries.causes import CAUSES, Cause, Causes, causes
from queries.criticality import FLOOR
from queries.criticality import UNKNOWN as OPEN
from queries.evidence import Grade, blocked_grades
from queries.failure import failure
from queries.levels import assumed, levels, supply_left
from queries.network import Ints, Network, derived_large
from queries.scenario import Scenario
from queries.substitutes import Substitute, substitutes


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
    gone, rounds = failed.gone, failed.rounds
    supply = supply_left(network, gone, floor, unknown)
    level = levels(network, supply, failed.removed, floor, unknown)
    finals = set(network.study(None)[1])
    order = np.flatnonzero(rounds >= 0)
    order = order[np.argsort(rounds[order], kind="stable")]
    stopped = order.tolist()
    reasons, roots = _reasons(network, rounds, causes(network, failed), stopped)
    grades = blocked_grades(network, what, floor, unknown, roots)
    guessed = assumed(network, supply, level, floor, unknown)
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
        assumed=tuple(network.products[at] for at in np.flatnonzero(guessed).tolist()),
        substitutes=substitutes(network, gone),
        rows_gone=tuple(
            Row(row.firm_id, row.product_id, row.source_ids, row.confidence)
            for row in (network.supplies[at] for at in np.flatnonzero(gone).tolist())
        ),
    )  # fmt: skip


def _reasons(
    network: Network, rounds: Ints, why: Causes, stopped: list[int]
) -> tuple[dict[int, tuple[Step, ...]], dict[int, int]]:
    """The reason of each product that stops, given by round, and the product at which it ends."""
    slots = (*network.slot_names, None)
    reasons: dict[int, tuple[Step, ...]] = {}
    roots: dict[int, int] = {}
    columns = (part[stopped].tolist() for part in (why.cause, why.slot, why.back, rounds))
    for at, cause, slot, back, number in zip(stopped, *columns, strict=True):
        step = Step(network.products[at], CAUSES[cause], slots[slot], number)
        reasons[at] = (step, *reasons[back]) if back >= 0 else (step,)
        roots[at] = roots[back] if back >= 0 else at
    return reasons, roots
