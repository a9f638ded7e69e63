"""The state of all chains in a few figures: what the overview page says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from queries.chain_rows import ChainRow, chain_rows, industry_rows
from queries.coverage import coverage
from queries.gap_rows import GapRow, gap_row
from queries.gaps import gap_list
from queries.gaps import grades as gap_grades
from queries.network import RADII, Network, Radius, derived
from queries.reasons import brief_en, brief_zh

_TOP = 10


@dataclass(frozen=True, slots=True)
class Overview:
    """All chains at a glance.

    Attributes:
        products, finals: Numbers of products and of final products.
        full: For each radius the number of products with a full supplier there.
        chokepoints: Number of products of the kind chokepoint.
        grave: Number of chokepoints without which more than half of the finals stop.
        chains, leading, key: Chains and industries, those with most products first.
        top: The greatest gaps of China.
        briefs: Of each of them why, in few words, in Chinese and in English.
        supplies_by_confidence: Number of supplies rows by confidence.
        grades: Number of products by evidence grade of their gap kind in China.
        source_years: Year of the oldest and of the newest source; `None` where no year is known.
    """

    products: int
    finals: int
    full: Mapping[Radius, int]
    chokepoints: int
    grave: int
    chains: tuple[ChainRow, ...]
    leading: tuple[ChainRow, ...]
    key: tuple[ChainRow, ...]
    top: tuple[GapRow, ...]
    briefs: tuple[tuple[str, str], ...]
    supplies_by_confidence: Mapping[str, int]
    grades: Mapping[str, int]
    source_years: tuple[int, int] | None


def _by_size(rows: Iterable[ChainRow]) -> tuple[ChainRow, ...]:
    return tuple(sorted(rows, key=lambda row: (-row.products, row.id)))


@derived
def overview(network: Network) -> Overview:
    """The figures of an edition."""
    gaps = gap_list(network, "china")
    choked = [gap for gap in gaps if gap.kind == "chokepoint"]
    industries = industry_rows(network)
    levels = [row.confidence for row in network.supplies]
    found = gap_grades(network, "china")
    years = [row.year for row in network.facts.sources if row.year is not None]
    return Overview(
        products=len(network.products),
        finals=len(network.study(None)[1]),
        full={radius: int((coverage(network, radius).full > 0).sum()) for radius in RADII},
        chokepoints=len(choked),
        grave=sum(1 for gap in choked if 2 * gap.finals_hit > gap.finals),
        chains=_by_size(chain_rows(network)),
        leading=_by_size(row for row in industries if row.tier == "leading"),
        key=_by_size(row for row in industries if row.tier == "key"),
        top=tuple(gap_row(network, gap, "china") for gap in gaps[:_TOP]),
        briefs=tuple((brief_zh(network, gap), brief_en(network, gap)) for gap in gaps[:_TOP]),
        supplies_by_confidence={level: levels.count(level) for level in ("high", "medium", "low")},
        grades={grade: found.count(grade) for grade in ("A", "B", "C")},
        source_years=(min(years), max(years)) if years else None,
    )
