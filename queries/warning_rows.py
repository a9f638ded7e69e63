"""The records of warnings 预警, and what every one of them says of a scenario (measures §12)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

from graph.model import tables
from queries.candidates import candidates
from queries.criticality import FLOOR, blocks, criticality
from queries.criticality import UNKNOWN as OPEN
from queries.disruption import Blocked, Disruption
from queries.evidence import Grade
from queries.gates import baseline
from queries.network import WEIGHTS, Network
from queries.refs import Ref, ref
from queries.substitutes import Substitute
from queries.supply_facts import supply_facts

Level = Literal["red", "orange", "yellow", "blue"]
LEVELS: tuple[Level, ...] = ("red", "orange", "yellow", "blue")
Rule = Literal["all-open", "event", "exposure", "single-point", "concentration", "worsened"]
RULES: tuple[Rule, ...] = ("all-open", "event", "exposure", "single-point", "concentration", "worsened")
SinceOf = Literal["event", "figures", "edition"]

Words = tuple[str, str]
"""The same in Chinese and in English."""

_MOST_BLOCKED = 5
_MOST_REPAIRED = 5
_MOST_SUBSTITUTES = 5
_MOST_CANDIDATES = 3
_FALLEN = 0.5


@dataclass(frozen=True, slots=True)
class KeyedFact:
    """A fact that a warning rests on: its table and key, where it is stated, how sure it is."""

    table: str
    key: tuple[str, ...]
    source_ids: tuple[str, ...]
    confidence: str

    def __str__(self) -> str:
        return f"{self.table}: {' '.join(self.key)}"


@dataclass(frozen=True, slots=True)
class Final:
    """A final product that stops or is made less of.

    Attributes:
        level: What is left of it, 0..1; 0 where it stops.
        assumed: Whether that rests on a supplier without a known share.
    """

    product: Ref
    chain_ids: tuple[str, ...]
    level: float
    assumed: bool

    def __str__(self) -> str:
        return self.product.id


@dataclass(frozen=True, slots=True)
class Loss:
    """How much supply is gone: numbers of firms, products and supplies rows."""

    firms: int
    products: int
    rows: int


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A firm that does not supply the product yet and could (measures §9), seen from Shanghai."""

    firm_id: str
    name_zh: str
    name_en: str | None
    reason_zh: str
    reason_en: str
    evidence: Grade

    def __str__(self) -> str:
        return self.firm_id


@dataclass(frozen=True, slots=True)
class Repair:
    """A product that lost suppliers, and who is left.

    Attributes:
        level: What is left of it, 0..1.
        criticality: 0..1 in the whole network.
        substitutes: The first suppliers that are left, nearest first (measures §7).
        substitutes_total: How many there are.
        candidates: The first firms that are no substitutes, have lost nothing themselves, and could come to make it
            (measures §9); in a list only where no substitute is left.
    """

    product: Ref
    level: float
    criticality: float
    substitutes: tuple[Substitute, ...]
    substitutes_total: int
    candidates: tuple[Newcomer, ...]

    def __str__(self) -> str:
        firms = [*(item.firm_id for item in self.substitutes), *(f"({item.firm_id})" for item in self.candidates)]
        return f"{self.product.id}: {' '.join(firms) or '-'}"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a scenario does, as a warning tells it.

    Attributes:
        scenario: Its canonical text, as `/disruptions` takes it; empty where nothing is taken away.
        chain_ids: Chains with a product that stops or is made less of.
        finals_stopped, finals_reduced: Final products that stop, and that are made less of, the lowest level first.
        finals: Number of final products in all.
        blocked: Products that stop, each with the shortest reason; none where what is taken away is a product, since
            its loss is the reason.
        blocked_total: Number of products that stop.
        reduced: Number of products that are made less of.
        lost: How much supply is gone.
    """

    scenario: str
    chain_ids: tuple[str, ...]
    finals_stopped: tuple[Final, ...]
    finals_reduced: tuple[Final, ...]
    finals: int
    blocked: tuple[Blocked, ...]
    blocked_total: int
    reduced: int
    lost: Loss


@dataclass(frozen=True, slots=True)
class WarningRow:
    """One warning on a day.

    Attributes:
        id: `all-open`, or the rule and what it is about: `event:ID`, `exposure:ID`, `single-point:firm:ID`,
            `single-point:economy:ID`, `concentration:PRODUCT`, `worsened:PRODUCT`.
        subject: The firm, economy or product that it is about; `None` for events, see `event_ids`.
        rule_zh, rule_en: Why it has its level.
        reason_zh, reason_en: What is lost, in figures.
        notes_zh, notes_en: How it is to be read.
        since: For an event its start as the facts state it, for `all-open` the latest start; for a `concentration`
            the year of the shares; else the day on which the edition was loaded. `since_of` says which.
        until: Last day of an event; `None` where it stays open until a source says otherwise, or is none.
        event_ids: The events that it counts.
        scenario to lost: See `Effect`; of a `concentration` and a `worsened` the loss of the product. Of `blocked` the
            first few, finals before others; the rest is at `scenario`.
        exposed: Firms of economy cn that an `exposure` hits.
        repair: What to do first; `repair_total` products are to be mended.
        facts: What it rests on: the events, the supplies rows lost (of a `single-point` those on the shortest reasons
            of the finals), the market shares.
        evidence: Grade of its level (measures §11).
    """

    id: str
    level: Level
    rule: Rule
    title_zh: str
    title_en: str
    subject: Ref | None = field(metadata={"flat": False})  # id and title say it
    rule_zh: str
    rule_en: str
    reason_zh: str
    reason_en: str
    notes_zh: tuple[str, ...]
    notes_en: tuple[str, ...]
    since: str | None
    since_of: SinceOf
    until: str | None
    event_ids: tuple[str, ...]
    scenario: str
    chain_ids: tuple[str, ...]
    finals_stopped: tuple[Final, ...]
    finals_reduced: tuple[Final, ...]
    finals: int
    blocked: tuple[Blocked, ...]
    blocked_total: int
    reduced: int
    lost: Loss
    exposed: tuple[Ref, ...]
    repair: tuple[Repair, ...]
    repair_total: int
    facts: tuple[KeyedFact, ...]
    evidence: Grade | None


def keyed(table: str, record: Any) -> KeyedFact:
    """A record as a fact that something rests on."""
    return KeyedFact(table, tables()[table].key_text(record), record.source_ids, record.confidence)


def rows_as_facts(answer: Disruption, products: Iterable[str] | None = None) -> tuple[KeyedFact, ...]:
    """The supplies rows that a scenario takes away, of some products or of all."""
    wanted = None if products is None else set(products)
    return tuple(
        KeyedFact("supplies", (row.firm_id, row.product_id), row.source_ids, row.confidence)
        for row in answer.rows_gone
        if wanted is None or row.product_id in wanted
    )


def roots(answer: Disruption, *, finals: bool = False) -> set[str]:
    """The products at which the shortest reasons end: those that stop first, for all that stop or for the finals."""
    return {item.reason[-1].product_id for item in answer.blocked if item.final or not finals}


def _final(network: Network, product: int, level: float, *, assumed: bool) -> Final:
    chains = sorted(chain for chain, finals in network.chain_finals.items() if product in finals)
    return Final(ref(network, "products", network.products[product]), tuple(chains), level, assumed)


def _finals(network: Network, answer: Disruption) -> list[Final]:
    at_all = baseline(network, answer.floor, answer.unknown)
    assumed = set(answer.assumed)
    found = []
    for at in network.study(None)[1]:
        name = network.products[at]
        level = answer.levels.get(name, 1.0)
        if at_all[at] and level < 1:
            found.append(_final(network, at, level, assumed=name in assumed))
    return sorted(found, key=lambda item: (item.level, item.product.id))


def effect_of(network: Network, answer: Disruption) -> Effect:
    """What a scenario does, from the answer to it."""
    at_all = baseline(network, answer.floor, answer.unknown)
    finals = _finals(network, answer)
    hit = [at for at in map(network.product, answer.levels) if at_all[at]]
    gone = answer.rows_gone
    return Effect(
        scenario=answer.scenario,
        chain_ids=tuple(sorted({chain for at in hit for chain in network.product_chains[at]})),
        finals_stopped=tuple(item for item in finals if item.level == 0),
        finals_reduced=tuple(item for item in finals if item.level > 0),
        finals=answer.finals,
        blocked=answer.blocked,
        blocked_total=len(answer.blocked),
        reduced=len(hit) - len(answer.blocked),
        lost=Loss(len({row.firm_id for row in gone}), len({row.product_id for row in gone}), len(gone)),
    )


def effect_of_product(network: Network, product: int) -> Effect:
    """What the loss of a product does: what needs it stops, and nothing is made less of."""
    hit = blocks(network, product, FLOOR, OPEN).tolist()
    stopped = sorted({product, *hit})
    finals = [_final(network, at, 0.0, assumed=False) for at in network.study(None)[1] if at in stopped]
    return Effect(
        scenario=f"product:{network.products[product]}",
        chain_ids=tuple(sorted({chain for at in stopped for chain in network.product_chains[at]})),
        finals_stopped=tuple(finals),
        finals_reduced=(),
        finals=len(network.study(None)[1]),
        blocked=(),
        blocked_total=len(stopped),
        reduced=0,
        lost=Loss(0, 1, 0),
    )


def level_of(effect: Effect) -> Level:
    """The level of what is lost: red, orange, yellow, or blue where nothing is."""
    if effect.finals_stopped:
        return "red"
    if effect.blocked_total or any(item.level < _FALLEN and not item.assumed for item in effect.finals_reduced):
        return "orange"
    return "yellow" if effect.reduced else "blue"


def _newcomers(
    network: Network, product: str, substitutes: Sequence[Substitute], hit: Collection[str]
) -> tuple[Newcomer, ...]:
    """The first candidates for a product that are neither substitutes nor hit themselves."""
    known = {item.firm_id for item in substitutes} | set(hit)
    found = (item for item in candidates(network, product, "shanghai").items if item.firm_id not in known)
    return tuple(
        Newcomer(item.firm_id, item.name_zh, item.name_en, item.reason_zh, item.reason_en, item.evidence)
        for item in islice(found, _MOST_CANDIDATES)
    )


def repairs(
    network: Network, answer: Disruption, products: Iterable[str], *, in_full: bool = False
) -> tuple[Repair, ...]:
    """What to mend: those that lost most first, then by criticality, then by id; `in_full` with all substitutes."""
    weight = criticality(network, None, FLOOR, OPEN).value
    hit = {row.firm_id for row in answer.rows_gone}
    found = []
    for name in products:
        substitutes = answer.substitutes.get(name, ())
        found.append(
            Repair(
                ref(network, "products", name),
                answer.levels.get(name, 1.0),
                float(weight[network.product(name)]),
                substitutes if in_full else substitutes[:_MOST_SUBSTITUTES],
                len(substitutes),
                _newcomers(network, name, substitutes, hit) if in_full or not substitutes else (),
            )
        )
    return tuple(sorted(found, key=lambda item: (item.level, -round(item.criticality, 9), item.product.id)))


def still_there(network: Network, product: int) -> Repair:
    """A product that lost nobody of late, with the suppliers that it has."""
    name = network.products[product]
    rows = [
        Substitute(row.firm.id, row.firm.name_zh, row.firm.name_en, WEIGHTS[row.capability], row.share_pct, row.radius)
        for row in supply_facts(network, product, "world")
        if row.capability is not None
    ]
    weight = float(criticality(network, None, FLOOR, OPEN).value[product])
    return Repair(ref(network, "products", name), 1.0, weight, tuple(rows[:_MOST_SUBSTITUTES]), len(rows), ())


def warning(
    about: tuple[str, Rule, Level],
    *,
    title: Words,
    rule: Words,
    reason: Words,
    notes: Sequence[Words] = (),
    since: tuple[str | None, SinceOf],
    until: str | None = None,
    subject: Ref | None = None,
    event_ids: tuple[str, ...] = (),
    effect: Effect,
    exposed: tuple[Ref, ...] = (),
    mend: tuple[Repair, ...] = (),
    facts: tuple[KeyedFact, ...],
    evidence: Grade | None,
) -> WarningRow:
    """A warning from its parts; `about` is its id, rule and level."""
    return WarningRow(
        id=about[0],
        level=about[2],
        rule=about[1],
        title_zh=title[0],
        title_en=title[1],
        subject=subject,
        rule_zh=rule[0],
        rule_en=rule[1],
        reason_zh=reason[0],
        reason_en=reason[1],
        notes_zh=tuple(zh for zh, _ in notes),
        notes_en=tuple(en for _, en in notes),
        since=since[0],
        since_of=since[1],
        until=until,
        event_ids=event_ids,
        scenario=effect.scenario,
        chain_ids=effect.chain_ids,
        finals_stopped=effect.finals_stopped,
        finals_reduced=effect.finals_reduced,
        finals=effect.finals,
        blocked=tuple(sorted(effect.blocked, key=lambda item: not item.final)[:_MOST_BLOCKED]),
        blocked_total=effect.blocked_total,
        reduced=effect.reduced,
        lost=effect.lost,
        exposed=exposed,
        repair=mend[:_MOST_REPAIRED],
        repair_total=len(mend),
        facts=facts,
        evidence=evidence,
    )
