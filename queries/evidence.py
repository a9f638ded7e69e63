"""Evidence grades 证据等级 of statements (measures §11).

- A: the statement stays without the facts of low confidence, and rests on two or more sources;
- B: it stays;
- C: it changes: it rests on facts of low confidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import numpy as np

from graph.model import DOMAIN_KNOWLEDGE
from queries.coverage import ABSENT, UNKNOWN, WEAK, coverage, pairs
from queries.failure import failure
from queries.network import Control, Network, derived
from queries.scenario import Scenario

Grade = Literal["A", "B", "C"]
_WORST_FIRST: tuple[Grade, ...] = ("C", "B", "A")


@derived
def status_grades(network: Network, region: str, control: Control = "any") -> tuple[Grade | None, ...]:
    """The grade of the coverage status of every product in a region; `None` where the status is unknown."""
    found, checked = coverage(network, region, control), coverage(network.checked, region, control)
    changed = found.status != checked.status
    grades: list[Grade | None] = []
    for product, status in enumerate(found.status.tolist()):
        if status == UNKNOWN:
            grades.append(None)
        else:
            sources = {name for names in _deciding_sources(network, product, region, control) for name in names}
            grades.append(graded(not changed[product], sources))
    return tuple(grades)


def _deciding_sources(network: Network, product: int, region: str, control: Control) -> Iterator[tuple[str, ...]]:
    """The source ids of the rows that decide a status: each deciding supplies row, and each row that places it."""
    found, anywhere, who = coverage(network, region, control), coverage(network, "world"), pairs(network)
    part = who.of(product)
    best = found.best[part]
    status = int(found.status[product])
    if status == ABSENT:
        weights, inside = anywhere.best[part], np.ones(len(network.places), np.bool_)
    else:
        weights = np.where(best < 1 if status == WEAK else best == 1, best, 0)
        inside = network.places_in(region)
    for weight, firm in zip(weights.tolist(), who.firm[part].tolist(), strict=True):
        if weight > 0:
            for row in network.claims[product].tolist():
                if network.row_firm[row] == firm and network.row_weight[row] == weight:
                    placings = [placing for placing in network.placings[row] if inside[placing.place]]
                    if placings:
                        yield network.supplies[row].source_ids
                    for placing in placings:
                        site = placing.site
                        placer = network.firm_rows[firm] if site is None else network.sites[site]
                        yield placer.source_ids


def blocked_grades(
    network: Network, what: Scenario, floor: str, unknown: str, roots: Mapping[int, int]
) -> dict[int, Grade | None]:
    """The grade of `blocked` of some products in a scenario.

    It stays where the product is blocked without the facts of low confidence too, and the root of its reason loses all
    its own suppliers there too; its deciding facts are the supplies rows that the root lost. A product that the
    scenario takes away itself has no grade.

    Args:
        network: The edition.
        what: The scenario.
        floor: Least capability that carries a chain (measures §3).
        unknown: `open` or `closed`.
        roots: For each blocked product the last product of its shortest reason.
    """
    failed, checked = (failure(one, what, floor, unknown) for one in (network, network.checked))
    counting, gone, removed = failed.rule.counting, failed.gone, failed.removed
    lost = checked.rule.itself & ~checked.itself
    sources = {
        root: {
            name
            for row in network.product_own_rows[root].tolist()
            if gone[row] and counting[row] and not removed[root]
            for name in network.supplies[row].source_ids
        }
        for root in set(roots.values())
    }
    stays = {root: bool(removed[root] or lost[root]) for root in sources}
    still = (checked.rounds >= 0).tolist()
    return {
        product: None if removed[product] else graded(still[product] and stays[root], sources[root])
        for product, root in roots.items()
    }


def graded(stays: bool, sources: Iterable[str]) -> Grade:
    """The grade of a statement: whether it stays without the facts of low confidence, and what its facts cite."""
    if not stays:
        return "C"
    return "A" if len(set(sources) - {DOMAIN_KNOWLEDGE}) > 1 else "B"


def worst(*grades: Grade | None) -> Grade | None:
    """The worst of some grades; `None` counts for nothing."""
    return next((grade for grade in _WORST_FIRST if grade in grades), None)
