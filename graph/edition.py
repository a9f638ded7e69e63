"""Editions 版次: layers of facts, their merger, the id that follows from it, and the archive file (measures §14)."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from operator import attrgetter, itemgetter
from typing import Any

from graph.errors import BadArchive
from graph.model import Column, Facts, Table, tables

FORMAT = 1

# A cell is as long as its text; the limit of the module is 131,072 characters.
csv.field_size_limit(2**31 - 1)

# As many ways to fail as readers that meet a damaged byte.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    csv.Error,
    EOFError,
    LookupError,
    ValueError,
    TypeError,
    RuntimeError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Layer:
    """A fact folder under a name."""

    name: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Summary:
    """What is known of an edition without opening its archive.

    Attributes:
        id: The first 12 hex digits of the SHA-256 of the merged tables.
        created_at: When it was loaded, ISO 8601 in UTC.
        layers: Names of its layers, the lowest first.
        rows: Number of rows by table.
        damage: Why its archive cannot be read, and then nothing but the id is known; empty where it can.
    """

    id: str
    created_at: str
    layers: tuple[str, ...]
    rows: dict[str, int]
    damage: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """A stack of layers and the facts that they come to.

    Attributes:
        summary: Its head.
        layers: The lowest first.
        facts: All layers merged.
        tables: The canonical CSV of the facts by table, where it is at hand.
        reports: What was found wrong with each layer when it was loaded, in the words of the loader, by its name; the
            stores keep it unread. No part of the id; a layer that came from elsewhere has none.
    """

    summary: Summary
    layers: tuple[Layer, ...]
    facts: Facts
    tables: Mapping[str, str] | None = field(default=None, compare=False, repr=False)
    reports: Mapping[str, bytes] = field(default_factory=dict, compare=False, repr=False)

    @property
    def id(self) -> str:
        """The id, 12 hex digits."""
        return self.summary.id


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


class _Lines(list[str]):
    """Gathers rows; ends them with LF although the writer was told CRLF, so that it quotes both inside cells."""

    def write(self, text: str) -> int:
        self.append(text[:-2] + "\n")
        return len(text)


def _cells(column: Column, values: Iterable[Any]) -> list[str]:
    """The canonical cells of a column; by columns it takes half the time that it takes by rows."""
    if column.many:
        return [";".join(value) for value in values]
    if column.type is str:
        return ["" if value is None else value for value in values]
    return ["" if value is None else _cell(value) for value in values]


def _in_order(table: Table, records: Iterable[Any]) -> list[tuple[tuple[str, ...], Any]]:
    """Each record with its canonical cells, by key and then by all cells."""
    kept = tuple(records)
    names = [column.name for column in table.columns]
    cells = [_cells(column, map(attrgetter(column.name), kept)) for column in table.columns]
    rows = list(zip(zip(*cells, strict=True), kept, strict=True))
    rows.sort(key=itemgetter(0))
    if tuple(names[: len(table.key)]) != table.key:
        key = itemgetter(*(names.index(name) for name in table.key))
        rows.sort(key=lambda row: key(row[0]))
    return rows


def _csv(table: Table, rows: Sequence[Sequence[str]]) -> str:
    columns = table.columns
    kept = [at for at, column in enumerate(columns) if not column.later or any(row[at] for row in rows)]
    out = _Lines()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([columns[at].name for at in kept])
    writer.writerows(rows if len(kept) == len(columns) else [[row[at] for at in kept] for row in rows])
    return "".join(out)


def to_csv(table: Table, records: Iterable[Any]) -> str:
    """Canonical CSV of a table: columns in their order, rows by key and then by all columns, LF, UTF-8 text.

    A `later` column is there only where some row fills it.
    """
    return _csv(table, [cells for cells, _ in _in_order(table, records)])


def _values(column: Column, cells: tuple[str, ...]) -> list[Any]:
    """The values of a column, from its cells."""
    if column.many:
        return [tuple(cell.split(";")) if cell else () for cell in cells]
    if column.type is bool:
        return [cell == "true" for cell in cells]
    if column.type is str:
        return [cell or None for cell in cells]
    return [column.type(cell) if cell else None for cell in cells]


def from_csv(table: Table, text: str) -> tuple[Any, ...]:
    """The records of a canonical CSV; the inverse of `to_csv`.

    Raises:
        ValueError: Its columns are not those of the table, or a number is none.
    """
    rows = list(csv.reader(io.StringIO(text, newline="")))
    header = rows[0] if rows else []
    columns = [column for column in table.columns if not column.later or column.name in header]
    if header != [column.name for column in columns]:
        raise ValueError(f"{table.name}.csv has the columns {header}")
    by_column = zip(*rows, strict=True)
    values = [_values(column, cells[1:]) for column, cells in zip(columns, by_column, strict=True)]
    return tuple(table.record(**dict(zip(header, row, strict=True))) for row in zip(*values, strict=True))


def _with_sources(upper: Any, lower: Any) -> Any:
    if not hasattr(upper, "source_ids"):
        return upper
    added = tuple(s for s in lower.source_ids if s not in upper.source_ids)
    return replace(upper, source_ids=upper.source_ids + added) if added else upper


def merge(layers: Iterable[Layer]) -> Facts:
    """Lay layers over one another: row by row the later one wins, and the sources of both stay."""
    stack = tuple(layers)
    if len(stack) == 1:
        return stack[0].facts
    merged: dict[str, dict[Any, Any]] = {name: {} for name in tables()}
    for layer in stack:
        for name, table in tables().items():
            rows = merged[name]
            for record in getattr(layer.facts, name):
                key = table.key_of(record)
                rows[key] = _with_sources(record, rows[key]) if key in rows else record
    return Facts(**{name: tuple(rows.values()) for name, rows in merged.items()})


def canonical(facts: Facts) -> dict[str, str]:
    """The canonical CSV of every table, by name."""
    return {name: to_csv(table, getattr(facts, name)) for name, table in tables().items()}


def edition_of(layers: Iterable[Layer]) -> Edition:
    """Merge layers into an edition; the same facts give the same id, whatever the layers are called.

    The records of the edition and of its layers stand in canonical order.
    """
    stack = tuple(layers)
    facts = merge(stack)
    digest = hashlib.sha256()
    texts: dict[str, str] = {}
    ordered: dict[str, tuple[Any, ...]] = {}
    for name, table in tables().items():
        rows = _in_order(table, getattr(facts, name))
        ordered[name] = tuple(record for _, record in rows)
        texts[name] = _csv(table, [cells for cells, _ in rows])
        digest.update(f"{name}.csv\n{texts[name]}".encode())
    facts = Facts(**ordered)
    summary = Summary(
        id=digest.hexdigest()[:12],
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        layers=tuple(layer.name for layer in stack),
        rows={name: len(rows) for name, rows in ordered.items()},
    )
    if len(stack) == 1:
        return Edition(summary, (Layer(stack[0].name, facts),), facts, texts)
    return Edition(summary, tuple(Layer(layer.name, _sorted(layer.facts)) for layer in stack), facts, texts)


def _sorted(facts: Facts) -> Facts:
    return Facts(
        **{name: tuple(r for _, r in _in_order(table, getattr(facts, name))) for name, table in tables().items()}
    )


def pack(edition: Edition) -> bytes:
    """The archive of an edition: a ZIP file with `edition.json`, the merged tables and, if several, each layer's."""
    out = io.BytesIO()
    head = {
        "format": FORMAT,
        "id": edition.id,
        "created_at": edition.summary.created_at,
        "layers": list(edition.summary.layers),
        "rows": edition.summary.rows,
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr("edition.json", json.dumps(head, ensure_ascii=False, indent=1))
        for name, text in (edition.tables or canonical(edition.facts)).items():
            archive.writestr(f"facts/{name}.csv", text)
        if len(edition.layers) > 1:
            for at, layer in enumerate(edition.layers):
                for name, text in canonical(layer.facts).items():
                    archive.writestr(f"layers/{at}/{name}.csv", text)
        for at, name in enumerate(edition.summary.layers):
            if name in edition.reports:
                archive.writestr(f"reports/{at}.json", edition.reports[name])
    return out.getvalue()


def _read_facts(archive: zipfile.ZipFile, folder: str) -> Facts:
    return Facts(
        **{name: from_csv(table, archive.read(f"{folder}/{name}.csv").decode()) for name, table in tables().items()}
    )


@contextlib.contextmanager
def _opened(data: bytes, where: str) -> Iterator[tuple[zipfile.ZipFile, Summary]]:
    """An archive and its head; whatever fails to be read while it is open is a `BadArchive`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            head = json.loads(archive.read("edition.json"))
            if head["format"] != FORMAT:
                raise BadArchive(where, f"format {head['format']}, this program knows {FORMAT}")
            yield archive, Summary(head["id"], head["created_at"], tuple(head["layers"]), head["rows"])
    except _DAMAGE as error:
        raise BadArchive(where, str(error) or type(error).__name__) from error


def unpack(data: bytes, where: str) -> Edition:
    """Read an archive that `pack` made.

    Raises:
        BadArchive: It is damaged, or of another format.
    """
    with _opened(data, where) as (archive, summary):
        facts = _read_facts(archive, "facts")
        reports = _read_reports(archive, summary)
        if len(summary.layers) == 1:
            return Edition(summary, (Layer(summary.layers[0], facts),), facts, reports=reports)
        layers = tuple(Layer(name, _read_facts(archive, f"layers/{at}")) for at, name in enumerate(summary.layers))
        return Edition(summary, layers, facts, reports=reports)


def _read_reports(archive: zipfile.ZipFile, summary: Summary) -> dict[str, bytes]:
    there = set(archive.namelist())
    return {
        name: archive.read(path) for at, name in enumerate(summary.layers) if (path := f"reports/{at}.json") in there
    }


def read_reports(data: bytes, where: str) -> dict[str, bytes]:
    """The reports of an archive alone, by layer; see `Edition.reports`.

    Raises:
        BadArchive: It is damaged, or of another format.
    """
    with _opened(data, where) as (archive, summary):
        return _read_reports(archive, summary)


def read_summary(data: bytes, where: str) -> Summary:
    """The head of an archive alone.

    Raises:
        BadArchive: It is damaged, or of another format.
    """
    with _opened(data, where) as (_, summary):
        return summary


def damaged(edition_id: str, reason: str) -> Summary:
    """What is known of an edition whose archive cannot be read."""
    return Summary(edition_id, "", (), {}, reason)


def newest_first(found: Iterable[Summary]) -> tuple[Summary, ...]:
    """Summaries in the order in which stores list them: by time, then by id; damaged ones last."""
    return tuple(sorted(found, key=lambda summary: (summary.created_at, summary.id), reverse=True))
