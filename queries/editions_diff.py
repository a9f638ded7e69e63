"""The difference of two editions 版次之差: facts by table and key, gaps by product and radius (measures §14)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from graph.model import Table, tables
from queries.gaps import Kind, kinds
from queries.network import RADII, Network, Radius, derived

FactChangeKind = Literal["added", "removed", "changed"]
GapChangeKind = Literal["worsened", "opened", "eased", "healed", "lapsed", "same"]
GAP_CHANGES: tuple[GapChangeKind, ...] = ("worsened", "opened", "eased", "healed", "lapsed", "same")
_RANK: dict[Kind, int] = {"none": 0, "fragile": 1, "missing": 2, "chokepoint": 3}


@dataclass(frozen=True, slots=True, eq=False)
class GapKinds:
    """The gap kinds of an edition at the four radii; products without a known supplier are not among them."""

    edition: str
    at: Mapping[Radius, Mapping[str, Kind]]


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """A value of a row before and after; `None` where the row is not there or the cell is empty."""

    column: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.column}: {_text(self.before)} → {_text(self.after)}"


@dataclass(frozen=True, slots=True)
class FactChange:
    """A row that one of two editions has, or that both have and that differs.

    Attributes:
        table, key: Which row.
        columns: The columns that differ; of a row that only one edition has, those that are not empty.
    """

    table: str
    key: tuple[str, ...]
    change: FactChangeKind
    columns: tuple[ColumnChange, ...]


@dataclass(frozen=True, slots=True)
class GapChange:
    """A gap that is not what it was.

    Attributes:
        before, after: The kind in either edition; `None` where the product or all its suppliers are not recorded.
        change: `opened`, `worsened`, `eased`, `healed` by the order chokepoint, missing, fragile, none; `lapsed`: the
            gap is no longer listed because the product or all its suppliers are gone from the facts, which heals
            nothing.
    """

    product_id: str
    name_zh: str
    name_en: str | None
    chain_ids: tuple[str, ...]
    radius: Radius
    before: Kind | None
    after: Kind | None
    change: GapChangeKind


@dataclass(frozen=True, slots=True)
class EditionsDiff:
    """What changed from one edition to another.

    Attributes:
        former, latter: Ids of the editions.
        tables: For each table that changed the number of rows added, removed and changed.
        facts: The rows, by table in their order, then by key.
        radii: For each radius the number of products by change of their gap.
        gaps: The gaps that changed, by radius, the worst change first, then by product.
    """

    former: str
    latter: str
    tables: Mapping[str, Mapping[FactChangeKind, int]]
    facts: tuple[FactChange, ...]
    radii: Mapping[Radius, Mapping[GapChangeKind, int]]
    gaps: tuple[GapChange, ...]


@derived
def gap_kinds(network: Network) -> GapKinds:
    """The gap kinds of an edition, to be compared with another's."""
    return GapKinds(
        network.edition,
        {
            radius: {name: kind for name, kind in zip(network.products, kinds(network, radius), strict=True) if kind}
            for radius in RADII
        },
    )


def gap_change(before: Kind | None, after: Kind | None) -> GapChangeKind:
    """What became of a gap; `None` stands for a product of which nothing is known, which is no gap of any kind."""
    if after is None:
        return "same" if before in (None, "none") else "lapsed"
    was, is_ = _RANK[before or "none"], _RANK[after]
    if was == is_:
        return "same"
    if is_ > was:
        return "opened" if was == 0 else "worsened"
    return "healed" if is_ == 0 else "eased"


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else "" if value is None else str(value)


def _columns(table: Table, before: Any, after: Any) -> Iterator[ColumnChange]:
    for column in table.columns:
        was, now = (getattr(record, column.name) if record else None for record in (before, after))
        if was != now and {was, now} != {None, ()}:
            yield ColumnChange(column.name, was, now)


def _fact_changes(former: Network, latter: Network) -> Iterator[FactChange]:
    for name, table in tables().items():
        old = {table.key_text(record): record for record in getattr(former.facts, name)}
        new = {table.key_text(record): record for record in getattr(latter.facts, name)}
        for key in sorted(old.keys() | new.keys()):
            before, after = old.get(key), new.get(key)
            if before != after:
                change: FactChangeKind = "added" if before is None else "removed" if after is None else "changed"
                yield FactChange(name, key, change, tuple(_columns(table, before, after)))


def _gap_changes(former: Network, latter: Network) -> Iterator[GapChange]:
    old, new = gap_kinds(former).at, gap_kinds(latter).at
    for radius in RADII:
        for product in sorted({*former.products, *latter.products}):
            before, after = old[radius].get(product), new[radius].get(product)
            there = latter if product in latter.product_at else former
            at = there.product_at[product]
            row = there.product_rows[at]
            change = gap_change(before, after)
            yield GapChange(product, row.name_zh, row.name_en, there.product_chains[at], radius, before, after, change)


@derived
def editions_diff(former: Network, latter: Network) -> EditionsDiff:
    """What changed from one edition to another: facts, and the gaps that follow from them."""
    facts = tuple(_fact_changes(former, latter))
    counts: dict[str, Counter[FactChangeKind]] = {}
    for item in facts:
        counts.setdefault(item.table, Counter())[item.change] += 1
    gaps = tuple(_gap_changes(former, latter))
    changed = [item for item in gaps if item.change != "same"]
    changed.sort(key=lambda item: (RADII.index(item.radius), GAP_CHANGES.index(item.change), item.product_id))
    return EditionsDiff(
        former=former.edition,
        latter=latter.edition,
        tables={
            name: {"added": found["added"], "removed": found["removed"], "changed": found["changed"]}
            for name, found in counts.items()
        },
        facts=facts,
        radii={
            radius: {change: sum(g.radius == radius and g.change == change for g in gaps) for change in GAP_CHANGES}
            for radius in RADII
        },
        gaps=tuple(changed),
    )
