"""Systemic risk of firms 企业系统性风险 (ESRI, measures §10): how much of all sales is lost when one firm fails.

Diem, Borsos, Reisch, Kertész, Thurner, Scientific Reports 12:7719 (2022).

What is kept is the loss 1 − h and not h: it is 0 for firms that are not reached, and small losses keep their digits.
Scenarios, one a firm, are the columns of a block; a column whose firm is done is taken over by the next firm. The first
steps of a column touch few firms and go along their links alone (`_Block.start`); later ones sweep all (`sweep`).
Upstream losses are linear: once all of them shrink by one factor the rest is a geometric series (`_Block._leap`).
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np

from graph.errors import BadInput
from queries.network import Bools
from queries.sales import Floats, Ints, Sales, read_sales
from queries.sales_sums import FOLD, Matrices, fold, slices

__all__ = ["EPS", "FirmRisk", "Sales", "SystemicRisk", "read_sales", "systemic_risk"]

EPS = 1e-6
"""Where the iteration stops unless told otherwise. It is not the error of the result."""

_LEAST_EPS = 1e-12
_COLUMNS = 64  # scenarios at once: rows of a block fill whole cache lines, and a slice of it fits the cache
_MEMORY = 120_000_000  # bytes that a block may take
_SPARSE = 0.02  # share of all links up to which following single links is faster than sweeping all
_LEAP_EVERY = 16  # sweeps between two looks whether a column can leap
_LEAP_ERROR = 1e-10  # most that a leap may be off
_NOTHING = 1e-18  # growth up to it is left out of a leap
_ROUNDING = 1e-15  # changes up to it are rounding


@dataclass(frozen=True, slots=True)
class FirmRisk:
    """What the failure of a firm takes from all sales, 0..1: in all, down to its buyers, and up to its suppliers."""

    id: str
    esri: float
    esri_down: float
    esri_up: float


@dataclass(frozen=True, slots=True)
class SystemicRisk:
    """The answer for all firms.

    Attributes:
        firms: The firms in the order of the network; without `complete` those that were done in time.
        eps: Where the iteration stopped.
        substitution: Whether firms of a sector with a small share of it are easily replaced.
        iterations: Steps of the firm that took the most.
        complete: Whether all firms are there.
    """

    firms: tuple[FirmRisk, ...]
    eps: float
    substitution: bool
    iterations: int
    complete: bool


# -- scenarios ---


class _Block:
    """Scenarios side by side: arrays of firms × columns, a column for the failure of one firm.

    Attributes:
        down, up: Losses 1 − h of each firm so far.
        growth: By how much `up` grew in the last step.
        failing: For each column the firm that fails, or -1 where the column is free.
        steps: For each column the steps made.
    """

    def __init__(self, matrices: Matrices, columns: int, *, substitution: bool) -> None:
        self._of, self._substitution = matrices, substitution
        self.failing = np.full(columns, -1)
        self.steps = np.zeros(columns, np.int64)
        self.down, self.up, self.growth = (np.zeros((matrices.firms, columns)) for _ in range(3))
        self._sweeps = 0
        self._make_room()

    def _make_room(self) -> None:
        matrices, columns = self._of, len(self.failing)
        self._spare = np.zeros((matrices.firms, columns))
        self._lost = np.zeros((matrices.groups, columns))  # by group
        self._left = np.zeros((matrices.sectors, columns))  # by sector
        self._mark = np.zeros(matrices.firms * columns, np.int32)

    def narrow(self, columns: Ints) -> None:
        """Keep these columns alone."""
        self.failing, self.steps = self.failing[columns], self.steps[columns]
        self.down, self.up, self.growth = (
            np.ascontiguousarray(a[:, columns]) for a in (self.down, self.up, self.growth)
        )
        self._make_room()

    def collect(self, columns: Ints) -> Floats:
        """The losses of all sales in some columns, which are free from now on: in all, down and up."""
        self.failing[columns] = -1
        down, up, share = self.down.take(columns, axis=1), self.up.take(columns, axis=1), self._of.share
        return np.minimum(1.0, [share @ np.maximum(down, up), share @ down, share @ up])

    # -- a step of all columns ---

    def sweep(self, eps: float) -> Ints:
        """One step of every column; the columns that are done."""
        self.steps += 1
        self._sweeps += 1
        grown_down = self._sweep_down()
        grown_up = self._sweep_up()
        taken = self.failing >= 0
        done = taken & (np.maximum(grown_down, grown_up) <= eps)
        if self._sweeps % _LEAP_EVERY == 0:
            settled = taken & ~done & (grown_down <= _ROUNDING)
            for column in np.flatnonzero(settled).tolist():
                done[column] = self._leap(column, eps)
        return np.flatnonzero(done)

    def _leap(self, column: int, eps: float) -> bool:
        """Go to the end of a column at once, if that is known well enough.

        One step takes the growth g to M g, and M has no entry below 0. So a g ≤ M g ≤ b g gives aᵏ g ≤ Mᵏ g ≤ bᵏ g,
        and the sums of all further steps lie between two geometric series.
        """
        before, growth = self._spare[:, column], self.growth[:, column]
        known = before > _NOTHING
        ratios = growth[known] / before[known]
        if not 0 < ratios.min() <= ratios.max() < 1 or np.any(growth[~known] > _NOTHING):
            return False
        logs = np.log([ratios.min(), ratios.max()])
        greatest = growth.max()
        steps = np.ceil(math.log(eps / greatest) / logs)
        sums = np.exp(logs) * np.expm1(steps * logs) / np.expm1(logs)
        if steps[0] != steps[1] or (sums[1] - sums[0]) * greatest > _LEAP_ERROR:
            return False
        self.up[:, column] += growth * sums.mean()
        self.steps[column] += int(steps[0])
        return True

    def _fail(self, block: Floats, value: float) -> None:
        taken = np.flatnonzero(self.failing >= 0)
        block[self.failing[taken], taken] = value

    def _sweep_up(self) -> Floats:
        self._of.up.times(self.growth, self._spare)
        self._fail(self._spare, 0.0)
        self.growth, self._spare = self._spare, self.growth
        self.up += self.growth
        greatest = np.zeros((FOLD, self.up.shape[1]))
        fold(greatest, self.growth)
        found: Floats = greatest.max(axis=0)
        return found

    def _replaced(self) -> Floats:
        """What each firm's loss takes from its sector after others stepped in: σ (1 − h)."""
        if not self._substitution:
            return self.down
        matrices, width = self._of, self.down.shape[1]
        matrices.sector_sum.times(self.down, self._left)
        _weigh(np.subtract(matrices.sector_size[:, None], self._left, out=self._left))
        for low, high in slices(matrices.firms, width):
            cut = slice(low, high)
            share = self._left.take(matrices.sector[cut], axis=0, mode="clip")
            share *= matrices.size[cut, None]
            np.minimum(share, 1.0, out=share)
            np.multiply(share, self.down[cut], out=self._spare[cut])
        return self._spare

    def _sweep_down(self) -> Floats:
        matrices, width = self._of, self.down.shape[1]
        matrices.down.times(self._replaced(), self._lost)
        greatest = np.zeros((FOLD, width))
        for firms, groups in matrices.worst:
            for low, high in slices(len(firms), width):
                after = self._lost.take(groups[0, low:high], axis=0, mode="clip")
                for more in groups[1:, low:high]:
                    np.maximum(after, self._lost.take(more, axis=0, mode="clip"), out=after)
                np.minimum(after, 1.0, out=after)
                before = self.down.take(firms[low:high], axis=0, mode="clip")
                self.down[firms[low:high]] = after
                fold(greatest, np.subtract(after, before, out=after))
        self._fail(self.down, 1.0)
        found: Floats = greatest.max(axis=0)
        return found

    # -- the first steps of a few columns ---

    def start(self, columns: Ints, firms: Ints, eps: float) -> Bools:
        """Let firms fail in free columns, and step as long as few links are reached; which of them are done."""
        width = len(self.failing)
        kept = np.ones(width)
        kept[columns] = 0
        for block in (self.down, self.up, self.growth):
            block *= kept
        self.failing[columns], self.steps[columns] = firms, 0
        self.down[firms, columns] = self.up[firms, columns] = 1.0
        up = down = firms * width + columns
        growth = np.ones(len(firms))
        running = np.ones(width, np.bool_)
        while self._few(up, down, int(running[columns].sum())):
            self.steps[columns[running[columns]]] += 1
            greatest = np.zeros(width)
            up, growth = self._follow_up(up, growth, greatest)
            down = self._follow_down(down, greatest)
            running[columns[greatest[columns] <= eps]] = False
            still = running[up % width]
            up, growth, down = up[still], growth[still], down[running[down % width]]
        self.growth.reshape(-1)[up] = growth
        return ~running[columns]

    def _few(self, up: Ints, down: Ints, columns: int) -> bool:
        width, matrices = len(self.failing), self._of
        links = matrices.suppliers.count[up // width].sum() + matrices.buyers.count[down // width].sum()
        return columns > 0 and bool(links <= _SPARSE * columns * len(matrices.suppliers.other))

    def _once(self, places: Ints) -> Ints:
        """The places without repetition, in linear time."""
        order = np.arange(len(places), dtype=np.int32)
        self._mark[places] = order
        once: Ints = places[self._mark[places] == order]
        return once

    def _follow_up(self, places: Ints, growth: Floats, greatest: Floats) -> tuple[Ints, Floats]:
        width, scratch = len(self.failing), self.growth.reshape(-1)
        links = self._of.suppliers
        at, place = links.of(places // width)
        column = (places % width)[place]
        can_lose = self.failing[column] != links.other[at]
        at, place, column = at[can_lose], place[can_lose], column[can_lose]
        target = links.other[at] * width + column
        np.add.at(scratch, target, links.weight[at] * growth[place])
        target = self._once(target)
        growth = scratch[target]
        scratch[target] = 0
        self.up.reshape(-1)[target] += growth
        np.maximum.at(greatest, target % width, growth)
        return target, growth

    def _shares(self, firms: Ints, columns: Ints, loss: Floats) -> Floats:
        if not self._substitution:
            return loss
        matrices, width, scratch = self._of, len(self.failing), self._left.reshape(-1)
        place = matrices.sector[firms] * width + columns
        scratch[place] = matrices.sector_size[matrices.sector[firms]]
        np.subtract.at(scratch, place, matrices.size[firms] * loss)
        return np.minimum(1.0, matrices.size[firms] * _weigh(scratch[place])) * loss

    def _follow_down(self, places: Ints, greatest: Floats) -> Ints:
        width, lost, down = len(self.failing), self._lost.reshape(-1), self.down.reshape(-1)
        firms, columns = places // width, places % width
        loss = self._shares(firms, columns, down[places])
        links = self._of.buyers
        at, place = links.of(firms)
        column = columns[place]
        group, target = links.group[at] * width + column, links.other[at] * width + column
        lost[group] = 0
        np.add.at(lost, group, links.weight[at] * loss[place])
        before = down[target]
        np.maximum.at(down, target, np.minimum(lost[group], 1.0))
        np.maximum.at(greatest, column, down[target] - before)
        return np.concatenate([places, self._once(target[(before == 0) & (down[target] > 0)])])


def _weigh(left: Floats) -> Floats:
    """1 / what a sector has left, in place; a factor beyond all bounds where it has nothing."""
    none = left <= 0
    left[none] = 1
    np.reciprocal(left, out=left)
    left[none] = 1e300
    return left


# -- the answer ---


def _width(matrices: Matrices) -> int:
    bytes_a_column = 8 * (6 * matrices.firms + matrices.groups + matrices.sectors)
    return max(1, min(_COLUMNS, matrices.firms, _MEMORY // bytes_a_column))


def systemic_risk(
    sales: Sales, eps: float = EPS, *, substitution: bool = True, budget_s: float | None = None
) -> SystemicRisk:
    """The share of all sales that is lost when a firm fails, for every firm.

    Args:
        sales: The network, from `read_sales`.
        eps: The iteration of a firm stops when no firm loses more than this in a step, 1e-12 to below 1. It is not
            the error: each of many steps may add that much. Compare figures of one `eps` only.
        substitution: Whether a firm is replaced the more easily, the smaller its part of its sector.
        budget_s: Wall time after which the answer holds the firms done so far; no bound without it.

    Raises:
        BadInput: `eps` is out of its range.
    """
    if not _LEAST_EPS <= eps < 1:
        raise BadInput("eps", eps, f"a number from {_LEAST_EPS:g} to below 1")
    end = math.inf if budget_s is None else time.monotonic() + budget_s
    matrices = Matrices(sales)
    block = _Block(matrices, _width(matrices), substitution=substitution)
    found = np.full((3, matrices.firms), np.nan)
    queue, iterations = 0, 0

    def done(columns: Ints) -> None:
        nonlocal iterations
        if len(columns):
            iterations = max(iterations, int(block.steps[columns].max()))
            firms = block.failing[columns]
            found[:, firms] = block.collect(columns)

    while time.monotonic() < end:
        free = np.flatnonzero(block.failing < 0)
        fresh = free[: matrices.firms - queue]
        if len(fresh) and len(free) * 8 >= len(block.failing):
            done(fresh[block.start(fresh, np.arange(queue, queue + len(fresh)), eps)])
            queue += len(fresh)
            continue
        taken = np.flatnonzero(block.failing >= 0)
        if not len(taken):
            break
        if queue == matrices.firms and len(taken) * 2 <= len(block.failing):
            block.narrow(taken)
        done(block.sweep(eps))
    rows = found[:, matrices.rank].T.tolist()
    firms = tuple(FirmRisk(name, *row) for name, row in zip(sales.ids, rows, strict=True) if not math.isnan(row[0]))
    return SystemicRisk(firms, eps, substitution, iterations, len(firms) == matrices.firms)
