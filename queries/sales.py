"""A network of sales between firms, read from three CSV tables."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.errors import BadInput

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_LEAST, _MOST = 1e-100, 1e100  # sums and ratios of such sales are numbers


@dataclass(frozen=True, slots=True, eq=False)
class Sales:
    """A network of sales between firms.

    Attributes:
        ids: The firms.
        sector: For each firm the number of its sector, from 0.
        seller, buyer, weight: For each link who sells to whom, and how much (> 0); no pair twice.
        need: For each link how the buyer needs inputs of the seller's sector: 2 essential, 1 not, 0 not at all.
    """

    ids: tuple[str, ...]
    sector: Ints
    seller: Ints
    buyer: Ints
    weight: Floats
    need: Ints


def _records(table: str, lines: Iterable[str], columns: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
    """Where each row stands, and its cells in the order of `columns`."""
    rows = csv.reader(lines, strict=True)
    try:
        header = [name.strip().removeprefix("\ufeff") for name in next(rows, [])]
        missing = [name for name in columns if name not in header]
        if missing:
            allowed = f"a header with the columns {', '.join(columns)}; {', '.join(missing)} is missing"
            raise BadInput(f"{table}, line 1", ",".join(header), allowed)
        places = [header.index(name) for name in columns]
        for row in rows:
            where = f"{table}, line {rows.line_num}"
            if len(row) == len(header):
                yield where, [row[at].strip() for at in places]
            elif row:
                raise BadInput(where, ",".join(row), f"{len(header)} cells, as many as the header has")
    except csv.Error as error:
        raise BadInput(f"{table}, line {rows.line_num}", str(error), "CSV, UTF-8, with commas") from None


def _read_firms(lines: Iterable[str]) -> dict[str, str]:
    sector_of: dict[str, str] = {}
    for where, (firm, sector) in _records("firms", lines, ("id", "sector")):
        if not firm or firm in sector_of:
            raise BadInput(f"{where}, id", firm, "an id that no other row has")
        if not sector:
            raise BadInput(f"{where}, sector", sector, "the name of a sector")
        sector_of[firm] = sector
    return sector_of


def _read_needs(lines: Iterable[str]) -> dict[tuple[str, str], int]:
    needs: dict[tuple[str, str], int] = {}
    columns = ("supplier_sector", "buyer_sector", "value")
    for where, (supplier, buyer, value) in _records("essentiality", lines, columns):
        if value not in ("0", "1", "2"):
            raise BadInput(f"{where}, value", value, "2 (essential), 1 (not essential) or 0 (not an input)")
        if (supplier, buyer) in needs:
            raise BadInput(where, f"{supplier},{buyer}", "each pair of sectors once")
        needs[supplier, buyer] = int(value)
    return needs


def _read_links(lines: Iterable[str], firms: dict[str, int]) -> dict[tuple[int, int], float]:
    links: dict[tuple[int, int], float] = {}
    for where, (seller, buyer, text) in _records("edges", lines, ("from", "to", "weight")):
        for column, firm in (("from", seller), ("to", buyer)):
            if firm not in firms:
                raise BadInput(f"{where}, {column}", firm, "an id of the table of firms")
        try:
            weight = float(text)
        except ValueError:
            weight = math.nan
        if not _LEAST <= weight <= _MOST:
            raise BadInput(f"{where}, weight", text, f"a number greater than 0, from {_LEAST:g} to {_MOST:g}")
        pair = firms[seller], firms[buyer]
        links[pair] = links.get(pair, 0.0) + weight
    if not links:
        raise BadInput("edges", "no rows", "at least one sale")
    return links


def read_sales(edges: Iterable[str], firms: Iterable[str], essentiality: Iterable[str]) -> Sales:
    """Read a network of sales from the lines of three CSV tables, open files for instance.

    Args:
        edges: Columns `from`, `to`, `weight`: ids of firms and sales > 0 in any one unit; pairs that stand twice are
            summed.
        firms: Columns `id`, `sector`.
        essentiality: Columns `supplier_sector`, `buyer_sector`, `value`: 2 essential, 1 not, 0 not an input; a row
            for each pair of sectors between which something is sold.

    Raises:
        BadInput: A column is missing, or a cell is not what it should be; the message names table, line and column.
    """
    sector_of = _read_firms(firms)
    needs = _read_needs(essentiality)
    links = _read_links(edges, {firm: at for at, firm in enumerate(sector_of)})
    sectors = list(sector_of.values())
    number = {sector: at for at, sector in enumerate(dict.fromkeys(sectors))}
    need = []
    for seller, buyer in links:
        pair = sectors[seller], sectors[buyer]
        if pair not in needs:
            allowed = "a row for each pair of sectors between which something is sold"
            raise BadInput("essentiality of supplier_sector,buyer_sector", ",".join(pair), allowed)
        need.append(needs[pair])
    pairs = np.array(list(links), np.int64)
    return Sales(
        ids=tuple(sector_of),
        sector=np.array([number[sector] for sector in sectors], np.int64),
        seller=pairs[:, 0],
        buyer=pairs[:, 1],
        weight=np.array(list(links.values())),
        need=np.array(need, np.int64),
    )
