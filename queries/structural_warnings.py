"""Warnings without an event: single points, concentration, gaps that grew worse (measures §12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from queries import warning_words as words
from queries.concentration import Concentration, concentration, market_shares
from queries.criticality import criticality
from queries.disruption import Disruption, disruption
from queries.editions_diff import GapKinds, gap_change, gap_kinds
from queries.evidence import Grade, graded, worst
from queries.gaps import Kind
from queries.gaps import grades as gap_grades
from queries.network import RADII, Network, Radius
from queries.refs import ref
from queries.scenario import scenario
from queries.single_points import PointKind, single_points
from queries.warning_rows import (
    KeyedFact,
    Level,
    WarningRow,
    effect_of,
    effect_of_product,
    keyed,
    repairs,
    roots,
    rows_as_facts,
    still_there,
    warning,
)

_CRITICAL = 0.1


@dataclass(frozen=True, slots=True)
class Past:
    """What the facts of an edition do not tell.

    Attributes:
        loaded: Day on which it was loaded, ISO 8601; `None` where that is not known.
        former: The gap kinds of the edition before it; `None` where none is kept.
    """

    loaded: str | None = None
    former: GapKinds | None = None


def structural_warnings(network: Network, past: Past) -> Iterator[WarningRow]:
    """The warnings that need no event, in no order."""
    yield from _points(network, "firm", past)
    yield from _points(network, "economy", past)
    yield from _concentrations(network, past)
    if past.former:
        yield from _worsened(network, past.former, past)


def _grade(facts: tuple[KeyedFact, ...], *, stays: bool) -> Grade:
    return graded(stays, (name for fact in facts for name in fact.source_ids))


# -- single points ---


def _points(network: Network, kind: PointKind, past: Past) -> Iterator[WarningRow]:
    checked = dict(single_points(network.checked, kind))
    for name, finals in single_points(network, kind):
        if (kind, name) != ("economy", "cn"):
            yield _point(network, kind, name, past, same=checked.get(name) == finals)


def _point(network: Network, kind: PointKind, name: str, past: Past, *, same: bool) -> WarningRow:
    """The warning of a firm or economy that stops finals alone; `same` without the facts of low confidence."""
    answer = disruption(network, scenario(network, [f"{kind}:{name}"]))
    subject = ref(network, "firms" if kind == "firm" else "regions", name)
    effect, first = effect_of(network, answer), roots(answer, finals=True)
    facts = rows_as_facts(answer, first)
    return warning(
        (f"single-point:{kind}:{name}", "single-point", "orange"),
        title=words.title_of(subject),
        rule=words.rule_words("single-point", "orange"),
        reason=words.point_reason(subject, effect),
        notes=[words.CHECK_FIRST] if kind == "firm" else [],
        since=(past.loaded, "edition"),
        subject=subject,
        effect=effect,
        mend=repairs(network, answer, first),
        facts=facts,
        evidence=_grade(facts, stays=same),
    )


# -- concentration ---


def _level(network: Network, product: int) -> Level | None:
    """The level of a dependence on others; yellow only where the product is critical."""
    found = concentration(network, network.products[product], "china").dependent
    if found == "yes":
        return "yellow" if criticality(network).value[product] >= _CRITICAL else None
    return "blue" if found == "possibly" else None


def _concentrations(network: Network, past: Past) -> Iterator[WarningRow]:
    for product in range(len(network.products)):
        if level := _level(network, product):
            yield _concentration(network, product, level, past)


def _without_holder(network: Network, found: Concentration) -> Disruption:
    """What happens without the economy abroad that holds most of a product; its substitutes are those elsewhere."""
    holders = found.by_economy.holders if found.by_economy else ()
    abroad = [holder.id for holder in holders if holder.id != "cn"]
    return disruption(network, scenario(network, [f"economy:{name}" for name in abroad[:1]]))


def _concentration(network: Network, product: int, level: Level, past: Past) -> WarningRow:
    name = network.products[product]
    found, effect = concentration(network, name, "china"), effect_of_product(network, product)
    subject, shares = ref(network, "products", name), found.by_economy
    facts = tuple(
        keyed("market_shares", row)
        for row in market_shares(network, name)
        if row.scope == "global" and shares and row.year == shares.year
    )
    year = shares.year if shares else None
    return warning(
        (f"concentration:{name}", "concentration", level),
        title=words.title_of(subject),
        rule=words.rule_words("concentration", level),
        reason=words.concentration_reason(found, effect),
        since=(str(year), "figures") if year else (past.loaded, "edition"),
        subject=subject,
        effect=effect,
        mend=repairs(network, _without_holder(network, found), [name]),
        facts=facts,
        evidence=_grade(facts, stays=_level(network.checked, product) == level),
    )


# -- gaps that grew worse ---


def _worse(network: Network, former: GapKinds) -> Iterator[tuple[int, list[tuple[Radius, Kind, Kind]]]]:
    """The products of both editions whose gap grew worse at some radius, with the kinds before and after."""
    now = gap_kinds(network).at
    for at, name in enumerate(network.products):
        kinds = [(radius, former.at[radius].get(name), now[radius].get(name)) for radius in RADII]
        worse = [
            (radius, before, after)
            for radius, before, after in kinds
            if before and after and gap_change(before, after) in ("opened", "worsened")
        ]
        if worse:
            yield at, worse


def _worsened(network: Network, former: GapKinds, past: Past) -> Iterator[WarningRow]:
    for at, changes in _worse(network, former):
        name = network.products[at]
        subject = ref(network, "products", name)
        facts = tuple(keyed("supplies", network.supplies[row]) for row in network.claims[at].tolist())
        yield warning(
            (f"worsened:{name}", "worsened", "yellow"),
            title=words.title_of(subject),
            rule=words.rule_words("worsened", "yellow"),
            reason=words.worsened_reason(changes, former),
            since=(past.loaded, "edition"),
            subject=subject,
            effect=effect_of_product(network, at),
            mend=(still_there(network, at),),
            facts=facts,
            evidence=worst(*(gap_grades(network, radius)[at] for radius, _, _ in changes)),
        )
