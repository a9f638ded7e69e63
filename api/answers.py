"""Answers on the wire: JSON by orjson, lists with paging, and the same rows as files."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import orjson
from fastapi import Depends, Query
from starlette.responses import Response

from queries.flat import flat
from queries.network import Network

Format = Literal["json", "csv", "xlsx"]
Words = Literal["zh"]
WordsParam = Annotated[Words | None, Query(description="zh: a file in Chinese with names in place of ids, to be read.")]
FormatParam = Annotated[Format, Query(alias="format", description="json, or the same rows as a file: csv, xlsx.")]
EditionParam = Annotated[str | None, Query(description="Id of an edition; the current one without it.")]
_Limit = Annotated[int, Query(ge=1, le=1000, description="Most items.")]
_Offset = Annotated[int, Query(ge=0, description="Items to leave out first.")]

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Paging:
    """Which of its rows a list is asked for, and in which form.

    Attributes:
        limit: Most items; of no matter to a file, which holds all.
        offset: Items to leave out first, likewise.
        as_: JSON, or a file.
        words: A file in a language, to be read; without it with the names of fields and ids.
    """

    limit: int
    offset: int
    as_: Format
    words: Words | None = None

    def span(self, most: int) -> tuple[int, int]:
        """Limit and offset for a question that answers one page only; a file has so many rows at most."""
        return (self.limit, self.offset) if self.as_ == "json" else (most, 0)


def _paging(most: int) -> Callable[..., Coroutine[Any, Any, Paging]]:
    """The paging that a request asks for, with so many items where it does not say how many."""

    async def asked(
        limit: _Limit = most, offset: _Offset = 0, as_: FormatParam = "json", words: WordsParam = None
    ) -> Paging:
        return Paging(limit, offset, as_, words)  # async, as what is not is called in a thread of its own

    return asked


PagedShort = Annotated[Paging, Depends(_paging(20))]
Paged = Annotated[Paging, Depends(_paging(100))]
PagedLong = Annotated[Paging, Depends(_paging(1000))]


def json_response(body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON of plain values and frozen records."""
    return Response(orjson.dumps(body), status_code=status, media_type="application/json", headers=headers)


def ready(body: bytes) -> Response:
    """JSON that a worker made; what its budget cut short is not kept, since another time may give more."""
    headers = {"Cache-Control": "no-store"} if b'"complete":false' in body else None
    return Response(body, media_type="application/json", headers=headers)


def with_edition(record: Any, network: Network, **more: Any) -> Response:
    """A record with its edition, and what else belongs to it."""
    body: dict[str, Any] = orjson.loads(orjson.dumps(record))
    return json_response(body | more | {"edition": network.edition})


def table_file(name: str, columns: Sequence[str], cells: Sequence[Sequence[Any]], as_: Format) -> Response:
    """A table as a CSV or Excel file to take away."""
    from viz.workbook import csv_text, workbook

    body = csv_text(columns, cells) if as_ == "csv" else workbook(name, columns, cells)
    headers = {"Content-Disposition": f'attachment; filename="liantu-{name}.{as_}"'}
    return Response(body, media_type="text/csv; charset=utf-8" if as_ == "csv" else _XLSX, headers=headers)


def rows_file(
    network: Network | None, name: str, rows: Sequence[Any], as_: Format, words: Words | None = None
) -> Response:
    """Rows as a CSV or Excel file to take away."""
    from viz.readable import readable

    lines = [flat(row) for row in rows]
    columns = list(dict.fromkeys(column for line in lines for column in line))
    cells = [[line.get(column) for column in columns] for line in lines]
    if words and network:
        columns, cells = readable(network, name, columns, cells)
    return table_file(name, columns, cells, as_)


def page_of(
    network: Network, name: str, items: Sequence[Any], total: int, paging: Paging, extra: dict[str, Any] | None = None
) -> Response:
    """The page of a list as JSON, with what else belongs to it, or these items as a file."""
    if paging.as_ != "json":
        return rows_file(network, name, items, paging.as_, paging.words)
    return json_response({"items": items, "total": total, "edition": network.edition} | (extra or {}))


def listing(
    network: Network, name: str, rows: Sequence[Any], paging: Paging, extra: dict[str, Any] | None = None
) -> Response:
    """A list of rows: one page of it as JSON, or all of it as a file."""
    limit, offset = paging.span(len(rows))
    return page_of(network, name, rows[offset : offset + limit], len(rows), paging, extra)
