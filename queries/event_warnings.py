"""Warnings of open events: each alone, and all that touch us at once (measures §12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from graph.model import DOMAIN_KNOWLEDGE, Event
from queries import warning_words as words
from queries.disruption import Disruption, disruption
from queries.events import chains_of_rows, exposed_firms, first_day, is_open, last_day_of, reach_of, rows_of_firms
from queries.evidence import Grade, graded
from queries.network import Network
from queries.refs import ref
from queries.scenario import scenario
from queries.warning_rows import (
    Effect,
    KeyedFact,
    Level,
    Loss,
    Rule,
    WarningRow,
    Words,
    effect_of,
    keyed,
    level_of,
    repairs,
    roots,
    rows_as_facts,
    warning,
)


def event_warnings(network: Network, on: date) -> Iterator[WarningRow]:
    """The warnings of the events that are open on a day, in no order."""
    still_open = sorted((row for row in network.facts.events if is_open(row, on)), key=lambda row: row.id)
    touching = [event for event in still_open if reach_of(network, event) == "loss"]
    for event in touching:
        yield _loss(network, [event])
    if touching:
        yield _loss(network, touching, together=True)
    yield from (_exposure(network, event) for event in still_open if exposed_firms(network, event))


def _answer(network: Network, events: Sequence[Event]) -> Disruption:
    return disruption(network, scenario(network, [f"event:{event.id}" for event in events]))


def _grade(network: Network, events: Sequence[Event], level: Level, rows: Sequence[KeyedFact]) -> Grade:
    """How well the level is proved: by the supplies rows that decide it, and by the events themselves."""
    stays = level_of(effect_of(network.checked, _answer(network.checked, events))) == level
    told = {name for event in events for name in event.source_ids}
    deciding = {name for row in rows for name in row.source_ids} if rows else told
    return graded(stays, deciding if told - {DOMAIN_KNOWLEDGE} else ())


def _until(events: Sequence[Event]) -> str | None:
    """The day on which the last of some events ends; `None` where one stays open."""
    ends = [last_day_of(event) for event in events]
    known = [end for end in ends if end is not None]
    return max(known).isoformat() if len(known) == len(ends) else None


def _notes(events: Sequence[Event], effect: Effect) -> list[Words]:
    notes = [words.INSIDE, words.LICENCE] if any(event.target_ids for event in events) else []
    if any(item.assumed for item in effect.finals_reduced):
        notes.append(words.ASSUMED)
    return notes


def _loss(network: Network, events: Sequence[Event], *, together: bool = False) -> WarningRow:
    """The warning of an event that touches us, or of several at once."""
    answer = _answer(network, events)
    effect = effect_of(network, answer)
    level, rows = level_of(effect), rows_as_facts(answer)
    deciding = rows_as_facts(answer, roots(answer, finals=level == "red")) if effect.blocked_total else rows
    last = max(events, key=lambda event: (first_day(event.date), event.id))
    rule: Rule = "all-open" if together else "event"
    return warning(
        ("all-open" if together else f"event:{last.id}", rule, level),
        title=words.together(len(events)) if together else (last.title_zh, last.title_en or last.title_zh),
        rule=words.event_rule(effect, level),
        reason=words.event_reason(effect, lists_products=any(event.affected_product_ids for event in events)),
        notes=_notes(events, effect),
        since=(last.date, "event"),
        until=_until(events),
        event_ids=tuple(event.id for event in events),
        effect=effect,
        mend=repairs(network, answer, [name for name in answer.substitutes if answer.levels.get(name, 1.0) < 1]),
        facts=(*(keyed("events", event) for event in events), *rows),
        evidence=_grade(network, events, level, deciding),
    )


def _exposure(network: Network, event: Event) -> WarningRow:
    """The warning of an event that is aimed at firms alone, some of them of economy cn."""
    exposed = tuple(ref(network, "firms", name) for name in exposed_firms(network, event))
    chains = chains_of_rows(network, rows_of_firms(network, [item.id for item in exposed]))
    return warning(
        (f"exposure:{event.id}", "exposure", "blue"),
        title=(event.title_zh, event.title_en or event.title_zh),
        rule=words.rule_words("exposure", "blue"),
        reason=words.exposure_reason(exposed),
        notes=[words.INSIDE, words.LICENCE],
        since=(event.date, "event"),
        until=_until([event]),
        event_ids=(event.id,),
        effect=Effect("", chains, (), (), len(network.study(None)[1]), (), 0, 0, Loss(0, 0, 0)),
        exposed=exposed,
        facts=(keyed("events", event),),
        evidence=graded(True, event.source_ids),
    )
