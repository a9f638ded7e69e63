"""The layered picture of a disruption, by numbers."""

from __future__ import annotations

import re

from viz.spread import GUTTER, PITCH, TILE_H, TILE_W, Node, picture

CHAIN = [
    Node("a", "甲", final=False, round=0, parent=None),
    Node("b", "乙", final=False, round=0, parent=None),
    Node("c", "丙", final=True, round=1, parent="b"),
    Node("d", "丁", final=False, round=1, parent="b"),
    Node("e", "戊", final=True, round=2, parent="d"),
]


def test_a_column_for_each_round_and_nothing_overlaps() -> None:
    found = picture(CHAIN)
    assert [column.count for column in found.columns] == [2, 2, 1]
    assert {tile.id for tile in found.tiles} == {"a", "b", "c", "d", "e"}
    spots = [(tile.x, tile.y) for tile in found.tiles]
    for at, (x, y) in enumerate(spots):
        assert x + TILE_W <= found.width
        assert y + TILE_H <= found.height
        for x2, y2 in spots[at + 1 :]:
            assert x2 - x >= TILE_W + GUTTER or x == x2
            assert x != x2 or abs(y2 - y) >= PITCH


def test_what_has_most_behind_it_stands_first_and_children_follow_their_parents() -> None:
    where = {tile.id: tile for tile in picture(CHAIN).tiles}
    assert where["b"].y < where["a"].y  # three rest on it
    assert where["d"].y < where["c"].y  # one rests on it
    assert where["e"].y == where["d"].y


def test_each_link_runs_from_a_right_edge_to_a_left_edge() -> None:
    found = picture(CHAIN)
    lefts = {(tile.x, tile.y + TILE_H / 2) for tile in found.tiles}
    rights = {(tile.x + TILE_W, tile.y + TILE_H / 2) for tile in found.tiles} | {(1 + TILE_W, 34 + TILE_H / 2)}
    assert len(found.paths) == len(CHAIN)
    for path in found.paths:
        numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", path)]
        assert (numbers[0], numbers[1]) in rights
        assert (numbers[-2], numbers[-1]) in lefts


def test_a_long_column_folds_and_its_links_end_at_the_fold() -> None:
    many = [Node(f"p{n:02}", "甲", final=False, round=0, parent=None) for n in range(30)]
    found = picture([*many, Node("z", "末", final=True, round=1, parent="p29")], rows=6)
    first = [tile for tile in found.tiles if tile.x == found.columns[0].x]
    assert len(first) == 6
    assert [tile.folded for tile in first if tile.id is None] == [25]
    assert "p29" in {tile.id for tile in first}  # it has the most behind it
    assert len(found.paths) == 7


def test_nothing_is_a_picture_of_nothing() -> None:
    assert picture([]).tiles == ()
