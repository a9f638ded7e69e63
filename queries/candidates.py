"""Who could fill a gap 补链候选: firms that could come to make a product in a region, in order (measures §9).

candidates(network, "photoresist-arf", "shanghai").items[0].reason_zh
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from queries.candidate_reasons import Case, reason_en, reason_zh
from queries.coverage import Status, coverage
from queries.evidence import Grade, graded
from queries.network import CAPABILITY_OF, Bools, Floats, Network, derived_large
from queries.product_space import ProductSpace, product_space
from queries.refs import Ref, ref
from queries.supply_facts import SupplyFact, supply_fact

Group = Literal["lesser-here", "related-here", "delta-city", "china", "abroad"]
GROUPS: tuple[Group, ...] = ("lesser-here", "related-here", "delta-city", "china", "abroad")
NEAREST = 5
_DIGITS = 9
_FULL = 1.0


@dataclass(frozen=True, slots=True)
class Near:
    """A product that is made where the wanted one is.

    Attributes:
        proximity: φ, 0..1.
        together: Number of regions that make both in full.
    """

    product: Ref
    proximity: float
    together: int


@dataclass(frozen=True, slots=True)
class City:
    """A city or municipality of the delta.

    Attributes:
        density: How much of what is near the product is made there, 0..1; `None` where nothing is near it.
        firms: Number of firms that make the product there in full.
        in_region: Whether it lies in the region that is asked for.
    """

    city: Ref
    density: float | None
    firms: int
    in_region: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A firm that could fill the gap.

    Attributes:
        rank: 1 for the first.
        group: Why it is one; the groups stand in the order of `GROUPS`.
        capability: The firm's best capability for the product: in the region for `lesser-here`, in the city for
            `delta-city`, else anywhere; `None` for `related-here` without any.
        share_pct: Its greatest known share of the product's market, of whichever scope.
        proximity: For `related-here` the greatest φ of what it makes in the region, 0..1.
        near_product_ids: For `related-here` those of the five nearest products that it makes there, the nearest first.
        city_id, density: For `delta-city` the city, and its density, 0..1.
        facts: The supplies rows on which this rests, each with the rows that place it.
        source_ids, confidence: The sources of these, and the lowest confidence among them.
        evidence: Grade of the statement that the firm is a candidate of its group.
    """

    rank: int
    group: Group
    firm_id: str
    name_zh: str
    short_zh: str | None
    name_en: str | None
    economy_id: str | None
    capability: str | None
    share_pct: float | None
    proximity: float | None
    near_product_ids: tuple[str, ...]
    city_id: str | None
    density: float | None
    evidence: Grade
    reason_zh: str
    reason_en: str
    source_ids: tuple[str, ...]
    confidence: str
    facts: tuple[SupplyFact, ...] = field(metadata={"flat": False})


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who could fill a gap.

    Attributes:
        status: Coverage of the product in the region.
        here: Ids of the firms that make it there in full already, and are therefore no candidates.
        nearest: The five nearest products with φ > 0, the nearest first.
        cities: Cities of the delta where a full supplier stands or the density is above 0, the densest first.
        groups: Number of candidates of each group.
        total: Number of candidates; `items` may be fewer when a limit was asked for.
    """

    product_id: str
    region: str
    edition: str
    status: Status
    here: tuple[str, ...]
    nearest: tuple[Near, ...]
    cities: tuple[City, ...]
    groups: dict[Group, int]
    total: int
    items: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate by indices: the firm, its group, and the supplies rows that make it one.

    Attributes:
        near: For `related-here` the nearest products that it makes, and φ of the first.
        city: For `delta-city` the place index of the city, and its density.
    """

    firm: int
    group: Group
    rows: tuple[int, ...]
    near: tuple[int, ...] = ()
    proximity: float | None = None
    city: int | None = None
    density: float | None = None


@dataclass(frozen=True, slots=True)
class Sought:
    """A question: who could make a product in a region, given what is known.

    Attributes:
        space: The product space of what is known.
        hidden: A supplies row that is taken for unknown, for the back-test.
    """

    network: Network
    product: int
    region: str
    space: ProductSpace
    hidden: int | None = None

    def rows(self, product: int, inside: Bools | None = None, *, full: bool = False) -> dict[int, list[int]]:
        """The known supplies rows of a product and its kinds by firm: those in a region, those of full weight."""
        found: dict[int, list[int]] = {}
        for row in self.network.claims[product].tolist():
            if row == self.hidden or (inside is not None and not inside[row]):
                continue
            if not full or self.network.row_weight[row] == _FULL:
                found.setdefault(int(self.network.row_firm[row]), []).append(row)
        return found

    def nearest(self, proximity: Floats) -> list[int]:
        """The five nearest products, the nearest first, then by id; none that is never made together with it."""
        near = np.flatnonzero(proximity > 0)
        if len(near) > NEAREST:  # all that are as near as the fifth, so that ties are broken by id
            fifth = np.partition(np.round(proximity[near], _DIGITS), -NEAREST)[-NEAREST]
            near = near[np.round(proximity[near], _DIGITS) >= fifth]
        return sorted(near.tolist(), key=lambda at: (-round(float(proximity[at]), _DIGITS), at))[:NEAREST]


def _share(network: Network, rows: tuple[int, ...] | list[int]) -> float:
    return max((network.supplies[row].share_pct or 0.0 for row in rows), default=0.0)


def _lesser_here(sought: Sought, here: dict[int, list[int]]) -> list[Found]:
    """Firms of the region that make it below mass production, the most capable first."""
    network = sought.network
    best = {firm: max(float(network.row_weight[row]) for row in rows) for firm, rows in here.items()}
    order = sorted((firm for firm in here if best[firm] < _FULL), key=lambda firm: (-best[firm], network.firms[firm]))
    return [Found(firm, "lesser-here", tuple(here[firm])) for firm in order]


def _related_here(sought: Sought, proximity: Floats, inside: Bools) -> list[Found]:
    """Firms of the region that make one of the nearest products in full: by φ, by how many of them, by id."""
    network, near = sought.network, sought.nearest(proximity)
    made: dict[int, list[int]] = {}
    rows: dict[int, list[int]] = {}
    for product in near:
        for firm, found in sought.rows(product, inside, full=True).items():
            made.setdefault(firm, []).append(product)
            rows.setdefault(firm, []).extend(row for row in found if row not in rows[firm])
    order = sorted(
        made,
        key=lambda firm: (-round(float(proximity[made[firm][0]]), _DIGITS), -len(made[firm]), network.firms[firm]),
    )
    return [
        Found(firm, "related-here", tuple(rows[firm]), tuple(made[firm]), float(proximity[made[firm][0]]))
        for firm in order
    ]


def delta_cities(network: Network, space: ProductSpace) -> list[int]:
    """The positions among the regions of the space of the cities and municipalities of the delta."""
    in_delta = network.places_in("delta")
    return [at for at, place in enumerate(space.regions.tolist()) if in_delta[place]]


def _by_density(network: Network, space: ProductSpace, density: Floats | None) -> list[int]:
    """The delta cities, the densest first, then by id."""
    cities = delta_cities(network, space)
    value = np.zeros(len(space.regions)) if density is None else np.round(density, _DIGITS)
    return sorted(cities, key=lambda at: (-value[at], network.places[space.regions[at]]))


def _with_suppliers(sought: Sought, full: dict[int, list[int]]) -> Bools:
    """For each region of the space whether any of some firms' rows stands there."""
    network = sought.network
    rows = np.array([row for found in full.values() for row in found], np.int32)
    there = network.inside[np.ix_(network.row_places.joined(rows), sought.space.regions)]
    return np.asarray(there.any(axis=0), np.bool_)


def _elsewhere(sought: Sought, density: Floats | None) -> list[Found]:
    """Those who make it in full: in delta cities by density, then elsewhere in China, then abroad."""
    network, space = sought.network, sought.space
    full = sought.rows(sought.product, full=True)

    def ordered(firms: dict[int, tuple[int, ...]]) -> list[int]:
        return sorted(firms, key=lambda firm: (-_share(network, firms[firm]), network.firms[firm]))

    found: list[Found] = []
    supplied = _with_suppliers(sought, full)
    for at in (at for at in _by_density(network, space, density) if supplied[at]):
        city = int(space.regions[at])
        inside = network.rows_in(network.places[city])
        firms = {firm: there for firm, rows in full.items() if (there := tuple(row for row in rows if inside[row]))}
        value = None if density is None else float(density[at])
        found += [Found(firm, "delta-city", firms[firm], city=city, density=value) for firm in ordered(firms)]
    groups: tuple[tuple[Group, str], ...] = (("china", "delta"), ("china", "china"), ("abroad", "world"))
    for group, radius in groups:
        inside = network.rows_in(radius)
        firms = {firm: there for firm, rows in full.items() if (there := tuple(row for row in rows if inside[row]))}
        found += [Found(firm, group, firms[firm]) for firm in ordered(firms)]
    return found


def ranked(sought: Sought, *, here_alone: bool = False) -> list[Found]:
    """The candidates in their order, each firm once, at its first place; or those of the region alone, who lead."""
    inside = sought.network.rows_in(sought.region)
    here = sought.rows(sought.product, inside)
    proximity = sought.space.proximity(sought.product)
    every = _lesser_here(sought, here) + _related_here(sought, proximity, inside)
    if not here_alone:
        every += _elsewhere(sought, sought.space.density(proximity))
    seen = {firm for firm, rows in here.items() if any(sought.network.row_weight[row] == _FULL for row in rows)}
    found = []
    for item in every:
        if item.firm not in seen:
            seen.add(item.firm)
            found.append(item)
    return found


# -- the answer ---


_SURE = ("low", "medium", "high")


def _candidate(network: Network, sought: Sought, found: Found, rank: int, checked: dict[int, Group]) -> Candidate:
    firm = network.firm_rows[found.firm]
    facts = tuple(supply_fact(network, row) for row in found.rows)
    own = [row for row in network.claims[sought.product].tolist() if network.row_firm[row] == found.firm]
    stated = [fact.fact for fact in facts]
    stated += [place.fact for fact in facts for place in fact.places]
    sources = tuple(sorted({name for fact in stated for name in fact.source_ids}))
    relevant = own if found.group == "related-here" else found.rows
    weight = max((float(network.row_weight[row]) for row in relevant), default=0.0)
    case = Case(
        group=found.group,
        product=sought.product,
        region=sought.region,
        rows=found.rows,
        capability=CAPABILITY_OF.get(weight),
        near=found.near,
        proximity=found.proximity,
        together=int(sought.space.together(sought.product)[found.near[0]]) if found.near else 0,
        city=found.city,
        density=found.density,
    )
    return Candidate(
        rank=rank,
        group=found.group,
        firm_id=firm.id,
        name_zh=firm.name_zh,
        short_zh=firm.short_zh,
        name_en=firm.name_en,
        economy_id=firm.economy_id,
        capability=case.capability,
        share_pct=_share(network, own) or None,
        proximity=found.proximity,
        near_product_ids=tuple(network.products[at] for at in found.near),
        city_id=None if found.city is None else network.places[found.city],
        density=found.density,
        evidence=graded(checked.get(found.firm) == found.group, sources),
        reason_zh=reason_zh(network, case),
        reason_en=reason_en(network, case),
        source_ids=sources,
        confidence=min((fact.confidence for fact in stated), key=_SURE.index),
        facts=facts,
    )


def _cities(network: Network, sought: Sought, density: Floats | None) -> tuple[City, ...]:
    space, inside = sought.space, network.places_in(sought.region)
    full = sought.rows(sought.product, full=True)
    supplied = _with_suppliers(sought, full)
    found = []
    for at in _by_density(network, space, density):
        value = None if density is None else float(density[at])
        if supplied[at] or value:
            place = int(space.regions[at])
            there = network.rows_in(network.places[place])
            firms = sum(1 for rows in full.values() if any(there[row] for row in rows))
            found.append(City(ref(network, "regions", network.places[place]), value, firms, bool(inside[place])))
    return tuple(found)


@derived_large
def _candidates(network: Network, product_id: str, region: str) -> Candidates:
    product, space = network.product(product_id), product_space(network)
    sought = Sought(network, product, region, space)
    proximity, together = space.proximity(product), space.together(product)
    here = sought.rows(product, network.rows_in(region), full=True)
    checked = {
        found.firm: found.group
        for found in ranked(Sought(network.checked, product, region, product_space(network.checked)))
    }
    items = tuple(
        _candidate(network, sought, found, rank, checked) for rank, found in enumerate(ranked(sought), start=1)
    )
    return Candidates(
        product_id=product_id,
        region=region,
        edition=network.edition,
        status=coverage(network, region).status_of(product),
        here=tuple(sorted(network.firms[firm] for firm in here)),
        nearest=tuple(
            Near(ref(network, "products", network.products[at]), float(proximity[at]), int(together[at]))
            for at in sought.nearest(proximity)
        ),
        cities=_cities(network, sought, space.density(proximity)),
        groups={group: sum(1 for item in items if item.group == group) for group in GROUPS},
        total=len(items),
        items=items,
    )


def candidates(network: Network, product_id: str, region: str = "shanghai", limit: int | None = None) -> Candidates:
    """The firms that could fill a gap, in the order of measures §9; those that fill it already are left out.

    Args:
        network: The edition.
        product_id: The product that is wanted.
        region: Where it is wanted: a radius, region id or park id.
        limit: Most items; all without it.

    Raises:
        NotFound: There is no such product or region.
    """
    found = _candidates(network, product_id, network.region_name(region))
    return found if limit is None else replace(found, items=found.items[:limit])
