"""What one row cannot know: twins, references, circles, sums, over all tables together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from typing import Any

from graph.model import DOMAIN_KNOWLEDGE, Table, tables
from ingest.report import Finding

_SHORT_LIMIT = 8
_MOST_LOOPS = 50


@dataclass(frozen=True, slots=True, eq=False)
class Located:
    """A record and where it was read.

    Attributes:
        record: The typed row.
        row: Its number in the file; `None` for a row of a layer that was loaded before.
        layer: Name of the layer.
    """

    record: Any
    row: int | None
    layer: str


Rows = Mapping[str, list[Located]]
"""Rows by table; every table is there."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that has to stay out, and why."""

    located: Located
    finding: Finding


def _told(table: str, located: Located, text: str) -> str:
    """A message that names the row where no number does."""
    if located.row is not None:
        return text
    key = ", ".join(str(part) for part in tables()[table].key_of(located.record) if part is not None)
    return f"{key} of the loaded layer {located.layer}: {text}"


def _refusal(table: str, located: Located, column: str, value: str, code: str, text: str) -> Refusal:
    message = _told(table, located, text)
    return Refusal(located, Finding("refused", table, located.row, column, value, code, message))


def twins(table: Table, rows: list[Located]) -> Iterator[Refusal]:
    """Rows of one folder whose key an earlier row has already."""
    first: dict[tuple[Any, ...], Located] = {}
    for located in rows:
        key = table.key_of(located.record)
        if key in first:
            shown = ", ".join(str(part) for part in key if part is not None)
            text = f"row {first[key].row} has the same {', '.join(table.key)}: {shown}; keep one of the two"
            yield _refusal(table.name, located, table.key[0], shown, "duplicate", text)
        else:
            first[key] = located


def contradictions(rows: Rows, covered: Rows) -> list[Refusal]:
    """Rows that point nowhere or, as kinds or parts of themselves, go round in a circle.

    Args:
        rows: The rows that win.
        covered: The rows that a later layer covers; their sources still count.
    """
    return [*_circles(rows), *_dangling(rows, covered)]


def _dangling(rows: Rows, covered: Rows) -> Iterator[Refusal]:
    ids = {name: {located.record.id for located in rows[name]} for name, t in tables().items() if t.key == ("id",)}
    ids["sources"].add(DOMAIN_KNOWLEDGE)
    for name, table in tables().items():
        columns = [(c, c.name, c.to, frozenset().union(*(ids[to] for to in c.to))) for c in table.columns if c.to]
        for declared, column, to, known in columns:
            where = [*rows[name], *covered[name]] if column == "source_ids" else rows[name]
            values = [getattr(located.record, column) for located in where]
            said = set(chain.from_iterable(values) if declared.many else values)
            if said <= known or said - known == {None}:
                continue
            for located, value in zip(where, values, strict=True):
                for item in value if declared.many else () if value is None else (value,):
                    if item not in known:
                        text = (
                            f"{column} names {item!r}, which no row of {' or '.join(to)} has; correct it or add the row"
                        )
                        yield _refusal(name, located, column, item, "dangling", text)


def _leading_on(follow: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """What is left of a graph when all that leads nowhere is taken out, again and again: what ends in a loop."""
    rest = {node: there for node, there in follow.items() if there}
    size = -1
    while len(rest) != size:
        size = len(rest)
        rest = {node: left for node, there in rest.items() if (left := [at for at in there if at in rest])}
    return rest


def _loops(follow: Mapping[str, list[str]]) -> list[list[str]]:
    """Loops of a directed graph, first node = last; after each one its closing step is taken out."""
    rest = _leading_on(follow)
    found: list[list[str]] = []
    while len(found) < _MOST_LOOPS:
        try:
            TopologicalSorter(rest).prepare()
        except CycleError as error:
            loop = list(reversed(error.args[1]))
            found.append(loop)
            rest[loop[-2]].remove(loop[-1])
        else:
            break
    return found


def knots(follow: Mapping[str, list[str]]) -> list[set[str]]:
    """The largest sets of two nodes or more that all lead to one another; a step within one lies on a circle."""
    rest = _leading_on(follow)
    back: dict[str, list[str]] = defaultdict(list)
    for node, there in rest.items():
        for at in there:
            back[at].append(node)
    left, found = set(rest), []
    for start in reversed(_as_left(rest)):  # after Kosaraju: who is left last is reached by all of its knot
        if start in left:
            left.remove(start)
            knot, todo = {start}, [start]
            while todo:
                before = left.intersection(back[todo.pop()])
                left -= before
                knot |= before
                todo += before
            if len(knot) > 1:
                found.append(knot)
    return found


def _as_left(follow: Mapping[str, list[str]]) -> list[str]:
    """All nodes in the order in which a walk in depth leaves them."""
    order: list[str] = []
    seen: set[str] = set()
    for start in follow:
        way = [] if start in seen else [(start, iter(follow[start]))]
        seen.add(start)
        while way:
            node, steps = way[-1]
            step = next((at for at in steps if at not in seen), None)
            if step is None:
                order.append(node)
                way.pop()
            else:
                seen.add(step)
                way.append((step, iter(follow[step])))
    return order


def _circles(rows: Rows) -> Iterator[Refusal]:
    for name, column in (("products", "variant_of"), ("regions", "parent_id"), ("parks", "part_of")):
        follow: dict[str, list[str]] = {}
        for located in rows[name]:
            value = getattr(located.record, column)
            follow[located.record.id] = list(value) if isinstance(value, tuple) else [value] if value else []
        on_loop = {node: " → ".join(loop) for loop in _loops(follow) for node in loop}
        for located in rows[name]:
            if loop := on_loop.get(located.record.id):
                text = f"{column} goes round in a circle: {loop}; take one step out"
                yield _refusal(name, located, column, loop, "cycle", text)


def oddities(rows: Rows) -> list[Finding]:
    """What is loaded as it is, but looks wrong."""
    return [*_odd_loops(rows), *_odd_sums(rows), *_odd_supplies(rows), *_odd_names(rows), *_odd_ends(rows)]


def _warning(table: str, located: Located, column: str, value: str, code: str, text: str) -> Finding:
    return Finding("warning", table, located.row, column, value, code, _told(table, located, text))


def unplaced(rows: Rows) -> Iterator[Finding]:
    """Rows of fact tables that say too little to count in a measure; another source may know no better."""
    for located in rows["supplies"]:
        if located.record.capability is None:
            text = "capability is empty, so the row counts in no measure; say how far the production has come"
            yield _warning("supplies", located, "capability", "", "no-capability", text)
    for located in rows["firms"]:
        if located.record.economy_id is None:
            text = "economy_id is empty, so the firm counts as no country's; name its economy"
            yield _warning("firms", located, "economy_id", "", "no-economy", text)


def _odd_loops(rows: Rows) -> Iterator[Finding]:
    follow: dict[str, list[str]] = defaultdict(list)
    at: dict[tuple[str, str], Located] = {}
    for located in rows["inputs"]:
        if located.record.necessity == "required":
            pair = located.record.product_id, located.record.input_id
            follow[pair[0]].append(pair[1])
            at[pair] = located
    for loop in _loops(follow):
        text = " → ".join(loop)
        advice = (
            f"these products need each other: {text}; such a loop stands until something outside fails: is it meant?"
        )
        yield _warning("inputs", at[loop[0], loop[1]], "input_id", text, "loop", advice)


def _odd_sum(rows: list[Located], table: str, column: str, key_of: Callable[[Any], Any]) -> Iterator[Finding]:
    sums: dict[Any, float] = defaultdict(float)
    last: dict[Any, Located] = {}
    for located in rows:
        share = getattr(located.record, column)
        if share is not None:
            key = key_of(located.record)
            sums[key] += share
            if located.row is not None or key not in last:
                last[key] = located
    for key, total in sums.items():
        if total > 100 + 1e-9:
            name = " ".join(str(part) for part in key if part is not None)
            text = f"the shares of {name} come to {total:g} %; they are scaled to 100: check the rows"
            yield _warning(table, last[key], column, f"{total:g}", "over-100", text)


def _odd_sums(rows: Rows) -> Iterator[Finding]:
    yield from _odd_sum(rows["market_shares"], "market_shares", "share_pct", lambda r: (r.product_id, r.scope, r.year))
    yield from _odd_sum(rows["supplies"], "supplies", "share_pct", lambda r: (r.product_id, r.share_scope, r.year))


def _odd_supplies(rows: Rows) -> Iterator[Finding]:
    makes: dict[str, set[str]] = defaultdict(set)
    for located in rows["supplies"]:
        record = located.record
        makes[record.firm_id].add(record.product_id)
        if (record.share_pct is None) != (record.share_scope is None):
            text = "share_pct and share_scope go together; fill both or neither"
            yield _warning("supplies", located, "share_scope", record.share_scope or "", "half-share", text)
    for located in rows["sites"]:
        for product in located.record.product_ids:
            if product not in makes[located.record.firm_id]:
                text = f"the site names {product}, which the firm does not supply: add it to supplies or take it out"
                yield _warning("sites", located, "product_ids", product, "not-supplied", text)


def _odd_names(rows: Rows) -> Iterator[Finding]:
    for located in rows["products"]:
        short = located.record.short_zh
        if short and sum(0.5 if char.isascii() else 1 for char in short) > _SHORT_LIMIT:
            text = "short_zh is longer than 8 characters and will be cut in tiles; shorten it"
            yield _warning("products", located, "short_zh", short, "too-long", text)


def _odd_ends(rows: Rows) -> Iterator[Finding]:
    kinds = {located.record.id: located.record.kind for located in rows["products"]}
    for located in rows["chains"]:
        for product in located.record.final_product_ids:
            if kinds[product] not in ("final", None):
                text = f"{product} is a final product of the chain, but its kind is {kinds[product]}"
                yield _warning("chains", located, "final_product_ids", product, "not-final", text)
    for located in rows["events"]:
        record = located.record
        if record.end_date and record.end_date < record.date[: len(record.end_date)]:
            text = "the event ends before it begins; correct one of the dates"
            yield _warning("events", located, "end_date", record.end_date, "ends-early", text)
