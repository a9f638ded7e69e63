"""Warnings 预警 of a day: what is open and hurts, and what is weak without any event (measures §12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from graph.errors import NotFound
from queries.disruption import disruption
from queries.event_warnings import event_warnings
from queries.network import Network, derived_large, near, one_of
from queries.scenario import scenario
from queries.structural_warnings import Past, structural_warnings
from queries.warning_rows import LEVELS, RULES, Level, WarningRow, repairs, roots

_NO_PAST = Past()


@dataclass(frozen=True, slots=True)
class WarningFilter:
    """Which warnings to show; an empty tuple or `None` lets all pass.

    Attributes:
        levels, rules: Levels and rules.
        chain: Id of a chain that is touched.
    """

    levels: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    chain: str | None = None


def _order(row: WarningRow) -> tuple[int, int, int, int, str]:
    return (
        LEVELS.index(row.level),
        RULES.index(row.rule),
        -len(row.finals_stopped),
        -row.blocked_total,
        row.id,
    )


@derived_large
def _structural(network: Network, past: Past) -> tuple[WarningRow, ...]:
    return tuple(structural_warnings(network, past))


@derived_large
def warnings_on(network: Network, on: date, past: Past = _NO_PAST) -> tuple[WarningRow, ...]:
    """All warnings of a day: the gravest first, then by rule, then those that stop most finals and products.

    Args:
        network: The edition.
        on: The day.
        past: When the edition was loaded, and the gap kinds of the one before it; without them no gap is `worsened`.
    """
    return tuple(sorted((*event_warnings(network, on), *_structural(network, past)), key=_order))


def counts(rows: Iterable[WarningRow]) -> Mapping[Level, int]:
    """How many warnings have each level, the gravest first."""
    levels = [row.level for row in rows]
    return {level: levels.count(level) for level in LEVELS}


def warnings_where(network: Network, rows: Iterable[WarningRow], wanted: WarningFilter) -> list[WarningRow]:
    """The warnings that pass a filter, in their order.

    Raises:
        BadInput: A level or rule is none.
        NotFound: There is no such chain.
    """
    for level in wanted.levels:
        one_of("level", level, LEVELS)
    for rule in wanted.rules:
        one_of("rule", rule, RULES)
    network.study(wanted.chain)
    return [
        row
        for row in rows
        if (not wanted.levels or row.level in wanted.levels)
        and (not wanted.rules or row.rule in wanted.rules)
        and (wanted.chain is None or wanted.chain in row.chain_ids)
    ]


def warning_of(rows: Iterable[WarningRow], warning_id: str) -> WarningRow:
    """One warning by its id.

    Raises:
        NotFound: There is no such warning on the day.
    """
    found = {row.id: row for row in rows}
    if warning_id not in found:
        raise NotFound("warning", warning_id, near(warning_id, found))
    return found[warning_id]


def warning_in_full(network: Network, row: WarningRow) -> WarningRow:
    """A warning with all that stops, and all that is to be mended."""
    if not row.scenario:
        return row
    answer = disruption(network, scenario(network, row.scenario.split()))
    if row.rule in ("concentration", "worsened"):
        return replace(row, blocked=answer.blocked)  # its one product has its repair already
    lost = answer.substitutes if row.rule != "single-point" else roots(answer, finals=True)
    mend = repairs(network, answer, [name for name in lost if answer.levels.get(name, 1.0) < 1], in_full=True)
    return replace(row, blocked=answer.blocked, repair=mend)
