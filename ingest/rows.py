"""Rows of text to typed records: one pydantic validator for each fact table, made from its columns."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import SchemaValidator
from pydantic_core.core_schema import typed_dict_field, typed_dict_schema

from graph.model import Column, Table, tables
from ingest.report import Finding
from ingest.tables import RawRow

_CODES = {
    "missing": "missing",
    "literal_error": "not-allowed",
    "string_pattern_mismatch": "wrong-form",
    "int_parsing": "not-a-number",
    "int_from_float": "not-a-number",
    "float_parsing": "not-a-number",
    "finite_number": "not-a-number",
    "bool_parsing": "not-allowed",
    "greater_than_equal": "out-of-range",
    "less_than_equal": "out-of-range",
    "too_short": "missing",
}


def _annotation(column: Column) -> Any:
    kind: Any = Literal[column.choices] if column.choices else column.type
    if column.minimum is not None:
        kind = Annotated[kind, Field(ge=column.minimum, le=column.maximum)]
    if column.pattern is not None:
        kind = Annotated[kind, Field(pattern=column.pattern)]
    if column.type is float:
        kind = Annotated[kind, Field(allow_inf_nan=False)]
    if column.many:
        return Annotated[tuple[kind, ...], Field(min_length=0 if column.optional else 1)]
    return kind | None if column.optional else kind


@cache
def _validator(name: str) -> SchemaValidator:
    """What checks the filled cells of a row of a fact table and gives them their types."""
    fields = {
        column.name: typed_dict_field(TypeAdapter(_annotation(column)).core_schema, required=not column.optional)
        for column in tables()[name].columns
    }
    return SchemaValidator(typed_dict_schema(fields))


def _filled(table: Table, row: RawRow) -> dict[str, Any]:
    """The cells that are filled, lists split."""
    found: dict[str, Any] = {name: text for name, text in row.cells.items() if text}
    for column in table.columns:
        if column.many and column.name in found:
            parts = (part.strip() for part in found.pop(column.name).replace("；", ";").split(";"))
            if items := tuple(dict.fromkeys(part for part in parts if part)):
                found[column.name] = items
    return found


def _advice(column: Column, code: str) -> str:
    if column.type is bool:
        return "write true or false"
    advice = {
        "missing": f"fill it: {column.doc}",
        "not-allowed": f"use one of {', '.join(column.choices)}",
        "not-a-number": "write a plain number, or leave the cell empty" if column.optional else "write a plain number",
        "out-of-range": f"use {column.minimum:g} to {column.maximum:g}" if column.minimum is not None else "",
    }
    if code == "wrong-form":
        return f"{column.doc} It must match {column.pattern}"
    return advice.get(code, column.doc)


def _findings(table: Table, row: RawRow, error: ValidationError) -> Iterator[Finding]:
    by_name = {column.name: column for column in table.columns}
    for item in error.errors(include_url=False):
        column = by_name[str(item["loc"][0])]
        code = _CODES.get(item["type"], item["type"])
        value = "" if code == "missing" else str(item["input"])
        what = "is empty" if code == "missing" else f"{value!r} is not right"
        message = f"{column.name} {what}; {_advice(column, code)}"
        yield Finding("refused", table.name, row.number, column.name, value, code, message)


def typed(table: Table, row: RawRow) -> tuple[Any | None, list[Finding]]:
    """A row of text as a record of the domain, or what is wrong with it."""
    if row.fault:
        return None, [Finding("refused", table.name, row.number, None, "", "cells", f"The row is broken: {row.fault}")]
    try:
        values = _validator(table.name).validate_python(_filled(table, row))
    except ValidationError as error:
        return None, list(_findings(table, row, error))
    return table.record(**values), []
