"""Concentration 集中度 of the supply of a product, with honest bounds (measures §5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from graph.model import MarketShare
from queries.coverage import pairs
from queries.evidence import Grade, graded
from queries.network import Network, derived

Dependence = Literal["yes", "possibly", "no"]
# The thresholds of the EU's product-level dependency indicators.
_HHI = 0.4
_EXTERNAL = 0.5
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a share: an economy or a firm."""

    id: str
    name_zh: str
    name_en: str | None
    share_pct: float
    year: int | None
    source_ids: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class Shares:
    """The shares of one market in the latest year that has any.

    Attributes:
        holders: The greatest share first, then by id; as the sources state them.
        known: Sum of the shares, 0..1, after scaling.
        unknown: What is left to 1.
        scaled: Whether the shares came to more than 100 % and were scaled to it.
        hhi_low: Σ share², the rest spread over very many.
        hhi_high: The same with the rest given to the largest holder, or to one more holder, whichever is greater.
    """

    scope: str
    year: int | None
    holders: tuple[Holder, ...]
    known: float
    unknown: float
    scaled: bool
    hhi_low: float
    hhi_high: float


@dataclass(frozen=True, slots=True)
class Concentration:
    """Concentration of a product, and how far a region depends on what lies outside it.

    Attributes:
        by_economy: Global shares of economies; `None` where none is known.
        by_economy_china: Shares of the market of China, beside it and never mixed with it.
        by_firm: Global shares of firms.
        external: Share of what lies outside the region, as an interval; `None` without shares of economies.
        evidence: Grade of `dependent`, A or B: it rests on shares of economies alone, and measures §11 takes away no
            row of that table. How sure those are, the holders say.
        dependent: `yes` when the lower bounds pass both thresholds, `possibly` when only the upper ones do.
    """

    product_id: str
    region: str
    edition: str
    by_economy: Shares | None
    by_economy_china: Shares | None
    by_firm: Shares | None
    external: tuple[float, float] | None
    dependent: Dependence | None
    evidence: Grade | None


@dataclass(frozen=True, slots=True)
class Spread:
    """How the supply of a product is spread over the economies of the world, in two figures.

    Attributes:
        hhi: Bounds of the index of global shares of economies; `None` where no share is known.
        economies: Number of economies that its suppliers belong to.
    """

    hhi: tuple[float, float] | None
    economies: int

    @property
    def narrow(self) -> bool:
        """Whether it is concentrated for certain, or one economy alone supplies."""
        return self.hhi[0] > _HHI if self.hhi else self.economies == 1


def hhi(shares: Sequence[float]) -> tuple[float, float]:
    """The bounds of the Herfindahl-Hirschman index of shares 0..1 that come to at most 1."""
    low = sum(share * share for share in shares)
    rest = max(1 - sum(shares), 0.0)
    largest = max(shares, default=0.0)
    return low, low if rest < _ROUNDING else max(low - largest**2 + (largest + rest) ** 2, low + rest**2)


def _shares(scope: str, holders: Iterable[Holder]) -> Shares | None:
    """The shares of the latest year that has any; figures without a year count as older than all others."""
    by_year: dict[int, list[Holder]] = defaultdict(list)
    for holder in holders:
        if holder.share_pct > 0:
            by_year[holder.year or 0].append(holder)
    if not by_year:
        return None
    year = max(by_year)
    latest = sorted(by_year[year], key=lambda holder: (-holder.share_pct, holder.id))
    total = sum(holder.share_pct for holder in latest)
    scale = max(total, 100.0)
    parts = [holder.share_pct / scale for holder in latest]
    low, high = hhi(parts)
    known = total / 100 if total < 100 else 1.0
    return Shares(scope, year or None, tuple(latest), known, 1 - known, total > 100 + 1e-9, low, high)


@derived
def _shares_by_product(network: Network) -> Mapping[str, Sequence[MarketShare]]:
    found: dict[str, list[MarketShare]] = defaultdict(list)
    for row in network.facts.market_shares:
        found[row.product_id].append(row)
    return dict(found)


def market_shares(network: Network, product_id: str) -> Sequence[MarketShare]:
    """The stated shares of a product, in their order."""
    return _shares_by_product(network).get(product_id, ())


def _economies(network: Network, product_id: str, scope: str) -> Iterable[Holder]:
    regions = network.facts.regions
    for row in market_shares(network, product_id):
        if row.scope == scope:
            region = regions[network.region_at[row.region_id]]
            yield Holder(
                row.region_id, region.name_zh, region.name_en, row.share_pct, row.year, row.source_ids, row.confidence
            )


def _firms(network: Network, product: int) -> Iterable[Holder]:
    for at in network.product_own_rows[product].tolist():
        row = network.supplies[at]
        if row.share_pct is not None and row.share_scope == "global":
            firm = network.firm_rows[network.firm_at[row.firm_id]]
            yield Holder(
                row.firm_id, firm.name_zh, firm.name_en, row.share_pct, row.year, row.source_ids, row.confidence
            )


def _home(network: Network, region: str) -> str | None:
    """The economy that a region is, or lies in; `None` for the world, outside of which nothing lies."""
    name = network.region_name(region)
    if name == "world":
        return None
    if name in ("shanghai", "delta", "china"):
        return "cn"
    place = network.region_at.get(name, network.park_at.get(name, 0))
    rows = network.facts.regions
    holders = (at for at in range(len(rows)) if network.inside[place, at] and rows[at].level == "economy")
    return next((rows[at].id for at in holders), None)


def _external(found: Shares, home: str | None) -> tuple[float, float]:
    if home is None:
        return 0.0, 0.0
    scale = max(sum(holder.share_pct for holder in found.holders), 100.0)
    outside = sum(holder.share_pct for holder in found.holders if holder.id != home) / scale
    return outside, min(outside + found.unknown, 1.0)


def _dependence(found: Shares, external: tuple[float, float]) -> Dependence:
    if found.hhi_low > _HHI and external[0] > _EXTERNAL:
        return "yes"
    return "possibly" if found.hhi_high > _HHI and external[1] > _EXTERNAL else "no"


def _sources(found: Shares) -> set[str]:
    return {name for holder in found.holders for name in holder.source_ids}


@derived
def concentration(network: Network, product_id: str, region: str = "shanghai") -> Concentration:
    """The concentration of a product, and the external dependence of a region.

    Shares are of economies, so a region inside an economy depends on what lies outside that economy; of what the
    economy makes elsewhere than in the region nothing is known.

    Raises:
        NotFound: There is no such product or region.
    """
    at, home = network.product(product_id), _home(network, region)
    economies = _shares("global", _economies(network, product_id, "global"))
    external = _external(economies, home) if economies else None
    return Concentration(
        product_id=product_id,
        region=network.region_name(region),
        edition=network.edition,
        by_economy=economies,
        by_economy_china=_shares("china", _economies(network, product_id, "china")),
        by_firm=_shares("global", _firms(network, at)),
        external=external,
        dependent=_dependence(economies, external) if economies and external else None,
        evidence=graded(True, _sources(economies)) if economies else None,
    )


@derived
def spreads(network: Network) -> Mapping[str, Spread]:
    """The spread of every product, by its id."""
    who, found = pairs(network), {}
    economy = [firm.economy_id for firm in network.firm_rows]
    for at, name in enumerate(network.products):
        shares = _shares("global", _economies(network, name, "global"))
        where = {economy[firm] for firm in who.firm[who.of(at)].tolist()} - {None}
        found[name] = Spread((shares.hhi_low, shares.hhi_high) if shares else None, len(where))
    return found
