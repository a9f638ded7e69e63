"""Bars as rectangles of an SVG: a strict content policy forbids widths in style attributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from queries.coverage import STATUSES

BAR_ORDER = STATUSES


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar; `x` and `width` in percent of the whole."""

    status: str
    count: int
    x: float
    width: float


def pieces(counts: Mapping[str, int]) -> list[Piece]:
    """The parts of a bar of statuses, in the order of `STATUSES`; nothing for a status without products."""
    whole, found, x = sum(counts.values()), [], 0.0
    for status in BAR_ORDER:
        if count := counts.get(status, 0):
            width = 100 * count / whole
            found.append(Piece(status, count, round(x, 2), round(width, 2)))
            x += width
    return found
