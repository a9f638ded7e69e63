"""What a store promises, and how one is opened.

A store holds two things that are always of one edition: the graph, which Cypher reads, and the archive of canonical
facts, which every measure reads. Both change together, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, LiteralString, Protocol

from graph.edition import Edition, Summary
from graph.errors import BadInput

StoreName = Literal["arcadedb", "neo4j"]
Progress = Callable[[str, int, int], None]
"""Called with a stage ("nodes", "edges"), the rows done and the rows in all."""

QUERY_TIMEOUT_S = 10.0
LOCK_TIMEOUT_S = 60.0


def no_progress(stage: str, done: int, total: int) -> None:
    """A `Progress` that says nothing."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a statement, in plain values that JSON knows.

    A node is a map of its properties with its label under `@type`, an edge one with its type there; days and times are
    ISO 8601 text; a path is the list of its nodes and edges in turn. What else only one store has comes in the form
    that lies nearest.

    Attributes:
        columns: Names of the columns, as the statement returns them; may be empty where no row came.
        rows: The values, row by row.
        truncated: Whether rows beyond the limit were left out.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool


class Store(Protocol):
    """What every store promises; `tests/graph/test_store_contract.py` holds each of them to it."""

    name: StoreName
    url: str

    def current(self) -> str | None:
        """Id of the edition that the graph holds; `None` while nothing is loaded.

        Raises:
            StoreAway: The store cannot be reached.
        """
        ...

    def editions(self) -> tuple[Summary, ...]:
        """All editions whose facts are kept, the newest first; one whose archive is damaged says so, and comes last."""
        ...

    def edition(self, edition_id: str | None = None) -> Edition:
        """The archived facts of an edition; of the current one without an id.

        Raises:
            NotFound: There is no such edition, or nothing is loaded.
            BadArchive: Its file is damaged.
        """
        ...

    def archive(self, edition_id: str) -> bytes:
        """The archive of an edition as it is kept; `graph.edition.unpack` reads it.

        Raises:
            NotFound: There is no such edition.
        """
        ...

    def write(self, edition: Edition, *, replaces: str | None, progress: Progress = no_progress) -> None:
        """Make an edition the current one, graph and archive, all or nothing.

        A graph that the store `holds` already is not made again.

        Args:
            edition: What to load.
            replaces: Id of the edition that the caller laid it over.
            progress: Told how far the load is.

        Raises:
            EditionChanged: The current edition is not `replaces`.
            LoadInProgress: Another load holds the store for too long.
            StoreRefused: The store holds what is not ours, or has no room; nothing was changed.
        """
        ...

    def prune(self, keep: int) -> tuple[str, ...]:
        """Forget old editions for good: all but the newest `keep` and the current one.

        Args:
            keep: Number of editions, at least 1.

        Returns:
            The ids of those that are gone, the newest first.

        Raises:
            BadInput: `keep` is less than 1.
            LoadInProgress: A load holds the store for too long.
        """
        ...

    def holds(self, edition: Edition) -> bool:
        """Whether the graph is what this version of the program makes of an edition, as far as can be told quickly.

        It is not when another edition is current, when it was made by a program with another schema, or when somebody
        has taken nodes or edges out of it or put some in. Properties that somebody changed by hand are not noticed.
        """
        ...

    def query(
        self,
        statement: LiteralString,
        parameters: Mapping[str, Any] | None = None,
        *,
        limit: int = 10_000,
        timeout_s: float = QUERY_TIMEOUT_S,
    ) -> Rows:
        """Run a reading Cypher statement on the graph of the current edition.

        Args:
            statement: What is asked.
            parameters: Its parameters.
            limit: Most rows.
            timeout_s: Most seconds, at most `QUERY_TIMEOUT_S`. The embedded store looks at less than that only between
                two rows of the answer.

        Raises:
            QueryForbidden: It would write, read files or call out.
            QueryTimeout: It took too long.
            QueryError: It is wrong; the message is the store's.
        """
        ...

    def close(self) -> None:
        """Let go of the store; it is not used after."""
        ...


def to_prune(editions: Sequence[Summary], current: str | None, keep: int) -> tuple[str, ...]:
    """The ids of the editions that `Store.prune` forgets; `editions` stand the newest first.

    Raises:
        BadInput: `keep` is less than 1.
    """
    if keep < 1:
        raise BadInput("keep", keep, "1 or more")
    return tuple(summary.id for summary in editions[keep:] if summary.id != current)


@dataclass(frozen=True, slots=True)
class Credentials:
    """Name and password for a server; the embedded store wants none."""

    user: str = "neo4j"
    password: str = ""


NEO4J_SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")


def open_store(url: str, credentials: Credentials | None = None, *, into_shared: bool = False) -> Store:
    """Open a store by its URL: `arcadedb:PATH`, `neo4j://host`, `bolt://host`, `neo4j+s://…`.

    Args:
        url: Where the store is.
        credentials: For a Neo4j server.
        into_shared: Allow loads into a Neo4j database that holds nodes of others.

    Raises:
        BadInput: The URL names no store that we know.
        StoreAway: The store cannot be reached.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "arcadedb" and rest:
        from graph.arcadedb_store import ArcadeDBStore

        return ArcadeDBStore(rest)
    if scheme in NEO4J_SCHEMES and rest.startswith("//"):
        from graph.neo4j_store import Neo4jStore

        return Neo4jStore(url, credentials or Credentials(), into_shared=into_shared)
    raise BadInput("store", url, "arcadedb:PATH, neo4j://host or bolt://host")


def trusted(text: str) -> LiteralString:
    """Mark a statement as ours: written in this project, or read from its own files; never made from input."""
    return text  # pyright: ignore[reportReturnType]
