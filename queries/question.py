"""A named question: what it takes, what it answers, and how its parameters are read from text."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, LiteralString

from graph.errors import BadInput

ValueType = Literal["string", "integer", "number", "boolean", "strings"]
Value = str | int | float | bool | list[str]
MOST_ROWS = 10_000
"""Greatest value of a parameter named `limit`."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a question wants to be told.

    Attributes:
        name: Name in the statement, without the dollar.
        type: How the text is read; `strings` are separated by `;`.
        kind: What a text names: a label in lower case, or `radius`; empty for other texts.
        optional: Whether the id may be empty.
        unit: Unit of a number, where its name does not say it.
        default: The value when none is given; `None` where one must be given.
        doc_zh, doc_en: What it is.
    """

    name: str
    type: ValueType
    unit: str | None
    default: Value | None
    doc_zh: str
    doc_en: str
    kind: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the answer; where it is `optional`, `None` means not known."""

    name: str
    type: ValueType
    doc_zh: str
    doc_en: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A named statement with what it takes and what it answers; the name is that of its file."""

    name: str
    title_zh: str
    title_en: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    statement: LiteralString

    def values(self, texts: Mapping[str, str]) -> dict[str, Value]:
        """The parameters of the statement, read from text and filled up with the defaults.

        Raises:
            BadInput: A parameter is unknown, missing, or not of its type.
        """
        names = [parameter.name for parameter in self.parameters]
        for name, text in texts.items():
            if name not in names:
                raise BadInput(name, text, f"the parameters of {self.name}: {', '.join(names) or 'there are none'}")
        return {p.name: _given(p, texts.get(p.name)) for p in self.parameters}


def _given(parameter: Parameter, text: str | None) -> Value:
    if text is not None:
        return convert(parameter, text)
    if parameter.default is None:
        raise BadInput(parameter.name, None, f"{_ALLOWED[parameter.type]}: {parameter.doc_en}; it must be given")
    return parameter.default


_ALLOWED: Mapping[ValueType, str] = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "strings": "texts separated by ;",
}


def convert(parameter: Parameter, text: str) -> Value:
    """Read a value of the type of a parameter."""
    value = _READERS[parameter.type](text)
    if value is None:
        raise BadInput(parameter.name, text, _ALLOWED[parameter.type])
    if parameter.name == "limit" and isinstance(value, int) and not 1 <= value <= MOST_ROWS:
        raise BadInput(parameter.name, text, f"a whole number from 1 to {MOST_ROWS:,}")
    return value


def _text(text: str) -> str | None:
    return None if re.search(r"[\ud800-\udfff]", text) else text  # halves of letters cannot be sent to a store


def _integer(text: str) -> int | None:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):  # what fits into the 64 bits of a store
        return None
    return int(text)


def _number(text: str) -> float | None:
    if not re.fullmatch(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", text):
        return None
    return float(text) if math.isfinite(float(text)) else None


def _boolean(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())


def _strings(text: str) -> list[str] | None:
    return None if _text(text) is None else [part.strip() for part in text.split(";") if part.strip()]


_READERS: Mapping[ValueType, Callable[[str], Value | None]] = {
    "string": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "strings": _strings,
}
