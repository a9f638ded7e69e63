"""One scenario played through: what it takes away, who still has suppliers, and when each product fails."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from queries.gates import baseline, failure_rounds, gates
from queries.network import Bools, Ints, Network, derived_large
from queries.rules import Rules, left_itself, rules
from queries.scenario import Scenario, products_removed, rows_gone


@dataclass(frozen=True, slots=True)
class Failure:
    """What becomes of every product in a scenario.

    Attributes:
        before: Whether it can be made while nothing is removed.
        gone: For each supplies row whether it is gone.
        removed: Whether the scenario removes the product itself.
        itself: Whether one of its own counting rows is left, or none of its suppliers was ever known.
        rounds: The round in which it fails; -1 where it does not.
    """

    rule: Rules
    before: Bools
    gone: Bools
    removed: Bools
    itself: Bools
    rounds: Ints


@derived_large
def failure(network: Network, what: Scenario, floor: str, unknown: str) -> Failure:
    """Play a scenario through.

    Raises:
        BadInput: `floor` or `unknown` is not one of its words.
    """
    rule, before = rules(network, floor, unknown), baseline(network, floor, unknown)
    gone, removed = rows_gone(network, what), products_removed(network, what)
    itself, structure = left_itself(network, rule, gone, unknown), gates(network, floor, unknown)
    start = np.append(np.flatnonzero(removed), structure.itself[rule.itself & ~itself]).astype(np.int32)
    return Failure(rule, before, gone, removed, itself, failure_rounds(structure, start))
