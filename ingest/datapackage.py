"""The description of the shipped fact tables as a Data Package (version 2), derived from their declaration.

`python -m ingest.datapackage` writes `data/datapackage.json`; a test keeps it true.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from graph.model import Column, Table, tables

PATH = Path(__file__).resolve().parent.parent / "data" / "datapackage.json"

_TYPES = {"str": "string", "int": "integer", "float": "number", "bool": "boolean"}
_LICENCES = [
    {"name": "Apache-2.0", "title": "Apache License 2.0", "path": "https://www.apache.org/licenses/LICENSE-2.0"},
    {
        "name": "CC-BY-NC-4.0",
        "title": "Creative Commons Attribution-NonCommercial 4.0: the rows that cite the source eto-chips",
        "path": "https://creativecommons.org/licenses/by-nc/4.0/",
    },
]
_SOURCES = [
    {
        "title": "Advanced Semiconductor Supply Chain Dataset, Emerging Technology Observatory, Georgetown University",
        "path": "https://github.com/georgetown-cset/eto-supply-chain",
    },
    {"title": "sources.csv: every row of every table names its sources there", "path": "sources.csv"},
]


def _constraints(column: Column, table: Table) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if not column.optional:
        found["required"] = True
    if table.key == (column.name,):
        found["unique"] = True
    if column.choices and not column.many:
        found["enum"] = list(column.choices)
    if column.pattern and not column.many:
        found["pattern"] = column.pattern
    if column.type is str and not column.choices and not column.many:
        found["maxLength"] = column.longest
    if column.minimum is not None:
        found["minimum"] = column.minimum
    if column.maximum is not None:
        found["maximum"] = column.maximum
    return found


def _shipped(table: Table) -> list[Column]:
    """The columns that the shipped tables have."""
    return [column for column in table.columns if not column.later]


def _field(column: Column, table: Table) -> dict[str, Any]:
    words = f" One of {', '.join(column.choices)}." if column.many and column.choices else ""
    field: dict[str, Any] = {
        "name": column.name,
        "type": "string" if column.many else _TYPES[column.type.__name__],
        "description": column.doc + (" Several are separated by `;`." if column.many else "") + words,
    }
    if column.type is bool:
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    if column.unit:
        field["unit"] = column.unit
    if constraints := _constraints(column, table):
        field["constraints"] = constraints
    return field


def _foreign_keys(table: Table) -> list[dict[str, Any]]:
    """References that a Data Package can state: single ids into one table; the loader checks all the others too."""
    return [
        {"fields": [column.name], "reference": {"resource": column.to[0], "fields": ["id"]}}
        for column in _shipped(table)
        if len(column.to) == 1 and not column.many
    ]


def _resource(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(column, table) for column in _shipped(table)]}
    schema["missingValues"] = [""]
    # A primary key may not hold an empty cell; some of ours do, where the year, say, is not known.
    optional = {column.name for column in table.columns if column.optional}
    if optional.isdisjoint(table.key):
        schema["primaryKey"] = list(table.key)
    else:
        schema["uniqueKeys"] = [list(table.key)]
    if keys := _foreign_keys(table):
        schema["foreignKeys"] = keys
    return {
        "name": table.name,
        "type": "table",
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "description": (table.record.__doc__ or "").splitlines()[0],
        "schema": schema,
    }


def datapackage() -> dict[str, Any]:
    """The descriptor of the folder `data/`."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "liantu-facts",
        "title": "链图: facts on Shanghai's industrial chains",
        "description": "Chains, products, firms, parks and regions, each fact with its sources and confidence.",
        "licenses": _LICENCES,
        "sources": _SOURCES,
        "resources": [_resource(table) for table in tables().values()],
    }


def text() -> str:
    """The descriptor as it is written to the file."""
    return json.dumps(datapackage(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
