"""An exploration 图谱探索: what is on the picture after some steps from its beginnings.

A step is a text, so that an address can hold it:

    product:x                        put a node on the picture
    product:x~in:SUPPLIES:firm       open one sort of its neighbours, as many as `FIRST`
    product:x~in:SUPPLIES:firm@36    the same, as many as 36
    -product:x~in:SUPPLIES:firm      close it: what hangs on nothing else leaves
    -product:x                       take a node off
    *product:x                       pin a node, so that it stays when what it hangs on is closed; again to let it go
    product:x..firm:y                put a shortest way between two nodes on the picture

The picture is a pure function of the edition and the steps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph.errors import BadInput
from graph.schema import STATED_IN
from queries.neighbours import neighbours
from queries.network import Network
from queries.refs import Ref
from queries.ways import Edge, edges_among, shortest_way

MOST = 300
"""Most nodes on a picture."""
FIRST = 12
"""Neighbours of a sort that are shown at first."""
MORE = 24
"""How many more are shown at each further asking."""
MOST_STEPS = 400


_NODE = r"[a-z]+:[a-z0-9-]+(?:@[0-9-]+)?"
_STEP = re.compile(
    rf"(?P<sign>[-*]?)(?P<node>{_NODE})"
    rf"(?:~(?P<sort>(?:in|out):[A-Z_]+:[a-z]+)(?:@(?P<limit>\d{{1,3}}))?|\.\.(?P<other>{_NODE}))?"
)


@dataclass(frozen=True, slots=True)
class Step:
    """What a text of a step says; see the head of this file."""

    sign: str
    node: str
    sort: str | None
    limit: int
    other: str | None


@dataclass(frozen=True, slots=True)
class Arrived:
    """Nodes that came onto the picture together.

    Attributes:
        keys: The nodes, in order.
        beside: The node that they are neighbours of; `None` for a beginning.
        sort: By which edges, their way and kind, as in `in:SUPPLIES:firm`.
        heads: Whether they are the first of an opened sort.
    """

    keys: tuple[str, ...]
    beside: str | None = None
    sort: str | None = None
    heads: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """Nodes, and opened sorts as (node, sort), that left the picture."""

    keys: tuple[str, ...]
    sorts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A sort of neighbours that is open.

    Attributes:
        shown: How many of them are on the picture.
        total: How many there are.
    """

    node: str
    sort: str
    shown: int
    total: int


@dataclass(frozen=True, slots=True)
class Picture:
    """What there is to see.

    Attributes:
        nodes: Every node by its key `kind:id`, in the order in which they came.
        changes: How it came about, in order.
        opened: The open sorts of neighbours.
        edges: Every edge among the nodes.
        pinned: Keys of the pinned nodes.
        full: Whether nodes were left out because there are `MOST`.
    """

    nodes: dict[str, Ref]
    changes: tuple[Arrived | Left, ...]
    opened: tuple[Opened, ...]
    edges: tuple[Edge, ...]
    pinned: frozenset[str]
    full: bool


def parse(text: str) -> Step:
    """A step from its text.

    Raises:
        BadInput: It is no step.
    """
    found = _STEP.fullmatch(text)
    if not found or (found["sign"] and found["other"]) or (found["sign"] == "*" and found["sort"]):
        raise BadInput("do", text, "a step such as product:ID or product:ID~in:SUPPLIES:firm")
    return Step(found["sign"], found["node"], found["sort"], int(found["limit"] or FIRST), found["other"])


def _split(key: str) -> tuple[str, str]:
    kind, _, id_ = key.partition(":")
    return kind, id_


class _Replay:
    """The picture while its steps are taken one by one."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.nodes: dict[str, Ref] = {}
        self.changes: list[Arrived | Left] = []
        self.open: dict[tuple[str, str], int] = {}
        self.headed: set[tuple[str, str]] = set()
        self.roots: dict[str, None] = {}
        self.pinned: set[str] = set()
        self.off: set[str] = set()
        self.full = False

    def take(self, step: Step) -> None:
        """Do what a step says; one about a node that is not there does nothing."""
        if step.other:
            self._put_way(step.node, step.other)
        elif step.sort and step.sign:
            self.open.pop((step.node, step.sort), None)
            self._tidy()
        elif step.sort:
            self._open(step.node, step.sort, step.limit)
        elif step.sign == "*":
            self.pinned ^= {step.node} & self.nodes.keys()
        elif step.sign:
            self._take_off(step.node)
        else:
            self._put(neighbours(self.network, *_split(step.node), each=0).node, None, None)

    def _put(self, ref: Ref, beside: str | None, sort: str | None) -> None:
        self.roots[ref.key] = None
        self.off.discard(ref.key)
        self._arrive((ref,), beside, sort)

    def _put_way(self, start: str, end: str) -> None:
        """A shortest way; where there is none, the two ends alone."""
        stops = shortest_way(self.network, _split(start), _split(end))
        before = None
        for stop in stops:
            self._put(stop.node, before, stop.sort)
            before = stop.node.key
        if not stops:
            self.take(Step("", start, None, 0, None))
            self.take(Step("", end, None, 0, None))

    def items(self, key: str, sort: str, limit: int) -> tuple[tuple[Ref, ...], int]:
        """The first neighbours of a sort that were not taken off, and how many there are."""
        way, type_, kind = sort.split(":")
        found = neighbours(self.network, *_split(key), (f"{way}:{type_}",), (kind,), limit=limit + len(self.off))
        left = [item.node for item in found.items if item.node.key not in self.off]
        return tuple(left[:limit]), found.total

    def _open(self, key: str, sort: str, limit: int) -> None:
        if sort.split(":")[1] == STATED_IN:
            raise BadInput("do", sort, "any sort but that of sources, which stand on the page of each thing")
        if key in self.nodes:
            self.open[key, sort] = max(limit, self.open.get((key, sort), 0))
            self._arrive(self.items(key, sort, self.open[key, sort])[0], key, sort)

    def _arrive(self, refs: Iterable[Ref], beside: str | None, sort: str | None) -> None:
        fresh = {ref.key: ref for ref in refs if ref.key not in self.nodes}
        space = MOST - len(self.nodes)
        self.full = self.full or len(fresh) > space
        kept = dict(list(fresh.items())[:space])
        if kept:
            pair = (beside, sort) if beside and sort and (beside, sort) in self.open else None
            heads = pair is not None and pair not in self.headed
            self.headed |= {pair} if pair else set()
            self.nodes |= kept
            self.changes.append(Arrived(tuple(kept), beside, sort, heads))

    def _take_off(self, key: str) -> None:
        self.roots.pop(key, None)
        self.pinned.discard(key)
        self.off.add(key)
        self._tidy()

    def _led_to(self, key: str) -> list[str]:
        """The nodes on the picture that the open sorts of a node lead to."""
        sorts = [(sort, limit) for (node, sort), limit in self.open.items() if node == key]
        return [ref.key for sort, limit in sorts for ref in self.items(key, sort, limit)[0] if ref.key in self.nodes]

    def _tidy(self) -> None:
        """Take off what no open sort of anything that stays leads to."""
        stay: set[str] = set()
        todo = [key for key in (*self.roots, *self.pinned) if key in self.nodes]
        while todo:
            if (key := todo.pop()) not in stay:
                stay.add(key)
                todo += self._led_to(key)
        gone = tuple(key for key in self.nodes if key not in stay)
        self.open = {pair: limit for pair, limit in self.open.items() if pair[0] in stay}
        closed = tuple(sorted(self.headed - self.open.keys()))
        self.headed -= set(closed)
        self.nodes = {key: ref for key, ref in self.nodes.items() if key in stay}
        self.pinned &= stay
        self.changes.append(Left(gone, closed))


def exploration(network: Network, steps: Sequence[str]) -> Picture:
    """The picture after some steps.

    Raises:
        BadInput: A text is no step, or there are more than `MOST_STEPS`.
        NotFound: A node is none of the edition.
    """
    if len(steps) > MOST_STEPS:
        raise BadInput("do", f"{len(steps)} steps", f"at most {MOST_STEPS} steps")
    replay = _Replay(network)
    for text in steps:
        replay.take(parse(text))
    opened = []
    for (node, sort), limit in replay.open.items():
        refs, total = replay.items(node, sort, limit)
        shown = sum(1 for ref in refs if ref.key in replay.nodes)
        opened.append(Opened(node, sort, shown, total))
    return Picture(
        nodes=replay.nodes,
        changes=tuple(replay.changes),
        opened=tuple(opened),
        edges=edges_among(network, map(_split, replay.nodes)),
        pinned=frozenset(replay.pinned),
        full=replay.full,
    )
