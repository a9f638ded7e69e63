"""The map of the delta, by numbers: no circle on a circle, no label on a label, everything near where it is."""

from __future__ import annotations

import itertools
import math

import pytest

from api.pages.delta import _map
from graph.edition import Edition
from queries.delta import delta
from queries.network import Network
from viz.map import HEIGHT, WIDTH, Place, Sheet, curve, label_box, radius, sheet


@pytest.fixture(scope="module")
def network(shipped_edition: Edition) -> Network:
    return Network(shipped_edition.facts, shipped_edition.id)


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    tall = min(one[3], other[3]) - max(one[1], other[1])
    return max(wide, 0) * max(tall, 0)


def check(found: Sheet) -> None:
    for one, other in itertools.combinations(found.spots, 2):
        far = math.hypot(one.x - other.x, one.y - other.y)
        assert far >= one.r + other.r, (one.text, other.text)
        assert overlap(label_box(one), label_box(other)) < 12, (one.text, other.text)
    for spot, other in itertools.permutations(found.spots, 2):
        box, r = label_box(spot), other.r * 0.72  # the square within the circle
        if not spot.inside:
            inner = (other.x - r, other.y - r, other.x + r, other.y + r)
            assert overlap(box, inner) < 12, (spot.text, other.text)
    for spot in found.spots:
        left, top, right, bottom = label_box(spot)
        assert left >= 0, spot
        assert right <= WIDTH, spot
        assert top >= 0, spot
        assert bottom <= HEIGHT, spot
        assert spot.moved <= 60, spot


@pytest.mark.parametrize("size", ["firms", "gaps"])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("chain", [None, "high-end-chips", "civil-aircraft", "fuel-cell-vehicles"])
def test_the_core_of_the_delta_can_be_read(network: Network, size: str, language: str, chain: str | None) -> None:
    check(_map(delta(network, chain), size, language))  # type: ignore[arg-type]


def test_many_places_in_one_spot_are_pushed_apart() -> None:
    crowd = [Place(f"p{n}", f"地{n}", 31.0 + n / 1000, 121.0, 20.0) for n in range(12)]
    found = sheet((*crowd, Place("far", "远", 34.0, 116.0, 5.0)))
    for one, other in itertools.combinations(found.spots, 2):
        assert math.hypot(one.x - other.x, one.y - other.y) >= one.r + other.r


def test_areas_go_with_sizes_and_north_is_up() -> None:
    assert radius(400, 400) == 2 * radius(100, 400)
    north, south = sheet((Place("n", "北", 34, 118, 9), Place("s", "南", 28, 118, 9))).spots
    assert north.y < south.y
    west, east = sheet((Place("w", "西", 31, 116, 9), Place("e", "东", 31, 122, 9))).spots
    assert west.x < east.x
    assert sheet(()).spots == ()


def test_links_end_at_the_edges() -> None:
    one, other = sheet((Place("w", "西", 31, 116, 9), Place("e", "东", 31, 122, 4))).spots
    numbers = [float(part) for part in curve(one, other).replace("M", "").replace("Q", " ").split()]
    assert math.hypot(numbers[0] - one.x, numbers[1] - one.y) == pytest.approx(one.r + 1.5, abs=0.2)
    assert math.hypot(numbers[4] - other.x, numbers[5] - other.y) == pytest.approx(other.r + 1.5, abs=0.2)
