"""The network of an edition in arrays: products, firms, places, supplies rows, slots (measures §1).

Everything is an index into a sorted tuple of ids. A list for each of n things is a pair of arrays (`Lists`). The
network never changes; what is derived from it is computed once and kept with it (`derived`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from itertools import chain
from operator import attrgetter
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from graph.errors import BadInput, NotFound
from graph.model import Facts, Firm, Product, Site, Supply
from queries.kept import Kept

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

WEIGHTS = {"mass-production": 1.0, "small-batch": 0.5, "pilot": 0.25, "research": 0.1}
"""Capability weight w of measures §1; a row of unknown capability weighs 0 and is no evidence of a supplier."""

CAPABILITY_OF = {weight: capability for capability, weight in WEIGHTS.items()}

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
        kept: Kept[Any, _T] = network.kept.get(function) or network.kept.setdefault(function, Kept(most))
        key = (args, tuple(sorted(kwargs.items())))
        return kept.get(key, lambda: function(network, *args, **kwargs))

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
    def of(cls, lists: Sequence[Collection[int]]) -> Lists:
        """Pack Python lists."""
        lengths = np.fromiter(map(len, lists), np.int32, len(lists))
        return cls(_ends(lengths), np.fromiter(chain.from_iterable(lists), np.int32))

    @classmethod
    def grouped(cls, owners: Ints, items: Ints, size: int) -> Lists:
        """For each of `size` things the items that it owns, in the order in which they come."""
        order = np.argsort(owners, kind="stable")
        return cls(_ends(np.bincount(owners, minlength=size)), items[order])

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
        return Lists.grouped(self.items, self.owners(), size)

    def folded(self, operation: np.ufunc, values: NDArray[Any], empty: Any) -> NDArray[Any]:
        """For each thing the values of its items joined by an operation; `empty` where it has none.

        Args:
            operation: Of two values.
            values: One for each item of all lists.
            empty: A value.
        """
        some = self.lengths() > 0
        found = np.full(len(self), empty, values.dtype)
        if some.any():
            found[some] = operation.reduceat(values, self.starts[:-1][some])
        return found

    def part(self, things: NDArray[np.integer]) -> Lists:
        """The lists of some things."""
        first, lengths = self.starts[things], self.starts[things + 1] - self.starts[things]
        starts = _ends(lengths)
        return Lists(
            starts, self.items[np.arange(starts[-1], dtype=np.int32) + np.repeat(first - starts[:-1], lengths)]
        )

    def joined(self, things: NDArray[np.integer]) -> Ints:
        """The lists of some things, one after the other."""
        return self.part(things).items


def _ends(lengths: NDArray[Any]) -> Ints:
    starts = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=starts[1:])
    return starts


def any_of(flags: Bools, lists: Lists) -> Bools:
    """For each thing whether any item of its list is flagged; an empty list is not."""
    return np.bincount(lists.owners(), weights=flags[lists.items], minlength=len(lists)) > 0


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
        slot_product, slot_names, slot_members: For each need, by product and name, whose it is, its name, and the
            products any one of which meets it.
        product_slots: For each product its needs.
    """

    def __init__(self, facts: Facts, edition: str = "") -> None:
        self.facts = facts
        self.edition = edition
        self.kept: dict[Any, Kept[Any, Any]] = {}
        self.product_rows: tuple[Product, ...] = tuple(sorted(facts.products, key=attrgetter("id")))
        self.products = tuple(row.id for row in self.product_rows)
        self.product_at = {name: at for at, name in enumerate(self.products)}
        self.firm_rows: tuple[Firm, ...] = tuple(sorted(facts.firms, key=attrgetter("id")))
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
        size = len(self.products)
        pairs = [(self.product_at[up], at) for at, row in enumerate(self.product_rows) for up in row.variant_of]
        general, special = np.array(pairs, np.int32).reshape(-1, 2).T
        self.variants = Lists.grouped(general, special, size)
        below: dict[int, list[int]] = defaultdict(list)
        for up, at in pairs:
            below[up].append(at)
        kinds = [(up, at) for up in below for at in _reach(up, below)]
        kinds += [(at, at) for at in range(size) if at not in below]
        owner, kind = np.array(kinds, np.int32).reshape(-1, 2).T
        order = np.lexsort((kind, owner))
        self.kinds = Lists.grouped(owner[order], kind[order], size)

    def _read_rows(self) -> None:
        self.supplies: tuple[Supply, ...] = tuple(sorted(self.facts.supplies, key=attrgetter("firm_id", "product_id")))
        self.sites: tuple[Site, ...] = self.facts.sites
        self.row_firm = np.fromiter((self.firm_at[row.firm_id] for row in self.supplies), np.int32)
        self.row_product = np.fromiter((self.product_at[row.product_id] for row in self.supplies), np.int32)
        self.row_weight = np.fromiter((_weight(row) for row in self.supplies), np.float64)
        self.firm_domestic = np.fromiter((row.economy_id == "cn" for row in self.firm_rows), np.bool_)
        rows = np.arange(len(self.supplies), dtype=np.int32)
        self.product_own_rows = Lists.grouped(self.row_product, rows, len(self.products))
        self._place_rows()
        self._read_claims()

    def _place_rows(self) -> None:
        sites: dict[str, list[tuple[Site, Placing]]] = defaultdict(list)
        for at, site in enumerate(self.sites):
            sites[site.firm_id].append((site, Placing(self.place_of(site.place_id), at)))
        seats = [
            (Placing(self.region_at[seat], None),) if (seat := firm.hq_region_id or firm.economy_id) else ()
            for firm in self.firm_rows
        ]
        self.placings: list[tuple[Placing, ...]] = [
            _placings(row.product_id, sites[row.firm_id], seats[firm]) if row.firm_id in sites else seats[firm]
            for row, firm in zip(self.supplies, self.row_firm.tolist(), strict=True)
        ]
        self.row_places = Lists.of([[placing.place for placing in placings] for placings in self.placings])

    def _read_claims(self) -> None:
        """All rows of all kinds of each product, by firm."""
        own, kinds = self.product_own_rows, self.kinds
        rows = own.joined(kinds.items)
        owners = np.repeat(kinds.owners(), own.lengths()[kinds.items])
        order = np.lexsort((self.row_firm[rows], owners))
        self.claims = Lists.grouped(owners[order], rows[order], len(self.products))
        self.known = any_of(self.row_weight > 0, self.claims)

    def place_of(self, place_id: str) -> int:
        """The place that a site names: a park, or else a region."""
        return self.park_at[place_id] if place_id in self.park_at else self.region_at[place_id]

    def _read_inputs(self) -> None:
        self.inputs = tuple(sorted(self.facts.inputs, key=lambda row: (row.product_id, row.group or "", row.input_id)))
        # A group may bear the id of a product: keep the two apart, they are different needs.
        needs = sorted(
            (self.product_at[row.product_id], ("g:" if row.group else "i:") + row.slot, self.product_at[row.input_id])
            for row in self.inputs
            if row.slot is not None
        )
        members = np.fromiter((member for _, _, member in needs), np.int32)
        names = [(product, name) for product, name, _ in needs]
        new = np.fromiter((at == 0 or names[at - 1] != name for at, name in enumerate(names)), np.bool_)
        first = np.flatnonzero(new)
        self.slot_members = Lists(np.append(first, len(names)).astype(np.int32), members)
        self.slot_names = tuple(names[at][1][2:] for at in first.tolist())
        self.slot_product = np.fromiter((names[at][0] for at in first.tolist()), np.int32)
        slots = np.arange(len(first), dtype=np.int32)
        self.product_slots = Lists.grouped(self.slot_product, slots, len(self.products))

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
        found: list[tuple[str, ...]] = [()] * len(self.products)
        for name in sorted(self.chain_products):
            for at in self.chain_products[name]:
                found[at] = (*found[at], name)
        return tuple(found)

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


def _placings(product: str, sites: list[tuple[Site, Placing]], seat: tuple[Placing, ...]) -> tuple[Placing, ...]:
    """Where a firm makes a product: at its plants for it, else at its headquarters, else where its own row says."""
    plants = [(placing, site.product_ids) for site, placing in sites if site.kind == "plant"]
    fit = tuple(placing for placing, made in plants if not made or product in made)
    return fit or tuple(placing for site, placing in sites if site.kind == "hq") or seat


def _reach(start: int, follow: Mapping[int, Iterable[int]]) -> set[int]:
    found, todo = {start}, [start]
    while todo:
        for there in follow.get(todo.pop(), ()):
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
