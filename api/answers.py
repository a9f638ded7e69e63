"""Answers on the wire: JSON by orjson, lists with paging, and the same rows as files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import orjson
from fastapi import Query
from starlette.responses import Response

from queries.lists import flat
from queries.network import Network

Format = Literal["json", "csv", "xlsx"]
Limit = Annotated[int, Query(ge=1, le=1000, description="Most items.")]
Offset = Annotated[int, Query(ge=0, description="Items to leave out first.")]
FormatParam = Annotated[Format, Query(alias="format", description="json, or the same rows as a file: csv, xlsx.")]
EditionParam = Annotated[str | None, Query(description="Id of an edition; the current one without it.")]

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def json_response(body: Any, *, status: int = 200) -> Response:
    """JSON of plain values and frozen records."""
    return Response(orjson.dumps(body), status_code=status, media_type="application/json")


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


def rows_file(name: str, rows: Sequence[Any], as_: Format) -> Response:
    """Rows as a CSV or Excel file to take away."""
    lines = [flat(row) for row in rows]
    columns = list(dict.fromkeys(column for line in lines for column in line))
    return table_file(name, columns, [[line.get(column) for column in columns] for line in lines], as_)


def listing(
    network: Network,
    name: str,
    rows: Sequence[Any],
    *,
    limit: int,
    offset: int,
    as_: Format = "json",
    extra: dict[str, Any] | None = None,
) -> Response:
    """A list of rows: one page of it as JSON, or all of it as a file."""
    if as_ != "json":
        return rows_file(name, rows, as_)
    page = {"items": list(rows[offset : offset + limit]), "total": len(rows), "edition": network.edition}
    return json_response(page | (extra or {}))
