"""The latest answers by key, each computed once for all who ask."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_K = TypeVar("_K", bound=Hashable)
_T = TypeVar("_T")


class Kept(Generic[_K, _T]):
    """The latest answers by key; safe to use from several threads.

    Args:
        most: Number of answers that are kept; the one that was not asked for longest goes first.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[_K, _T] = OrderedDict()
        self._coming: dict[_K, threading.RLock] = {}
        self._lock = threading.Lock()

    def get(self, key: _K, make: Callable[[], _T]) -> _T:
        """The answer under a key; where there is none it is made, and who asks meanwhile waits for it.

        An error is for who makes the answer; those who waited try for themselves. To make one may ask for others, as
        long as none in the end asks for itself.
        """
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
            coming = self._coming.setdefault(key, threading.RLock())
        with coming:
            with self._lock:
                if key in self._found:
                    return self._found[key]
            try:
                answer = make()
                with self._lock:
                    self._found[key] = answer
                    if len(self._found) > self._most:
                        self._found.popitem(last=False)
            finally:
                self._coming.pop(key, None)
        return answer
