"""Records as lines of a table, to take away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from queries.disruption import Blocked
from queries.refs import Ref, SegmentRef
from queries.supply_facts import PlaceFact


def flat(row: Any) -> dict[str, Any]:
    """A row as one line of a table: nested maps by dotted names, lists joined by `;`, things by their id.

    Fields whose metadata say `flat=False` are left out: lists of records, for which a line has no room.
    """
    found: dict[str, Any] = {}
    for field in fields(row):
        if field.metadata.get("flat", True):
            _flatten(field.name, getattr(row, field.name), found)
    return found


def _word(part: Any) -> str:
    """One of several things in a cell."""
    if isinstance(part, Ref | SegmentRef):
        return part.id
    if isinstance(part, PlaceFact):
        return part.place.id
    return part.product_id if isinstance(part, Blocked) else str(part)


def _flatten(name: str, value: Any, found: dict[str, Any]) -> None:
    if isinstance(value, Ref):
        found[f"{name}_id"], found[f"{name}_name_zh"] = value.id, value.name_zh
    elif isinstance(value, Mapping):
        for key, part in value.items():
            _flatten(f"{name}.{key}", part, found)
    elif is_dataclass(value):
        for field in fields(value):
            _flatten(f"{name}.{field.name}", getattr(value, field.name), found)
    elif isinstance(value, tuple):
        found[name] = ";".join(_word(part) for part in value)
    else:
        found[name] = value
