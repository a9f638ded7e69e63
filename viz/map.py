"""The map of the delta: circles that do not overlap, labels that do not either, links between them.

Pure geometry in pixels, tested by numbers. Places are projected on a flat sheet (a degree of longitude shrinks by the
cosine of the latitude), then circles that overlap are pushed apart, each by no more than it must; a leader points to
the true place where that is more than a little. Labels try eight sides, near and then further out, and take the first
that is free.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from viz.layers import text_width

WIDTH, HEIGHT = 880.0, 730.0
_PAD_X, _PAD_Y = 56.0, 34.0
_MIDDLE_LAT = 31.2
_GAP = 3.0
_LEAST_R, _MOST_R, _SQUARE = 4.0, 44.0, 7.0
_PULL = 0.06
_NEAR = 9.0
TEXT_H = 16.0


@dataclass(frozen=True, slots=True)
class Place:
    """What goes on the map; `size` decides the area of the circle, `square` places have none."""

    id: str
    text: str
    lat: float
    lon: float
    size: float
    square: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map: its circle, its true point, and its label (left edge, baseline, whether inside)."""

    id: str
    text: str
    x: float
    y: float
    r: float
    true_x: float
    true_y: float
    label_x: float
    label_y: float
    inside: bool
    square: bool

    @property
    def moved(self) -> float:
        """How far the circle stands from its true point, in pixels."""
        return math.hypot(self.x - self.true_x, self.y - self.true_y)

    @property
    def tether(self) -> tuple[float, float] | None:
        """The point of the label nearest to the circle, where it went so far that a line must lead to it."""
        left, top, right, bottom = label_box(self)
        x, y = min(max(self.x, left), right), min(max(self.y, top), bottom)
        return (round(x, 1), round(y, 1)) if math.hypot(x - self.x, y - self.y) > self.r + _NEAR else None


@dataclass(frozen=True, slots=True)
class Grid:
    """A line of the graticule: where it stands, and the degree."""

    at: float
    degree: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """All of the map."""

    spots: tuple[Spot, ...]
    meridians: tuple[Grid, ...]
    parallels: tuple[Grid, ...]


@dataclass(frozen=True, slots=True)
class _Frame:
    """From degrees to pixels; the same scale both ways."""

    west: float
    north: float
    scale: float
    left: float
    top: float

    def x(self, lon: float) -> float:
        return self.left + (lon - self.west) * math.cos(math.radians(_MIDDLE_LAT)) * self.scale

    def y(self, lat: float) -> float:
        return self.top + (self.north - lat) * self.scale


def _frame(places: Sequence[Place]) -> _Frame:
    west, east = min(p.lon for p in places), max(p.lon for p in places)
    south, north = min(p.lat for p in places), max(p.lat for p in places)
    wide = max((east - west) * math.cos(math.radians(_MIDDLE_LAT)), 0.5)
    tall = max(north - south, 0.5)
    scale = min((WIDTH - 2 * _PAD_X - 60) / wide, (HEIGHT - 2 * _PAD_Y) / tall)
    return _Frame(west, north, scale, (WIDTH - wide * scale) / 2, (HEIGHT - tall * scale) / 2)


def radius(size: float, largest: float) -> float:
    """Radius of a circle whose area goes with its size; small ones keep a least radius, so that they can be seen."""
    return max(_LEAST_R, _MOST_R * math.sqrt(size / largest)) if largest > 0 else _LEAST_R


def _spread(points: list[list[float]], radii: list[float]) -> None:
    """Push overlapping circles apart, the smaller one further, while each is drawn back to its true point."""
    true = [tuple(point) for point in points]
    pairs = [(i, j) for i in range(len(points)) for j in range(i + 1, len(points))]
    for step in range(400):
        pull = _PULL if step < 300 else 0.0
        for point, origin in zip(points, true, strict=True):
            point[0] += (origin[0] - point[0]) * pull
            point[1] += (origin[1] - point[1]) * pull
        calm = True
        for i, j in pairs:
            dx, dy = points[j][0] - points[i][0], points[j][1] - points[i][1]
            far, least = math.hypot(dx, dy), radii[i] + radii[j] + _GAP
            if far >= least - 1e-6:
                continue
            calm = False
            if far < 1e-9:
                dx, dy, far = 1.0, 0.3 * (i - j), math.hypot(1.0, 0.3 * (i - j))
            push, share = (least - far) / far, radii[j] ** 2 / (radii[i] ** 2 + radii[j] ** 2)
            points[i][0] -= dx * push * share
            points[i][1] -= dy * push * share
            points[j][0] += dx * push * (1 - share)
            points[j][1] += dy * push * (1 - share)
        if calm and not pull:
            return


Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

_Point = tuple[float, float]
_Circle = tuple[float, float, float]
"""Middle and radius."""


def _hits(box: Box, other: Box) -> float:
    """Area in which two boxes overlap."""
    wide = min(box[2], other[2]) - max(box[0], other[0])
    tall = min(box[3], other[3]) - max(box[1], other[1])
    return wide * tall if wide > 0 and tall > 0 else 0.0


def label_box(spot: Spot) -> Box:
    """What a label covers."""
    return _text_box(spot.label_x, spot.label_y, text_width(spot.text))


def _text_box(left: float, base: float, width: float) -> Box:
    return (left, base - TEXT_H + 3, left + width, base + 3)


def _candidates(x: float, y: float, r: float, width: float) -> list[tuple[float, float]]:
    """Left edge and baseline of a label on eight sides of a circle, the best first; then the same further out."""
    found = []
    for further in (0, 10, 20, 30):
        gap, slant = r + 4 + further, (r + 3 + further) * 0.72
        left, right, below, above = x - gap - width, x + gap, y + r + TEXT_H - 1 + further, y - r - 5 - further
        found += [(right, y + 5), (left, y + 5), (x - width / 2, below), (x - width / 2, above)]
        found += [(x + slant + 2, y + slant + TEXT_H - 4), (x + slant + 2, y - slant)]
        found += [(x - slant - 2 - width, y + slant + TEXT_H - 4), (x - slant - 2 - width, y - slant)]
        if further:  # beside, and a little up or down
            found += [(side, y + 5 + by) for side in (x + r + 4, x - r - 4 - width) for by in (-further, further)]
    return found


@dataclass(frozen=True, slots=True)
class _Label:
    """A label by its left edge, its baseline and its width; `inside` the circle that it belongs to, or beside it."""

    left: float
    base: float
    width: float
    inside: bool

    @property
    def box(self) -> Box:
        return _text_box(self.left, self.base, self.width)


def _cost(label: _Label, rank: int, labels: Sequence[Box], circles: Sequence[Box]) -> float:
    """How bad a place for a label is: what it covers, how far it leaves the sheet, how late it comes."""
    box = label.box
    covered = sum(_hits(box, other) for other in labels) + sum(_hits(box, circle) for circle in circles)
    outside = max(0.0, 4 - box[0]) + max(0.0, box[2] - WIDTH + 4) + max(0.0, 18 - box[1])
    return covered + (50 * outside + rank * 0.01)


def _label(place: Place, circle: _Circle, labels: Sequence[Box], others: Sequence[Box]) -> _Label:
    """The best place for a label beside others and the circles of others; inside its own circle where that is large."""
    (x, y, r), width = circle, text_width(place.text)
    if not place.square and 2 * r > width + 8:
        return _Label(x - width / 2, y + 5, width, inside=True)
    options = [_Label(left, base, width, inside=False) for left, base in _candidates(x, y, r, width)]
    return min(enumerate(options), key=lambda option: _cost(option[1], option[0], labels, others))[1]


def _labels(places: Sequence[Place], circles: Sequence[_Circle]) -> list[_Label]:
    """The label of each place; the largest choose first."""
    boxes = [(x - r, y - r, x + r, y + r) for x, y, r in circles]
    found: dict[int, _Label] = {}
    for at in sorted(range(len(places)), key=lambda at: (-places[at].size, places[at].id)):
        taken = [label.box for label in found.values()]
        found[at] = _label(places[at], circles[at], taken, boxes[:at] + boxes[at + 1 :])
    return [found[at] for at in range(len(places))]


def _circles(places: Sequence[Place], true: Sequence[_Point]) -> list[_Circle]:
    """The circles of some places, pushed apart from their true points."""
    largest = max(place.size for place in places)
    radii = [_SQUARE if place.square else radius(place.size, largest) for place in places]
    points = [list(point) for point in true]
    _spread(points, radii)
    return [(x, y, r) for (x, y), r in zip(points, radii, strict=True)]


def _spot(place: Place, true: _Point, circle: _Circle, label: _Label) -> Spot:
    return Spot(
        id=place.id,
        text=place.text,
        x=round(circle[0], 1),
        y=round(circle[1], 1),
        r=round(circle[2], 1),
        true_x=round(true[0], 1),
        true_y=round(true[1], 1),
        label_x=round(label.left, 1),
        label_y=round(label.base, 1),
        inside=label.inside,
        square=place.square,
    )


def _graticule(places: Sequence[Place], frame: _Frame) -> tuple[tuple[Grid, ...], tuple[Grid, ...]]:
    """The meridians and parallels at whole degrees around some places."""
    lon = range(math.ceil(frame.west - 0.6), math.floor(max(p.lon for p in places) + 0.6) + 1)
    lat = range(math.ceil(min(p.lat for p in places) - 0.3), math.floor(frame.north + 0.3) + 1)
    return (
        tuple(Grid(round(frame.x(degree), 1), degree) for degree in lon),
        tuple(Grid(round(frame.y(degree), 1), degree) for degree in lat),
    )


@lru_cache(maxsize=64)
def sheet(places: tuple[Place, ...]) -> Sheet:
    """Lay out the map; the largest places take their labels first."""
    if not places:
        return Sheet((), (), ())
    frame = _frame(places)
    true = [(frame.x(place.lon), frame.y(place.lat)) for place in places]
    circles = _circles(places, true)
    spots = map(_spot, places, true, circles, _labels(places, circles))
    return Sheet(tuple(spots), *_graticule(places, frame))


def curve(start: Spot, end: Spot, bend: float = 0.16) -> str:
    """A bent link from the edge of one circle to the edge of another, always bent to the same side of its way."""
    dx, dy = end.x - start.x, end.y - start.y
    far = math.hypot(dx, dy) or 1.0
    mx, my = (start.x + end.x) / 2 - dy * bend, (start.y + end.y) / 2 + dx * bend
    first, last = _edge(start, mx, my), _edge(end, mx, my)
    return f"M{first[0]:.1f} {first[1]:.1f}Q{mx:.1f} {my:.1f} {last[0]:.1f} {last[1]:.1f}" if far > 1 else ""


def _edge(spot: Spot, x: float, y: float) -> tuple[float, float]:
    far = math.hypot(x - spot.x, y - spot.y) or 1.0
    return spot.x + (x - spot.x) / far * (spot.r + 1.5), spot.y + (y - spot.y) / far * (spot.r + 1.5)
