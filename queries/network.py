"""The network of an edition in arrays: products, firms, places, supplies rows, slots (measures §1).

Everything is an index into a sorted tuple of ids. A list for each of n things is a pair of arrays (`Lists`). The
network never changes; what is derived from it is computed once and kept with it (`derived`).
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from graph.errors import BadInput, NotFound
from graph.model import Facts, Firm, Product, Site, Supply

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

WEIGHTS = {"mass-production": 1.0, "small-batch": 0.5, "pilot": 0.25, "research": 0.1}
"""Capability weight w of measures §1; a row of unknown capability weighs 0 and is no evidence of a supplier."""

Radius = Literal["shanghai", "delta", "china", "world"]
RADII: tuple[Radius, ...] = ("shanghai", "delta", "china", "world")
DELTA = ("cn-sh", "cn-js", "cn-zj", "cn-ah")
_RADIUS_ROOTS: dict[str, tuple[str, ...]] = {"shanghai": ("cn-sh",), "delta": DELTA, "china": ("cn",)}
_SAME_AS = {"cn-sh": "shanghai", "cn": "china"}

Control = Literal["any", "domestic"]
CONTROLS: tuple[Control, ...] = ("any", "domestic")

_MOST_KEPT = 1024
_MOST_LARGE_KEPT = 32
_P = ParamSpec("_P")
_T = TypeVar("_T")


def _remembering(function: Callable[Concatenate[Network, _P], _T], most: int) -> Callable[Concatenate[Network, _P], _T]:
    @wraps(function)
    def remembered(network: Network, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        key = (args, tuple(sorted(kwargs.items())))
        with network.lock:
            kept = network.kept.setdefault(function, OrderedDict())
            if key in kept:
                kept.move_to_end(key)
                found: _T = kept[key]
                return found
        answer = function(network, *args, **kwargs)  # outside the lock: two threads may both do it, to the same end
        with network.lock:
            kept[key] = answer
            if len(kept) > most:
                kept.popitem(last=False)
        return answer

    return remembered


def derived(function: Callable[Concatenate[Network, _P], _T]) -> Callable[Concatenate[Network, _P], _T]:
    """Compute a measure once for each network and arguments; arguments must be hashable."""
    return _remembering(function, _MOST_KEPT)


def derived_large(function: Callable[Concatenate[Network, _P], _T]) -> Callable[Concatenate[Network, _P], _T]:
    """As `derived`, for answers of a megabyte or so: only the latest are kept."""
    return _remembering(function, _MOST_LARGE_KEPT)


@dataclass(frozen=True, slots=True)
class Lists:
    """A list of indices for each of n things: those of thing i are `items[starts[i]:starts[i + 1]]`."""

    starts: Ints
    items: Ints

    @classmethod
    def of(cls, lists: Sequence[Iterable[int]]) -> Lists:
        """Pack Python lists."""
        packed = [np.fromiter(items, np.int32) for items in lists]
        starts = np.zeros(len(packed) + 1, np.int32)
        np.cumsum([len(items) for items in packed], out=starts[1:])
        return cls(starts, np.concatenate(packed) if packed else np.zeros(0, np.int32))

    def __getitem__(self, at: int) -> Ints:
        return self.items[self.starts[at] : self.starts[at + 1]]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def lengths(self) -> Ints:
        """Number of items of each thing."""
        return np.diff(self.starts).astype(np.int32)

    def owners(self) -> Ints:
        """For each item the thing that it belongs to."""
        return np.repeat(np.arange(len(self), dtype=np.int32), self.lengths())

    def turned(self, size: int) -> Lists:
        """The other way round: for each of `size` items the things whose list holds it."""
        order = np.argsort(self.items, kind="stable")
        starts = np.zeros(size + 1, np.int32)
        np.cumsum(np.bincount(self.items, minlength=size), out=starts[1:])
        return Lists(starts, self.owners()[order])


def any_of(flags: Bools, lists: Lists) -> Bools:
    """For each thing whether any item of its list is flagged; an empty list is not."""
    return np.bincount(lists.owners(), weights=flags[lists.items], minlength=len(lists)) > 0


@dataclass(frozen=True, slots=True)
class Slot:
    """A need of a product: any one of the members meets it."""

    product: int
    name: str
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Placing:
    """Why a supplies row stands at a place: a site, or else the firm's own row."""

    place: int
    site: int | None


class Network:
    """The arrays of one edition.

    Attributes:
        facts: What it was made of.
        products, firms, places: Ids; places are the regions, then the parks.
        kinds: For each product itself and all its variants, transitively.
        row_firm, row_product, row_weight: For each supplies row its firm, product and capability weight.
        known: For each product whether any supplier of it is known.
        row_places: For each supplies row the places where the thing is made.
        claims: For each product the supplies rows of its `kinds`, by firm.
        slots: The needs of all products, by product.
    """

    def __init__(self, facts: Facts, edition: str = "") -> None:
        self.facts = facts
        self.edition = edition
        self.kept: dict[Any, OrderedDict[Any, Any]] = {}
        self.lock = threading.Lock()
        self.product_rows: tuple[Product, ...] = tuple(sorted(facts.products, key=lambda row: row.id))
        self.products = tuple(row.id for row in self.product_rows)
        self.product_at = {name: at for at, name in enumerate(self.products)}
        self.firm_rows: tuple[Firm, ...] = tuple(sorted(facts.firms, key=lambda row: row.id))
        self.firms = tuple(row.id for row in self.firm_rows)
        self.firm_at = {name: at for at, name in enumerate(self.firms)}
        self._read_places()
        self._read_kinds()
        self._read_rows()
        self._read_inputs()
        self._read_chains()

    # -- reading the facts ----------------------------------------------------------------------------------------

    def _read_places(self) -> None:
        regions, parks = self.facts.regions, self.facts.parks
        self.places = (*(row.id for row in regions), *(row.id for row in parks))
        self.region_at = {row.id: at for at, row in enumerate(regions)}
        self.park_at = {row.id: len(regions) + at for at, row in enumerate(parks)}
        above: list[list[int]] = [[self.region_at[row.parent_id]] if row.parent_id else [] for row in regions]
        above += [
            [self.region_at[park.region_id], *([self.park_at[park.part_of]] if park.part_of else [])] for park in parks
        ]
        self.place_above = Lists.of(above)
        size = len(self.places)
        self.inside = np.zeros((size, size), np.bool_)  # inside[a, b]: place a lies in place b, or is it
        for at in range(size):
            todo = [at]
            while todo:
                place = todo.pop()
                if not self.inside[at, place]:
                    self.inside[at, place] = True
                    todo += above[place]

    def _read_kinds(self) -> None:
        below: list[list[int]] = [[] for _ in self.products]
        for at, row in enumerate(self.product_rows):
            for parent in row.variant_of:
                below[self.product_at[parent]].append(at)
        self.variants = Lists.of(below)
        kinds: list[Iterable[int]] = [(at,) for at in range(len(self.products))]
        for at, children in enumerate(below):
            if children:
                kinds[at] = sorted(_reach(at, below))
        self.kinds = Lists.of(kinds)

    def _read_rows(self) -> None:
        self.supplies: tuple[Supply, ...] = tuple(
            sorted(self.facts.supplies, key=lambda row: (row.firm_id, row.product_id))
        )
        self.sites: tuple[Site, ...] = self.facts.sites
        self.row_firm = np.fromiter((self.firm_at[row.firm_id] for row in self.supplies), np.int32)
        self.row_product = np.fromiter((self.product_at[row.product_id] for row in self.supplies), np.int32)
        self.row_weight = np.fromiter((_weight(row) for row in self.supplies), np.float64)
        self.firm_domestic = np.fromiter((row.economy_id == "cn" for row in self.firm_rows), np.bool_)
        plants: dict[str, list[int]] = defaultdict(list)
        seats: dict[str, list[int]] = defaultdict(list)
        for at, site in enumerate(self.sites):
            if site.kind == "plant":
                plants[site.firm_id].append(at)
            elif site.kind == "hq":
                seats[site.firm_id].append(at)
        self.placings: list[tuple[Placing, ...]] = [
            self._place(row, plants[row.firm_id], seats[row.firm_id]) for row in self.supplies
        ]
        self.row_places = Lists.of([[placing.place for placing in placings] for placings in self.placings])
        rows_of = Lists(np.arange(len(self.supplies) + 1, dtype=np.int32), self.row_product).turned(len(self.products))
        self.product_own_rows = rows_of
        claims: list[Ints] = []
        for at in range(len(self.products)):
            found = np.concatenate([rows_of[kind] for kind in self.kinds[at]])
            claims.append(found[np.argsort(self.row_firm[found], kind="stable")])
        self.claims = Lists.of(claims)
        self.known = any_of(self.row_weight > 0, self.claims)

    def place_of(self, place_id: str) -> int:
        """The place that a site names: a park, or else a region."""
        return self.park_at[place_id] if place_id in self.park_at else self.region_at[place_id]

    def _place(self, row: Supply, plants: list[int], seats: list[int]) -> tuple[Placing, ...]:
        fit = [at for at in plants if not self.sites[at].product_ids or row.product_id in self.sites[at].product_ids]
        if found := fit or seats:
            return tuple(Placing(self.place_of(self.sites[at].place_id), at) for at in found)
        firm = self.firm_rows[self.firm_at[row.firm_id]]
        seat = firm.hq_region_id or firm.economy_id
        return (Placing(self.region_at[seat], None),) if seat else ()

    def _read_inputs(self) -> None:
        self.inputs = tuple(sorted(self.facts.inputs, key=lambda row: (row.product_id, row.group or "", row.input_id)))
        members: dict[tuple[int, str], list[int]] = defaultdict(list)
        for row in self.inputs:
            if row.slot is not None:
                # A group may bear the id of a product: keep the two apart, they are different needs.
                key = (self.product_at[row.product_id], ("g:" if row.group else "i:") + row.slot)
                members[key].append(self.product_at[row.input_id])
        self.slots = tuple(
            Slot(product, name[2:], tuple(sorted(found))) for (product, name), found in sorted(members.items())
        )
        self.slot_members = Lists.of([slot.members for slot in self.slots])
        by_product: list[list[int]] = [[] for _ in self.products]
        for at, slot in enumerate(self.slots):
            by_product[slot.product].append(at)
        self.product_slots = Lists.of(by_product)

    def _read_chains(self) -> None:
        self.segment_rows = {row.id: row for row in self.facts.segments}
        self.chain_rows = {row.id: row for row in self.facts.chains}
        by_chain: dict[str, set[int]] = {row.id: set() for row in self.facts.chains}
        for at, product in enumerate(self.product_rows):
            for segment in product.segment_ids:
                by_chain[self.segment_rows[segment].chain_id].add(at)
        self.chain_finals = {
            row.id: tuple(sorted(self.product_at[name] for name in row.final_product_ids)) for row in self.facts.chains
        }
        self.chain_products = {
            name: tuple(sorted(found | set(self.chain_finals[name]))) for name, found in by_chain.items()
        }
        self.product_chains = self._chains_by_product()

    def _chains_by_product(self) -> tuple[tuple[str, ...], ...]:
        found: list[list[str]] = [[] for _ in self.products]
        for name in sorted(self.chain_products):
            for at in self.chain_products[name]:
                found[at].append(name)
        return tuple(map(tuple, found))

    # -- words that recur ------------------------------------------------------------------------------------------

    def product(self, product_id: str) -> int:
        """Index of a product.

        Raises:
            NotFound: With near matches.
        """
        return _index(self.product_at, "product", product_id)

    def firm(self, firm_id: str) -> int:
        """Index of a firm.

        Raises:
            NotFound: With near matches.
        """
        return _index(self.firm_at, "firm", firm_id)

    def study(self, chain: str | None) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The products under study and the finals among them: of a chain, or of the whole network.

        Raises:
            NotFound: There is no such chain.
        """
        if chain is None:
            finals = sorted({at for found in self.chain_finals.values() for at in found})
            return tuple(range(len(self.products))), tuple(finals)
        if chain not in self.chain_rows:
            raise NotFound("chain", chain, near(chain, self.chain_rows))
        return self.chain_products[chain], self.chain_finals[chain]

    def region_name(self, region: str) -> str:
        """The name under which a region is computed: `cn` and `cn-sh` are the radii `china` and `shanghai`.

        Raises:
            NotFound: It is neither a radius, a region nor a park.
        """
        name = _SAME_AS.get(region, region)
        if name in RADII or name in self.region_at or name in self.park_at:
            return name
        raise NotFound("region", region, near(region, [*RADII, *self.region_at, *self.park_at]))

    def places_in(self, region: str) -> Bools:
        """For each place whether it lies in a radius, region or park."""
        name = self.region_name(region)
        if name == "world":
            return np.ones(len(self.places), np.bool_)
        if name in _RADIUS_ROOTS:
            roots = [self.region_at[root] for root in _RADIUS_ROOTS[name] if root in self.region_at]
        else:
            roots = [self.region_at[name] if name in self.region_at else self.park_at[name]]
        return np.asarray(self.inside[:, roots].any(axis=1), np.bool_)

    def rows_in(self, region: str) -> Bools:
        """For each supplies row whether it has a place in a radius, region or park."""
        return _rows_in(self, self.region_name(region))

    def radii_around(self, region: str) -> tuple[str, ...]:
        """The region itself and the radii that hold it, the smallest first; the world is the last (measures §4)."""
        name = self.region_name(region)
        if name in RADII:
            return RADII[RADII.index(name) :]
        there = self.places_in(name)
        return (name, *(radius for radius in RADII if bool((self.places_in(radius) | ~there).all())))

    @cached_property
    def checked(self) -> Network:
        """The network without the supplies and sites rows of low confidence (measures §11); itself if it has none."""
        supplies = tuple(row for row in self.facts.supplies if row.confidence != "low")
        sites = tuple(row for row in self.facts.sites if row.confidence != "low")
        if len(supplies) == len(self.facts.supplies) and len(sites) == len(self.facts.sites):
            return self
        return Network(replace(self.facts, supplies=supplies, sites=sites), self.edition)


@derived
def _rows_in(network: Network, region: str) -> Bools:
    if region == "world":  # also where nobody knows the place
        return np.ones(len(network.supplies), np.bool_)
    return any_of(network.places_in(region), network.row_places)


def _weight(row: Supply) -> float:
    return 0.0 if row.capability is None else WEIGHTS[row.capability]


def _reach(start: int, follow: Sequence[Iterable[int]]) -> set[int]:
    found, todo = {start}, [start]
    while todo:
        for there in follow[todo.pop()]:
            if there not in found:
                found.add(there)
                todo.append(there)
    return found


def near(name: str, names: Iterable[str], limit: int = 5) -> tuple[str, ...]:
    """The names that are spelled most like one that does not exist."""
    from rapidfuzz import fuzz, process

    found = process.extract(name, list(names), scorer=fuzz.WRatio, limit=limit, score_cutoff=70)
    return tuple(match[0] for match in found)


def _index(ids: dict[str, int], kind: str, name: str) -> int:
    if name not in ids:
        raise NotFound(kind, name, near(name, ids))
    return ids[name]


def one_of(name: str, value: str, allowed: Iterable[str]) -> str:
    """A parameter that must be one of a few words.

    Raises:
        BadInput: It is none of them.
    """
    words = tuple(allowed)
    if value not in words:
        raise BadInput(name, value, "one of " + ", ".join(words))
    return value


def ids_of(network: Network, products: Iterable[int]) -> Iterator[str]:
    """The ids of products."""
    return (network.products[at] for at in products)
