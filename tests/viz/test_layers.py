"""The geometry of an exploration by numbers: nothing overlaps, nothing moves, no line crosses a name."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from viz.layers import GUTTER, PITCH, STEP, TILE_WIDTH, Box, Canvas, Cell, Place, Remove, arrange, canvas, fitted
from viz.layers import text_width as width_of


@st.composite
def histories(draw: st.DrawFn) -> list[Place | Remove]:
    """A beginning, then blocks beside what is there and removals of what is there."""
    moves: list[Place | Remove] = [Place(("n0",), None, 0)]
    there, count = ["n0"], 1
    for _ in range(draw(st.integers(1, 9))):
        if len(there) > 1 and draw(st.integers(0, 4)) == 0:
            gone = draw(st.sampled_from(there[1:]))
            there.remove(gone)
            moves.append(Remove((gone,)))
            continue
        size = draw(st.integers(1, 12))
        keys = tuple(f"n{count + at}" for at in range(size))
        count += size
        beside = draw(st.sampled_from(there))
        moves.append(Place(keys, beside, draw(st.sampled_from((-1, 1))), f"h{count}"))
        there += keys
    return moves


def links_of(moves: list[Place | Remove], cells: dict[str, Cell]) -> list[tuple[str, str, str]]:
    """Each node with the one that it came from, and the last node with every other."""
    found = [(m.beside or "", key, "supply") for m in moves if isinstance(m, Place) and m.beside for key in m.keys]
    nodes = [key for key in cells if key.startswith("n")]
    found += [(nodes[-1], key, "place") for key in nodes[:-1]]
    return [(a, b, kind) for a, b, kind in found if a in cells and b in cells]


@settings(max_examples=60, deadline=None)
@given(histories())
def test_no_two_share_a_cell_and_what_is_there_never_moves(moves: list[Place | Remove]) -> None:
    before: dict[str, Cell] = {}
    for upto in range(1, len(moves) + 1):
        cells = arrange(moves[:upto])
        assert len(set(cells.values())) == len(cells)
        assert {key: cells[key] for key in before if key in cells} == {k: c for k, c in before.items() if k in cells}
        before = cells


@settings(max_examples=60, deadline=None)
@given(histories())
def test_blocks_stand_beside_what_they_came_from_one_below_the_other(moves: list[Place | Remove]) -> None:
    for upto, move in enumerate(moves, 1):
        if isinstance(move, Place) and move.beside:
            cells = arrange(moves[:upto])
            block = [cells[key] for key in (move.heading or "", *move.keys)]
            assert {cell.column for cell in block} == {cells[move.beside].column + move.shift}
            assert [cell.row for cell in block] == list(range(block[0].row, block[0].row + len(block)))


def corners(path: str) -> list[tuple[float, float]]:
    """The points of a path, control points of its rounded corners included."""
    numbers = [float(text) for text in re.findall(r"-?\d+(?:\.\d+)?", path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def crossed(made: Canvas, box: Box, path: str) -> bool:
    """Whether a straight part of a path runs through the inside of a box."""
    for (x0, y0), (x1, y1) in pairwise(corners(path)):
        left, right, top, bottom = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
        inside_x = left < box.x + box.width - 0.5 and right > box.x + 0.5
        inside_y = top < box.y + box.height - 0.5 and bottom > box.y + 0.5
        if inside_x and inside_y:
            return True
    return False


@settings(max_examples=60, deadline=None)
@given(histories())
def test_no_line_crosses_a_tile_or_leaves_the_canvas(moves: list[Place | Remove]) -> None:
    cells = arrange(moves)
    made = canvas(cells, links_of(moves, cells))
    tiles = [box for key, box in made.boxes.items() if key.startswith("n")]
    for line in made.lines:
        assert not any(crossed(made, box, line.path) for box in tiles), line
        for x, y in corners(line.path):
            assert 0 <= x <= made.width
            assert 0 <= y <= made.height


def test_the_grid_in_pixels() -> None:
    made = canvas({"a": Cell(-1, 3), "b": Cell(0, 2)}, [("a", "b", "supply")])
    assert (made.left, made.top) == (-1, 2)
    assert made.boxes["b"].x - made.boxes["a"].x == STEP == TILE_WIDTH + GUTTER
    assert made.boxes["a"].y - made.boxes["b"].y == PITCH
    start, *_, end = corners(made.lines[0].path)
    assert start == (made.boxes["a"].x + TILE_WIDTH, made.boxes["a"].y + 14)
    assert end == (made.boxes["b"].x, made.boxes["b"].y + 14)


def test_an_empty_picture_has_no_size() -> None:
    assert canvas({}, ()).width == 0


def test_names_are_cut_to_their_tile() -> None:
    assert fitted("离子注入机", 140) == "离子注入机"
    assert fitted("一二三四五六七八九十百千", 140) == "一二三四五六七八九…"
    assert width_of(fitted("Liebherr-Aerospace Transportation", 100)) <= 100
