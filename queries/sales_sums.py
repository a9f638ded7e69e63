"""The sums over a network of sales that systemic risk needs, for a block of scenarios at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from queries.sales import Floats, Ints, Sales

_SLICE = 32_768  # numbers gathered at once, a quarter of a megabyte
FOLD = 128  # rows to which the search for the greatest change folds a block


def _by_count(counts: Ints) -> Ints:
    """New numbers that put the least count first, so that rows of one length stand together."""
    rank = np.empty(len(counts), np.int64)
    rank[np.argsort(counts, kind="stable")] = np.arange(len(counts))
    return rank


def _starts(sorted_owner: Ints, owners: int) -> Ints:
    return np.searchsorted(sorted_owner, np.arange(owners + 1))


def slices(rows: int, numbers_a_row: int) -> Iterator[tuple[int, int]]:
    """Cuts rows into slices that fit the cache."""
    many = max(1, _SLICE // numbers_a_row)
    return ((low, min(low + many, rows)) for low in range(0, rows, many))


def fold(into: Floats, block: Floats) -> None:
    """Take the greatest of each column into some rows; the greatest of these is that of all."""
    for low in range(0, len(block), len(into)):
        part = block[low : low + len(into)]
        np.maximum(into[: len(part)], part, out=into[: len(part)])


class _Rows:
    """A sparse matrix whose rows stand by their length, the shortest first."""

    def __init__(self, row: Ints, column: Ints, value: Floats, rows: int) -> None:
        order = np.lexsort((column, row))
        self._column, self._value = column[order], value[order]
        self._gathered = np.empty(0)
        starts = _starts(row[order], rows)
        lengths = np.diff(starts)
        firsts = np.flatnonzero(np.diff(lengths, prepend=-1)).tolist()
        self._runs = [
            (first, last, int(lengths[first]), int(starts[first]))
            for first, last in zip(firsts, [*firsts, rows][1:], strict=True)
        ]

    def times(self, block: Floats, out: Floats) -> None:
        """The product with a block of columns; matrix products of equal rows are what numpy does fastest."""
        width = block.shape[1]
        room = max(_SLICE, width * max((length for _, _, length, _ in self._runs), default=0))
        if len(self._gathered) < room:
            self._gathered = np.empty(room)
        for first, last, length, start in self._runs:
            if not length:
                out[first:last] = 0
                continue
            sums = np.multiply if length == 1 else np.matmul
            for low, high in slices(last - first, length * width):
                cut = slice(start + low * length, start + high * length)
                columns = self._column[cut]
                gathered = self._gathered[: len(columns) * width]
                block.take(columns, axis=0, out=gathered.reshape(-1, width), mode="clip")
                weights = self._value[cut].reshape(high - low, 1, length)
                sums(
                    weights,
                    gathered.reshape(high - low, length, width),
                    out=out[first + low : first + high].reshape(high - low, 1, width),
                )


class _Links:
    """The links of each owner, to follow them one by one."""

    def __init__(self, owner: Ints, owners: int, weight: Floats, other: Ints, group: Ints) -> None:
        order = np.argsort(owner, kind="stable")
        self._starts = _starts(owner[order], owners)
        self.weight, self.other, self.group = weight[order], other[order], group[order]
        self.count = np.diff(self._starts)

    def of(self, owners: Ints) -> tuple[Ints, Ints]:
        """All links of some owners, and for each the place of its owner among them."""
        counts = self.count[owners]
        place = np.repeat(np.arange(len(owners)), counts)
        shift = self._starts[owners] - (np.cumsum(counts) - counts)
        return np.arange(len(place)) + shift[place], place


class Matrices:
    """What the sums of measures §10 need; firms, groups and sectors are renumbered by the length of their rows.

    A group is what a firm loses together: its inputs of one essential sector, or all that are not essential.
    """

    def __init__(self, sales: Sales) -> None:
        self.firms = firms = len(sales.ids)
        self.rank = _by_count(np.bincount(sales.seller, minlength=firms))
        seller, buyer, weight = self.rank[sales.seller], self.rank[sales.buyer], sales.weight
        self.size: Floats = np.bincount(seller, weight, firms).astype(np.float64)
        self.share = self.size / self.size.sum()
        self._set_sectors(sales.sector)
        up = weight / self.size[seller]
        self.up = _Rows(seller, buyer, up, firms)
        self.suppliers = _Links(buyer, firms, up, seller, seller)
        self._set_groups(seller, buyer, weight, sales.need)

    def _set_sectors(self, of_firm: Ints) -> None:
        rank = _by_count(np.bincount(of_firm))
        self.sector = np.empty(self.firms, np.int64)
        self.sector[self.rank] = rank[of_firm]
        self.sectors = len(rank)
        self.sector_sum = _Rows(self.sector, np.arange(self.firms), self.size, self.sectors)
        self.sector_size = np.bincount(self.sector, self.size, self.sectors)

    def _set_groups(self, seller: Ints, buyer: Ints, weight: Floats, need: Ints) -> None:
        sector = np.where(need == 2, self.sector[seller], self.sectors)
        _, bundle = np.unique(buyer * (self.sectors + 1) + self.sector[seller], return_inverse=True)
        same_sector = np.bincount(bundle, weight)[bundle]
        inputs = np.bincount(buyer, weight, self.firms)[buyer]
        down = weight / np.where(need == 2, same_sector, inputs)

        counts = need > 0
        seller, buyer, down = seller[counts], buyer[counts], down[counts]
        keys, group = np.unique(buyer * (self.sectors + 1) + sector[counts], return_inverse=True)
        rank = _by_count(np.bincount(group, minlength=len(keys)))
        group, owner = rank[group], np.empty(len(keys), np.int64)
        owner[rank] = keys // (self.sectors + 1)
        self.groups = len(keys)
        self.down = _Rows(group, seller, down, self.groups)
        self.buyers = _Links(seller, self.firms, down, buyer, group)
        self.worst = self._runs_of_groups(owner)

    def _runs_of_groups(self, owner: Ints) -> list[tuple[Ints, Ints]]:
        """Firms with equally many groups, and these as a matrix of groups × firms."""
        order = np.argsort(owner, kind="stable")
        counts = np.bincount(owner, minlength=self.firms)
        starts = np.cumsum(counts) - counts
        found = []
        for count in np.unique(counts[counts > 0]).tolist():
            firms = np.flatnonzero(counts == count)
            found.append((firms, order[starts[firms] + np.arange(count)[:, None]]))
        return found
