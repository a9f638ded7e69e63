"""The geometry of the panorama, by numbers."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.edition import Edition
from queries.network import Network
from queries.panorama import Link, Panorama, Stage, panorama
from viz.panorama import MOST_COLUMNS, PHONE, ROWS, columns, focus, packing, shares, steps

CHAINS = (
    "5g-equipment",
    "beidou-navigation",
    "civil-aircraft",
    "cruise-ships",
    "fuel-cell-vehicles",
    "high-end-chips",
    "medical-imaging",
)


@pytest.fixture(scope="module")
def network(shipped_edition: Edition) -> Network:
    return Network(shipped_edition.facts, shipped_edition.id)


@pytest.fixture(params=CHAINS)
def answer(request: pytest.FixtureRequest, network: Network) -> Panorama:
    return panorama(network, request.param, "china")


@pytest.fixture
def order(answer: Panorama, network: Network) -> Panorama:
    return panorama(network, answer.chain.id, "shanghai")


def test_every_product_stands_once_in_each_of_its_segments(answer: Panorama, order: Panorama) -> None:
    drawn = [block for column in columns(answer, order) for block in column.blocks]
    assert [block.id for block in drawn] == [stage.id for stage in answer.segments]
    for block, stage in zip(drawn, answer.segments, strict=True):
        tiles = [tile.row.product_id for tile in (*block.tiles, *block.folded)]
        assert sorted(tiles) == sorted(row.product_id for row in stage.products)
    firsts = [tile.row.product_id for b in drawn for tile in (*b.tiles, *b.folded) if tile.first]
    assert len(firsts) == len(set(firsts)) == answer.products - len(answer.others)


def test_columns_fit_the_screen(answer: Panorama, order: Panorama) -> None:
    made = columns(answer, order)
    assert len(made) <= MOST_COLUMNS
    for column in made:
        assert sum(block.rows for block in column.blocks) <= ROWS
    assert [column.last for column in made] == [False] * (len(made) - 1) + [True]


def test_nothing_is_folded_alone_and_counts_are_those_of_the_hidden(answer: Panorama, order: Panorama) -> None:
    for column in columns(answer, order):
        for block in column.blocks:
            assert len(block.folded) != 1
            assert sum(n for _, n in block.folded_counts) == len(block.folded)
            assert sum(block.counts.values()) == block.size


def test_a_phone_shows_six_and_counts_the_rest(answer: Panorama, order: Panorama) -> None:
    for column in columns(answer, order):
        for block in column.blocks:
            hidden = sum(count for _, count in block.phone_counts)
            assert hidden == block.size - block.on_phone != 1
            assert block.on_phone == PHONE or not hidden


def test_finals_come_first_and_nothing_moves_with_the_radius(network: Network, order: Panorama) -> None:
    places = []
    for region in ("shanghai", "delta", "china", "world"):
        drawn = columns(panorama(network, order.chain.id, region), order)
        places.append([[tile.row.product_id for tile in b.tiles] for column in drawn for b in column.blocks])
        for block in (block for column in drawn for block in column.blocks):
            final = [tile.row.product_id in order.finals for tile in (*block.tiles, *block.folded)]
            assert final == sorted(final, reverse=True)
    assert all(place == places[0] for place in places)


def test_positions_share_a_column_only_to_save_rows(answer: Panorama) -> None:
    packed = packing(answer.segments)
    assert list(itertools.chain(*packed)) == list(answer.segments)

    def tallest(columns_: list[list[Stage]], mixing: int) -> int:
        return max(
            sum(len(s.products) + 1 for s in column) + (mixing if len({s.position for s in column}) > 1 else 0)
            for column in columns_
        )

    best = tallest(packed, 8)
    cuts = range(1, len(answer.segments))
    for number in range(MOST_COLUMNS):
        for chosen in itertools.combinations(cuts, number):
            ends = (0, *chosen, len(answer.segments))
            assert tallest([list(answer.segments[a:b]) for a, b in itertools.pairwise(ends)], 8) >= best


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.integers(12, 40))
def test_shares_fill_the_column_and_no_more(sizes: list[int], rows: int) -> None:
    given_rows = shares(sizes, rows)
    space = rows - len(sizes)
    assert all(0 < got <= size for got, size in zip(given_rows, sizes, strict=True))
    if space >= 2 * len(sizes):
        assert sum(given_rows) <= space
        whole = [size for size, got in zip(sizes, given_rows, strict=True) if got == size]
        cut = [got for size, got in zip(sizes, given_rows, strict=True) if got < size]
        assert not (cut and whole) or max(whole) <= max(cut) + 1
        assert sum(given_rows) == min(sum(sizes), space) or space - sum(given_rows) < len(sizes)


LINKS = tuple(Link(user, need, need, "required") for user, need in ("ab", "bc", "cd", "ac", "eb"))


def test_focus_marks_what_is_near_and_draws_shortest_ways() -> None:
    marks = focus(LINKS, "b", 2, stops=["a"])
    assert marks.up == {"c": 1, "d": 2}
    assert marks.down == {"a": 1, "e": 1}
    assert set(marks.links) == {("c", "b", True, 1), ("d", "c", True, 2), ("b", "a", False, 1), ("b", "e", False, 1)}
    assert [marks.of(product) for product in "abcd"] == ["on stop", "me on", "on", "on far"]
    assert focus(LINKS, "b", 1, []).up == {"c": 1}


def test_steps_take_the_shortest_way_also_round_a_loop() -> None:
    loop = [("a", "b"), ("b", "c"), ("c", "a"), ("a", "c")]
    assert steps(loop, "a", 9) == {"b": 1, "c": 1}
