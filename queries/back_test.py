"""Back-test of the candidates: hide what is known, and see whether it is found again (measures §9).

For every full supplies row that stands in a city of the delta: take the row for unknown, ask who could make the
product in that city, and look at which rank the firm comes back. Beside it the plain way: the firms of the city by the
number of their products. Both lists leave out the firms that make the product there anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from queries.candidates import GROUPS, Group, Sought, delta_cities, ranked
from queries.network import Lists, Network, derived
from queries.product_space import product_space, space_without

CUTS = (1, 5, 10)
MOST = 2000
_MOST_PAIRS = 20_000_000  # pairs of the product space looked at in all: a second or two
_FULL = 1.0


@dataclass(frozen=True, slots=True)
class Question:
    """A hidden row, the city that was asked, and what came back.

    Attributes:
        rank: Rank of the firm among the candidates; `None` where it did not come back.
        group: Its group there.
        plain_rank: Its rank among the firms of the city by number of products.
        left: Whether anything else is known that the firm makes in the city; if not, nothing could bring it back.
    """

    firm_id: str
    product_id: str
    city_id: str
    rank: int | None
    group: Group | None
    plain_rank: int
    left: bool


@dataclass(frozen=True, slots=True)
class HitRates:
    """Share of the questions, 0..1, in which the firm came back within the first 1, 5 and 10."""

    at_1: float
    at_5: float
    at_10: float


@dataclass(frozen=True, slots=True)
class BackTest:
    """How good the candidates are.

    Attributes:
        rows: Full supplies rows in the delta.
        questions: Number of questions, one for each row and city of it that was asked.
        skipped: Rows and cities left out, as the firm makes a kind of the product there all the same.
        sampled: Whether only some of the rows were asked, spread evenly, because there are very many.
        candidates, plain: Hit rates of the candidates, and of the firms by number of products.
        came_back: Share of the questions in which the firm came back at any rank, 0..1.
        left: Share in which the firm makes anything else in the city that is known: no list could do better.
        candidates_left, plain_left: The hit rates over those questions alone.
        by_group: Number of questions in which the firm came back, by group.
    """

    edition: str
    rows: int
    questions: int
    skipped: int
    sampled: bool
    candidates: HitRates
    plain: HitRates
    came_back: float
    left: float
    candidates_left: HitRates
    plain_left: HitRates
    by_group: Mapping[Group, int]


@derived
def _firm_rows(network: Network) -> Lists:
    """The supplies rows of each firm."""
    own = Lists(np.arange(len(network.supplies) + 1, dtype=np.int32), network.row_firm)
    return own.turned(len(network.firms))


@derived
def _city_firms(network: Network, city: str) -> tuple[int, ...]:
    """The firms with a supplies row in a city."""
    return tuple(np.unique(network.row_firm[network.rows_in(city)]).tolist())


def _plain(network: Network, sought: Sought, without: set[int]) -> list[int]:
    """The firms of the city by number of known products, the most first, then by id."""
    known = _firm_rows(network).lengths()
    if sought.hidden is not None:
        known[network.row_firm[sought.hidden]] -= 1
    firms = [firm for firm in _city_firms(network, sought.region) if firm not in without]
    return sorted(firms, key=lambda firm: (-known[firm], network.firms[firm]))


def ask(network: Network, row: int, city: str) -> Question | None:
    """Hide a supplies row and ask for its product in a city; `None` where the firm makes it there all the same."""
    firm, product = int(network.row_firm[row]), int(network.row_product[row])
    inside = network.rows_in(city)
    sought = Sought(network, product, city, space_without(network, row), hidden=row)
    already = set(sought.rows(product, inside, full=True))
    if firm in already:
        return None
    elsewhere = firm in sought.rows(product, full=True)
    found = ranked(sought, here_alone=not elsewhere)
    rank = next((at for at, item in enumerate(found, start=1) if item.firm == firm), None)
    return Question(
        firm_id=network.firms[firm],
        product_id=network.products[product],
        city_id=city,
        rank=rank,
        group=found[rank - 1].group if rank else None,
        plain_rank=_plain(network, sought, already).index(firm) + 1,
        left=any(other != row and inside[other] for other in _firm_rows(network)[firm].tolist()),
    )


def _asked(network: Network, rows: Iterable[int]) -> Iterator[tuple[int, str]]:
    space = product_space(network)
    cities = [network.places[space.regions[at]] for at in delta_cities(network, space)]
    for row in rows:
        yield from ((row, city) for city in cities if network.rows_in(city)[row])


def _rates(ranks: list[int | None]) -> HitRates:
    return HitRates(*(sum(1 for rank in ranks if rank and rank <= cut) / max(len(ranks), 1) for cut in CUTS))


@derived
def questions(network: Network) -> tuple[tuple[Question, ...], int, int]:
    """Every question by firm, product and city; how many were skipped, and how many rows were asked of."""
    rows = np.flatnonzero(network.rows_in("delta") & (network.row_weight == _FULL))
    most = min(MOST, _MOST_PAIRS // max(len(product_space(network).product), 1))
    if len(rows) > most:
        rows = rows[np.linspace(0, len(rows) - 1, most).astype(int)]
    found = [ask(network, row, city) for row, city in _asked(network, rows.tolist())]
    answers = tuple(item for item in found if item)
    return answers, len(found) - len(answers), len(rows)


@derived
def back_test(network: Network) -> BackTest:
    """How often the candidates bring back a firm that is hidden, against the plain way.

    About a second; where the rows are too many for that, some of them are asked of, spread evenly.
    """
    answers, skipped, asked = questions(network)
    left = [item for item in answers if item.left]
    rows = int((network.rows_in("delta") & (network.row_weight == _FULL)).sum())
    size = max(len(answers), 1)
    return BackTest(
        edition=network.edition,
        rows=rows,
        questions=len(answers),
        skipped=skipped,
        sampled=asked < rows,
        candidates=_rates([item.rank for item in answers]),
        plain=_rates([item.plain_rank for item in answers]),
        came_back=sum(1 for item in answers if item.rank) / size,
        left=len(left) / size,
        candidates_left=_rates([item.rank for item in left]),
        plain_left=_rates([item.plain_rank for item in left]),
        by_group={group: sum(1 for item in answers if item.group == group) for group in GROUPS},
    )
