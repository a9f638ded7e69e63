"""What can go wrong in the domain and its stores.

    LiantuError
    ├── NotFound            an id, edition or question that does not exist
    │   └── NothingLoaded   the store is empty
    ├── BadInput            a value that is not allowed
    │   └── BadArchive      an edition's file that cannot be read
    ├── StoreError
    │   ├── StoreAway       the store cannot be reached or opened
    │   ├── StoreRefused    the store holds what is not ours, or has no room
    │   ├── LoadInProgress  another load holds the store
    │   └── EditionChanged  another load ended first; read the edition again
    └── QueryError          the store refused or failed a statement
        ├── QueryTimeout    the statement ran out of time
        └── QueryForbidden  the statement would write, read files or call out

Each message says what, where and what to do; the values are attributes. None of them knows of HTTP.
"""

from __future__ import annotations

from typing import Any


class LiantuError(Exception):
    """Root of all errors that the project raises on purpose."""

    def __reduce__(self) -> tuple[Any, ...]:
        """How an error goes from one process to another: as it is, without being made anew."""
        return _again, (type(self), self.args), vars(self)


def _again(kind: type[LiantuError], args: tuple[Any, ...]) -> LiantuError:
    error = kind.__new__(kind)
    error.args = args
    return error


class NotFound(LiantuError):
    """Something was asked for by a name that nothing has."""

    def __init__(self, kind: str, name: str, near: tuple[str, ...] = ()) -> None:
        self.kind, self.name, self.near = kind, name, near
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        super().__init__(f"There is no {kind} {name!r}.{hint}")


class NothingLoaded(NotFound):
    """The store holds no edition yet."""

    def __init__(self, url: str) -> None:
        super().__init__("edition", "current")
        self.url = url
        self.args = (f"Nothing is loaded into {url} yet. Load the facts with: liantu load",)


class BadInput(LiantuError):
    """A value that is not allowed."""

    def __init__(self, name: str, value: object, allowed: str) -> None:
        self.name, self.value, self.allowed = name, value, allowed
        super().__init__(f"{name} = {value!r} is not allowed. Use {allowed}.")


class BadArchive(LiantuError):
    """The file of an edition is damaged or of a future version."""

    def __init__(self, where: str, reason: str) -> None:
        self.where, self.reason = where, reason
        super().__init__(f"The archive of edition {where} cannot be read: {reason}. Load the facts again.")


class StoreError(LiantuError):
    """Root of what stores raise."""


class StoreAway(StoreError):
    """The store cannot be reached or opened."""

    def __init__(self, url: str, reason: str, advice: str = "Check the address and that the store runs.") -> None:
        self.url, self.reason = url, reason
        super().__init__(f"The store {url} is away: {reason} {advice}")


class StoreRefused(StoreError):
    """The load would touch what is not ours, or there is no room for it."""


class LoadInProgress(StoreError):
    """Another load holds the store."""

    def __init__(self, url: str, waited_s: float) -> None:
        self.url, self.waited_s = url, waited_s
        super().__init__(f"Another load holds {url}; waited {waited_s:.0f} s. Run the load again when it has ended.")


class EditionChanged(StoreError):
    """The edition that a load was laid over is no longer the current one."""

    def __init__(self, expected: str | None, found: str | None) -> None:
        self.expected, self.found = expected, found
        super().__init__(f"Edition {expected} was replaced by {found} during the load. Run the load again.")


class QueryError(LiantuError):
    """A statement failed."""


class QueryTimeout(QueryError):
    """A statement ran out of time."""

    def __init__(self, timeout_s: float) -> None:
        self.timeout_s = timeout_s
        super().__init__(f"The statement took longer than {timeout_s:g} s and was stopped. Ask for less.")


class QueryForbidden(QueryError):
    """A statement that would write, read files or call out."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"Only reading statements are allowed: {reason}")
