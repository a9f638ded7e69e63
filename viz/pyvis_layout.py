"""Where the tiles of the page that stands alone are: a column for each few segments, chains side by side."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from queries.gaps import Gap
from queries.network import Network

_POSITIONS = {
    "upstream": ("上游", "upstream"),
    "midstream": ("中游", "midstream"),
    "downstream": ("下游", "downstream"),
    "service": ("服务", "service"),
}
_ORDER = ("upstream", "midstream", "downstream", "service")

_COLUMN, _PITCH, TILE_WIDTH = 200, 34, 156
_LEAST_COLUMNS, _MOST_COLUMNS, _LEAST_ROWS = 3, 9, 8
HINT_SIZE, _HEAD_SIZE, BAND_SIZE = 12, 15, 48
_ASPECT = 1.37
"""Width by height of the place for the picture on a common screen."""


@dataclass(frozen=True, slots=True)
class Block:
    """Products that stand together: a segment of a chain, or what stands in none.

    Attributes:
        name: Chinese name.
        hint: What stands below it: position and number of products.
        products: Indices, in order.
    """

    name: str
    hint: str
    products: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A tile or a heading and the middle of its place, in pixels at scale 1.

    Attributes:
        product: Index of the product, `None` for a heading.
        text: The heading.
        size: Size of the heading's letters, in pixels.
        x, y: To the right, and down.
    """

    product: int | None
    text: str
    x: int
    y: int
    size: int = HINT_SIZE


def cut(text: str, most: int) -> str:
    """A text cut to some columns, of which a Chinese character takes two."""
    used = 0
    for at, letter in enumerate(text):
        used += 1 if ord(letter) < 0x2E80 else 2
        if used > most:
            return text[: max(at - 1, 1)] + "…"
    return text


def chain_blocks(network: Network, chain: str, gaps: dict[int, Gap], taken: set[int]) -> Iterator[Block]:
    """The segments of a chain in order; what ends the chain first, then by gap score."""
    finals = set(network.chain_finals[chain])

    def rank(at: int) -> tuple[bool, float, str]:
        return at not in finals, -(gaps[at].score or 0.0), network.products[at]

    found: dict[str | None, list[int]] = defaultdict(list)
    rows = sorted(
        (row for row in network.segment_rows.values() if row.chain_id == chain),
        key=lambda row: (_ORDER.index(row.position), row.order, row.id),
    )
    for at in network.chain_products[chain]:
        if at not in taken:
            mine = [row.id for row in rows if row.id in network.product_rows[at].segment_ids]
            found[mine[0] if mine else None].append(at)
            taken.add(at)
    for row in rows:
        if found[row.id]:
            position = _POSITIONS[row.position]
            hint = f"{position[0]} {position[1]} · {len(found[row.id])}"
            yield Block(row.name_zh, hint, tuple(sorted(found[row.id], key=rank)))
    if found[None]:
        yield Block("终端产品", f"finals · {len(found[None])}", tuple(sorted(found[None], key=rank)))


def _columns(blocks: Iterable[Block]) -> list[list[tuple[Block, tuple[int, ...]]]]:
    """Blocks one under the other in columns of about the same height; a block that is too tall goes on beside."""
    blocks = list(blocks)
    rows = sum(len(block.products) + 2 for block in blocks)
    many = min(max(round(math.sqrt(_ASPECT * rows * _PITCH / _COLUMN)), _LEAST_COLUMNS), _MOST_COLUMNS)
    height = max(-(-rows // many) + 1, _LEAST_ROWS)
    columns: list[list[tuple[Block, tuple[int, ...]]]] = [[]]
    left = height
    for block in blocks:
        rest = block.products
        while rest:
            if left < min(len(rest), 3) + 2:
                columns.append([])
                left = height
            part, rest = rest[: left - 2], rest[left - 2 :]
            columns[-1].append((block, part))
            left -= len(part) + 2
    return [column for column in columns if column]


def spots(blocks: Iterable[Block]) -> list[Spot]:
    """Where every tile and heading of some blocks stands, from the middle of the first heading on."""
    found = []
    for number, column in enumerate(_columns(blocks)):
        x, y = number * _COLUMN, 0
        for block, part in column:
            hint = block.hint if part[0] == block.products[0] else "（续 continued）"
            found.append(Spot(None, cut(block.name, 20), x, y, _HEAD_SIZE))
            found.append(Spot(None, hint, x, y + 20))
            found += [Spot(at, "", x, y + 50 + row * _PITCH) for row, at in enumerate(part)]
            y += (len(part) + 2) * _PITCH
    return found


def _bands(network: Network, gaps: dict[int, Gap]) -> Iterator[tuple[str, list[Spot]]]:
    """What stands in each chain, and what stands in none; a product stands once, in the first chain by name."""
    taken: set[int] = set()
    for name, chain in sorted(network.chain_rows.items()):
        yield f"【{cut(chain.name_zh, 16)}】", spots(list(chain_blocks(network, name, gaps, taken)))
    rest = tuple(sorted(set(gaps) - taken))
    yield "【其他】", spots([Block("不在任何链", f"in no chain · {len(rest)}", rest)] if rest else [])


def all_spots(network: Network, gaps: dict[int, Gap]) -> list[Spot]:
    """All chains in two lanes, each where there is more room."""
    found: list[Spot] = []
    tops = [0, 0]
    bands = [(name, band) for name, band in _bands(network, gaps) if band]
    wide = max((spot.x for _, band in bands for spot in band), default=0) + 2 * _COLUMN
    for name, band in bands:
        lane = tops.index(min(tops))
        x, y = lane * wide, tops[lane]
        found.append(Spot(None, name, x, y, BAND_SIZE))
        found += [replace(spot, x=spot.x + x, y=spot.y + y + 2 * _PITCH) for spot in band]
        tops[lane] = y + max(spot.y for spot in band) + 4 * _PITCH
    return found
