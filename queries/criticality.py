"""Criticality 关键性: what stops if a product stops (measures §3)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from queries.gates import stopped_by
from queries.network import Floats, Ints, Network, derived
from queries.removals import stopped_in

FLOOR = "small-batch"
UNKNOWN = "open"
_FINALS_WEIGHT = 0.7
_BREADTH_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Criticality:
    """Criticality of every product within a study.

    Attributes:
        blocks: Number of products that each one blocks, in the whole network.
        finals_hit: Number of finals of the study among them and the product itself.
        study_hit: Number of other products of the study among them.
        finals: Number of finals of the study.
        study: Number of products of the study other than each one.
    """

    blocks: Ints
    finals_hit: Ints
    study_hit: Ints
    finals: int
    study: Ints

    @property
    def final_impact(self) -> Floats:
        """Share of the finals that stop, 0..1; 0 where there are no finals."""
        return self.finals_hit / max(self.finals, 1)

    @property
    def breadth(self) -> Floats:
        """Share of the study that stops, 0..1; 0 where there is no other product in it."""
        return self.study_hit / np.maximum(self.study, 1)

    @property
    def value(self) -> Floats:
        """0.7 final impact + 0.3 breadth."""
        return _FINALS_WEIGHT * self.final_impact + _BREADTH_WEIGHT * self.breadth


@derived
def blocks(network: Network, product: int, floor: str = FLOOR, unknown: str = UNKNOWN) -> Ints:
    """The products that one blocks when it is removed, itself left out, in ascending order."""
    return stopped_by(network, product, floor, unknown)


@derived
def criticality(network: Network, chain: str | None = None, floor: str = FLOOR, unknown: str = UNKNOWN) -> Criticality:
    """Criticality of every product, in the whole network or within a chain.

    Raises:
        NotFound: There is no such chain.
        BadInput: `floor` or `unknown` is not one of its words.
    """
    study, finals = (np.array(found, np.int32) for found in network.study(chain))
    in_study = np.zeros(len(network.products), np.bool_)
    in_study[study] = True
    is_final = np.zeros_like(in_study)
    is_final[finals] = True
    groups = [finals, np.arange(len(network.products), dtype=np.int32), *([study] if chain else [])]
    finals_hit, stopped, *within = stopped_in(network, floor, unknown, groups)
    return Criticality(
        blocks=stopped,
        finals_hit=finals_hit + is_final,
        study_hit=within[0] if chain else stopped,
        finals=len(finals),
        study=(len(study) - in_study).astype(np.int32),
    )
