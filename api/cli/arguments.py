"""How commands are declared, what several of them take, and the store and the network that they ask."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graph.store import Store
    from queries.network import Network

DONE, FINDINGS, WRONG_USE, AWAY = 0, 1, 2, 3

Run = Callable[[argparse.Namespace], int]
Command = Callable[[str, Run, str], argparse.ArgumentParser]
"""Declares a command by its name, what runs it, and its help."""


def add_edition(parser: argparse.ArgumentParser) -> None:
    """An edition other than the current one."""
    parser.add_argument("--edition", help="id of an edition (the current one)")


def add_reading(parser: argparse.ArgumentParser) -> None:
    """How a chain is read (measures §3)."""
    parser.add_argument("--floor", default="small-batch", help="least capability that carries a chain (small-batch)")
    parser.add_argument("--unknown", default="open", help="open or closed: products without a known supplier (open)")


def add_paging(parser: argparse.ArgumentParser, limit: int) -> None:
    """Which rows of a list, and of which edition."""
    parser.add_argument("--limit", type=int, default=limit, help=f"most items ({limit})")
    parser.add_argument("--offset", type=int, default=0, help="items to leave out first")
    add_edition(parser)


def words(text: str) -> tuple[str, ...]:
    """The words of an argument that holds several separated by commas."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


@contextmanager
def opened(args: argparse.Namespace) -> Iterator[Store]:
    """The store that a command asks."""
    from api.settings import Settings
    from graph.store import open_store

    settings = Settings()
    store = open_store(
        args.store or settings.store, settings.credentials(), into_shared=getattr(args, "into_shared", False)
    )
    try:
        yield store
    finally:
        store.close()


@contextmanager
def network_of(args: argparse.Namespace) -> Iterator[Network]:
    """The network of the edition that a command asks."""
    from queries.network import Network

    with opened(args) as store:
        edition = store.edition(args.edition)
        yield Network(edition.facts, edition.id)
