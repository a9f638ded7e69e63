"""Counting the ones in each column of a table of bits, without unpacking it: bit-sliced, by carry-save adders.

Three rows of one weight become a row of their sums and a row of their carries of twice the weight: five operations on
whole words, whatever stands in them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
_PIECE = 384  # rows at once: what is worked on stays in the processor's cache
_FEW = 24
_SMALL = 1 << 14  # words that are counted one by one sooner than by adders


class Tally:
    """Counts the ones of each column over all rows that are added."""

    def __init__(self, words: int) -> None:
        self.words = words
        self.waiting: list[list[Words]] = []  # rows of weight 1, 2, 4 …

    def add(self, rows: Words) -> None:
        """Count the rows of a table, shape (rows, words), which must not change until `counts`."""
        for first in range(0, len(rows), _PIECE):
            self._put(0, rows[first : first + _PIECE])

    def _put(self, weight: int, rows: Words) -> None:
        while len(self.waiting) <= weight:
            self.waiting.append([])
        self.waiting[weight].append(rows)
        rows_waiting = sum(map(len, self.waiting[weight]))
        if rows_waiting >= _PIECE and rows_waiting * self.words > _SMALL:
            self._reduce(weight, _FEW)

    def _reduce(self, weight: int, most: int) -> None:
        """Leave at most so many rows of a weight, two or more; the carries go to the next."""
        found = self.waiting[weight]
        rows = found[0] if len(found) == 1 else np.concatenate(found)
        self.waiting[weight] = []
        while len(rows) > most:
            third = len(rows) // 3
            a, b, c = rows[:third], rows[third : 2 * third], rows[2 * third : 3 * third]
            odd = a ^ b
            carry = a & b
            carry |= odd & c
            odd ^= c
            rows = np.concatenate((odd, rows[3 * third :]))
            self._put(weight + 1, carry)
        self.waiting[weight].append(rows)

    def counts(self, columns: int) -> NDArray[np.int64]:
        """The number of ones in each of the first columns; the tally is used up."""
        found = np.zeros(columns, np.int64)
        weight = 0
        while weight < len(self.waiting):
            if sum(map(len, self.waiting[weight])) * self.words > _SMALL:
                self._reduce(weight, 2)
            for rows in self.waiting[weight]:
                bits = np.unpackbits(rows.view(np.uint8), axis=1, bitorder="little", count=columns)
                found += bits.sum(axis=0, dtype=np.uint32).astype(np.int64) << weight
            weight += 1
        return found
