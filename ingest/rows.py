"""Rows of text to typed records: one pydantic validator for each fact table, made from its columns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError, SchemaValidator
from pydantic_core.core_schema import typed_dict_field, typed_dict_schema

from graph.model import PARTIAL_DATE_PATTERN, Column, Table, tables
from ingest.report import Finding
from ingest.tables import RawRow

_CODES = {
    "missing": "missing",
    "literal_error": "not-allowed",
    "string_pattern_mismatch": "wrong-form",
    "int_parsing": "not-a-number",
    "int_parsing_size": "out-of-range",
    "int_from_float": "not-a-number",
    "float_parsing": "not-a-number",
    "finite_number": "not-a-number",
    "bool_parsing": "not-allowed",
    "greater_than_equal": "out-of-range",
    "less_than_equal": "out-of-range",
    "too_short": "missing",
    "string_too_long": "over-length",
}
_SHOWN = 60


def _plain_number(text: str) -> str:
    """Refuse `5_8`, which Python reads as 58."""
    if "_" in text:
        raise PydanticCustomError("not-a-number", "digits are not joined by _")
    return text


def _real_day(text: str) -> str:
    """Refuse days that no calendar has."""
    try:
        date.fromisoformat((text + "-01-01")[: len("2020-01-01")])
    except ValueError as error:
        raise PydanticCustomError("no-such-day", "the calendar has no such day") from error
    return text


def _annotation(column: Column) -> Any:
    kind: Any = Literal[column.choices] if column.choices else column.type
    if column.minimum is not None:
        kind = Annotated[kind, Field(ge=column.minimum, le=column.maximum)]
    if column.pattern is not None:
        kind = Annotated[kind, Field(pattern=column.pattern)]
    if column.type is str and not column.choices:
        kind = Annotated[kind, Field(max_length=column.longest)]
    if column.pattern == PARTIAL_DATE_PATTERN:
        kind = Annotated[kind, AfterValidator(_real_day)]
    if column.type is float:
        kind = Annotated[kind, Field(allow_inf_nan=False)]
    if column.type in (int, float):
        kind = Annotated[kind, BeforeValidator(_plain_number)]
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


def _range(column: Column) -> str:
    if column.minimum is None or column.maximum is None:
        return "a smaller number" if column.minimum is None else f"{column.minimum:g} or more"
    return f"{column.minimum:g} to {column.maximum:g}"


def _advice(column: Column, code: str) -> str:
    if column.type is bool:
        return "write true or false"
    advice = {
        "missing": f"fill it: {column.doc}",
        "not-allowed": f"use one of {', '.join(column.choices)}",
        "not-a-number": "write a plain number, or leave the cell empty" if column.optional else "write a plain number",
        "no-such-day": "use a day that the calendar has, or the month or year alone",
        "out-of-range": f"use {_range(column)}",
        "over-length": f"use at most {column.longest:,} characters",
    }
    if code == "wrong-form":
        return f"{column.doc} It must match {column.pattern}"
    return advice.get(code, column.doc)


def _shown(value: str) -> str:
    return repr(value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…")


def _not_right(value: str) -> str:
    return f"{_shown(value)} is not right"


def _findings(table: Table, row: RawRow, error: ValidationError) -> Iterator[Finding]:
    by_name = {column.name: column for column in table.columns}
    for item in error.errors(include_url=False):
        column = by_name[str(item["loc"][0])]
        code = _CODES.get(item["type"], item["type"])
        value = "" if code == "missing" else str(item["input"])
        value = value if len(value) <= column.longest else f"{value[:_SHOWN]}… ({len(value):,} characters)"
        what = "is empty" if code == "missing" else "is too long" if code == "over-length" else _not_right(value)
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
