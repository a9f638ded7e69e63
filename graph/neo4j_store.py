"""The production store: a Neo4j 5 server, or a cluster by its `neo4j://` address, through the official driver.

The graph and the archives are in one database, and a load is one transaction: it is rolled back whole when the
program, the network or the server stops in the middle. Only nodes with the label `Liantu` and the edges between them
are changed or deleted.
"""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, LiteralString

from graph import cypher
from graph.edition import Edition, Summary, damaged, newest_first, pack, unpack
from graph.errors import (
    EditionChanged,
    LoadInProgress,
    NotFound,
    NothingLoaded,
    QueryError,
    QueryForbidden,
    QueryTimeout,
    StoreAway,
    StoreRefused,
)
from graph.schema import (
    NODES,
    EdgeRows,
    NodeRows,
    count_rows,
    edge_counts,
    edge_rows,
    edge_types,
    graph_digest,
    node_rows,
)
from graph.store import (
    LOCK_TIMEOUT_S,
    QUERY_TIMEOUT_S,
    Credentials,
    Progress,
    Rows,
    StoreName,
    no_progress,
    to_prune,
    trusted,
)

if TYPE_CHECKING:
    from neo4j import ManagedTransaction, Session

_BATCH = 10_000
_LOAD_TIMEOUT_S = 900.0
_SURELY_FITS = 2_000  # characters; a Neo4j index takes 8,167 bytes
_MOST_JUDGED = 5_000  # characters; the search below takes time by their square
_SUSPECT = re.compile(r"load|call|show|terminate|\\u", re.IGNORECASE)
# A plan shows a subquery inside an expression as mere text, so a load or call that may stand in one is found by its
# letters, wherever they are: who skips texts and comments first must read them just as Neo4j does, or can be tricked.
_GAP = r"(?:[\s\u180e]|/\*(?>.*?\*/)|//[^\n\r]*+)"
_INNER = re.compile(rf"(?:exists|count|collect)(?>{_GAP}*)\{{", re.IGNORECASE | re.DOTALL)
_OUTWARD = re.compile(rf"load(?>{_GAP}+)csv|call(?>{_GAP}*)[\w`]", re.IGNORECASE | re.DOTALL)
_ESCAPED = re.compile(r"\\u+([0-9a-f]{4})", re.IGNORECASE)
_READING_PROCEDURES = ("db.labels", "db.relationshiptypes", "db.propertykeys", "db.schema.", "db.index.fulltext.query")
_SERVER_COMMANDS = ("administrationcommand", "showtransactions", "terminatetransactions", "showsettings")


class Neo4jStore:
    """A Neo4j database; see `graph.store.Store` for what it promises."""

    name: StoreName = "neo4j"

    def __init__(self, url: str, credentials: Credentials, *, into_shared: bool = False) -> None:
        import neo4j
        from neo4j.exceptions import ConfigurationError

        self.url = url
        self._into_shared = into_shared
        try:
            self._driver = neo4j.GraphDatabase.driver(
                url,
                auth=(credentials.user, credentials.password),
                notifications_min_severity=neo4j.NotificationMinimumSeverity.OFF,
                connection_timeout=5.0,
                max_transaction_retry_time=3.0,
            )
        except (ConfigurationError, ValueError) as error:
            raise StoreAway(url, _sentence(error)) from error

    def current(self) -> str | None:
        """See `Store.current`."""
        with self._session(reading=True) as session:
            return session.execute_read(_current)

    def editions(self) -> tuple[Summary, ...]:
        """See `Store.editions`."""
        with self._session(reading=True) as session:
            found = session.execute_read(lambda tx: tx.run(trusted(cypher.list_editions())).data())
        return newest_first(map(_summary, found))

    def edition(self, edition_id: str | None = None) -> Edition:
        """See `Store.edition`."""
        wanted = edition_id or self.current()
        if wanted is None:
            raise NothingLoaded(self.url)
        return unpack(self.archive(wanted), wanted)

    def archive(self, edition_id: str) -> bytes:
        """See `Store.archive`."""
        with self._session(reading=True) as session:
            found = session.execute_read(lambda tx: tx.run(trusted(cypher.read_archive()), id=edition_id).single())
        if found is None:
            raise NotFound("edition", edition_id, tuple(summary.id for summary in self.editions()))
        return bytes(found["archive"] or b"")

    def write(self, edition: Edition, *, replaces: str | None, progress: Progress = no_progress) -> None:
        """See `Store.write`."""
        import neo4j
        from neo4j.exceptions import ConstraintError, Neo4jError

        @neo4j.unit_of_work(timeout=_LOAD_TIMEOUT_S)
        def work(tx: ManagedTransaction) -> None:
            _load(tx, edition, replaces, progress)

        with self._session() as session:
            self._refuse_foreign(session)
            try:
                session.execute_write(_drop_stale)
                late = _indexes_may_wait(session, edition)
                session.execute_write(_make, cypher.first_constraints() if late else cypher.constraints())
                self._wait_for_others(session)
                session.execute_write(work)
                if late:
                    session.execute_write(_make, cypher.constraints())
                _replan(session)
            except ConstraintError as error:
                raise StoreRefused(
                    f"Nothing was loaded into {self.url}: what others keep there is in the way: {error.message} "
                    "Use a database of its own, or remove that."
                ) from error
            except Neo4jError as error:
                raise StoreRefused(
                    f"Nothing was loaded into {self.url}: {error.message} The former edition stands."
                ) from error

    def prune(self, keep: int) -> tuple[str, ...]:
        """See `Store.prune`."""

        def work(tx: ManagedTransaction) -> tuple[str, ...]:
            tx.run(trusted(cypher.take_lock())).consume()
            listed = newest_first(map(_summary, tx.run(trusted(cypher.list_editions())).data()))
            gone = to_prune(listed, _current(tx), keep)
            tx.run(trusted(cypher.delete_editions()), ids=list(gone)).consume()
            return gone

        with self._session() as session:
            self._wait_for_others(session)
            return session.execute_write(work)

    def holds(self, edition: Edition) -> bool:
        """See `Store.holds`."""
        with self._session(reading=True) as session:
            return session.execute_read(_holds, edition)

    def query(
        self,
        statement: LiteralString,
        parameters: Mapping[str, Any] | None = None,
        *,
        limit: int = 10_000,
        timeout_s: float = QUERY_TIMEOUT_S,
    ) -> Rows:
        """See `Store.query`."""
        import neo4j
        from neo4j.exceptions import Neo4jError

        @neo4j.unit_of_work(timeout=timeout_s)
        def work(tx: ManagedTransaction) -> Rows:
            if _SUSPECT.search(statement):
                _refuse_hidden(statement)
                _refuse_calls(tx.run(trusted(f"EXPLAIN {statement}"), dict(parameters or {})).consume().plan)
            answer = tx.run(statement, dict(parameters or {}))
            columns = tuple(answer.keys())
            rows = tuple(tuple(map(_plain, record.values())) for record in answer.fetch(limit + 1))
            return Rows(columns, rows[:limit], truncated=len(rows) > limit)

        with self._session(reading=True) as session:
            try:
                return session.execute_read(work)
            except Neo4jError as error:
                raise _query_error(error, timeout_s) from error

    def close(self) -> None:
        """See `Store.close`."""
        self._driver.close()

    @contextlib.contextmanager
    def _session(self, *, reading: bool = False) -> Iterator[Session]:
        from neo4j import READ_ACCESS, WRITE_ACCESS
        from neo4j.exceptions import AuthError, ConfigurationError, ServiceUnavailable

        try:
            with self._driver.session(default_access_mode=READ_ACCESS if reading else WRITE_ACCESS) as session:
                yield session
        except AuthError as error:
            advice = "Set LIANTU_NEO4J_USER and LIANTU_NEO4J_PASSWORD."
            raise StoreAway(self.url, "it refuses the name or the password.", advice) from error
        except (ServiceUnavailable, ConfigurationError, OSError, ValueError) as error:
            raise StoreAway(self.url, _sentence(error)) from error

    def _wait_for_others(self, session: Session) -> None:
        """Until no other load holds the lock; the load itself takes it again and would wait as long as it may run."""
        import neo4j
        from neo4j.exceptions import Neo4jError

        @neo4j.unit_of_work(timeout=LOCK_TIMEOUT_S)
        def take(tx: ManagedTransaction) -> None:
            tx.run(trusted(cypher.take_lock())).consume()

        started = time.monotonic()
        try:
            session.execute_write(take)
        except Neo4jError as error:
            if "LockClientStopped" in (error.code or "") or "TimedOut" in (error.code or ""):
                raise LoadInProgress(self.url, time.monotonic() - started) from error
            raise

    def _refuse_foreign(self, session: Session) -> None:
        if self._into_shared:
            _refuse_namesakes(session, self.url)
            return
        found = session.execute_read(lambda tx: tx.run(trusted(cypher.count_foreign())).single(strict=True)["n"])
        if found:
            raise StoreRefused(
                f"{self.url} holds {found} nodes that are not ours, so nothing was loaded. Give liantu a database of "
                "its own, or load with --into-shared; what is not ours is never deleted."
            )


def _refuse_namesakes(session: Session, url: str) -> None:
    """Refuse a database in which others use labels of ours: no question could tell their nodes from ours."""
    found = session.execute_read(lambda tx: tx.run(trusted(cypher.count_namesakes())).data())
    if found:
        named = ", ".join(f"{row['n']} {row['label']}" for row in found)
        raise StoreRefused(
            f"{url} holds nodes of others under labels of ours ({named}), so nothing was loaded: each side's questions "
            "would count the other's nodes too. Give liantu a database of its own, or rename those labels."
        )


def _drop_stale(tx: ManagedTransaction) -> None:
    """Drop constraints and indexes of former versions of the program."""
    constraints, indexes = (
        [record["name"] for record in tx.run(trusted(statement))] for statement in cypher.show_constraints()
    )
    for statement in cypher.drop_stale(constraints, indexes):
        tx.run(trusted(statement)).consume()


def _make(tx: ManagedTransaction, statements: list[str]) -> None:
    """Make constraints and indexes; a retried transaction, since two of these may deadlock."""
    for statement in statements:
        tx.run(trusted(statement)).consume()


def _indexes_may_wait(session: Session, edition: Edition) -> bool:
    """Whether indexes are made after the nodes, in half the time: while nothing is loaded nobody asks them.

    An index that is there refuses a text that is too long for it, and the load with it; one that comes later would
    only fail itself. So they wait only for texts that fit for sure.
    """
    if session.execute_read(lambda tx: tx.run(trusted(cypher.any_of_ours())).peek()) is not None:
        return False
    return all(
        max(map(len, filter(None, map(attrgetter(name), getattr(edition.facts, kind.table)))), default=0) < _SURELY_FITS
        for kind in NODES
        for name in ("id", *kind.indexes)
    )


def _sentence(error: Exception) -> str:
    """The driver's words on one line, ended by a full stop."""
    return " ".join(str(error).split()).rstrip(".") + "."


def _replan(session: Session) -> None:
    """Make the server plan questions by what it holds now; plans made for an empty database can be very slow.

    Users of a restricted role may not call this; their questions are planned anew a little later.
    """
    from neo4j.exceptions import Neo4jError

    with contextlib.suppress(Neo4jError):
        session.run(trusted(cypher.replan())).consume()


def _summary(row: Mapping[str, Any]) -> Summary:
    try:
        return Summary(row["id"], row["created_at"].strip(), tuple(row["layers"]), json.loads(row["rows"]))
    except (ValueError, TypeError, AttributeError):
        return damaged(str(row["id"]), "somebody has changed its node LiantuEdition")


def _current(tx: ManagedTransaction) -> str | None:
    found = tx.run(trusted(cypher.current_edition())).single()
    return None if found is None else str(found["id"])


def _digest(edition: Edition) -> str:
    return graph_digest(edition.id, *cypher.constraints(), *(cypher.upsert_nodes(kind.label) for kind in NODES))


def _holds(tx: ManagedTransaction, edition: Edition) -> bool:
    head = tx.run(trusted(cypher.current_edition())).single()
    if head is None or head["id"] != edition.id or head["graph"] != _digest(edition):
        return False
    nodes = {record["label"]: record["n"] for record in tx.run(trusted(cypher.count_ours()))}
    expected = {label: n for label, n in count_rows(edition.facts).items() if n}
    if nodes != ({cypher.MARKER: sum(expected.values()), **expected} if expected else {}):
        return False
    if not cypher.indexes_wanted() <= {record["name"] for record in tx.run(trusted(cypher.show_indexes()))}:
        return False
    edges = {record["type"]: record["n"] for record in tx.run(trusted(cypher.count_our_edges()))}
    return all(edges.get(type_, 0) == n for type_, n in edge_counts(edition.facts).items())


def _load(tx: ManagedTransaction, edition: Edition, replaces: str | None, progress: Progress) -> None:
    tx.run(trusted(cypher.take_lock())).consume()
    head = tx.run(trusted(cypher.current_edition())).single()
    former = None if head is None else str(head["id"])
    if former != replaces:
        raise EditionChanged(replaces, former)
    if not _holds(tx, edition):
        for statement in cypher.delete_edges((head and head["edge_types"]) or ()):
            tx.run(trusted(statement)).consume()
        addresses = _write_nodes(tx, list(node_rows(edition.facts)), progress)
        _write_edges(tx, list(edge_rows(edition.facts)), addresses, progress)
    summary = edition.summary
    kept = {
        "id": edition.id,
        "created_at": summary.created_at,
        "layers": list(summary.layers),
        "rows": json.dumps(summary.rows),
        "archive": pack(edition),
        "graph": _digest(edition),
        "edge_types": list(edge_types()),
    }
    tx.run(trusted(cypher.write_edition()), edition=kept).consume()


_Addresses = dict[str, dict[str, str]]
"""Where the server keeps each node, by label and id; an edge finds its ends by it without an index."""


def _write_nodes(tx: ManagedTransaction, nodes: list[NodeRows], progress: Progress) -> _Addresses:
    total, done = sum(len(kind.rows) for kind in nodes), 0
    for kind in nodes:
        tx.run(trusted(cypher.adopt_nodes(kind.label))).consume()
    there = {record["key"] for record in tx.run(trusted(cypher.node_keys()))}
    stale = there - {cypher.key_of(kind.label, row["id"]) for kind in nodes for row in kind.rows} - {None}
    tx.run(trusted(cypher.delete_nodes()), keys=sorted(stale)).consume()
    found: _Addresses = {}
    for kind in nodes:
        addresses = found[kind.label] = {}
        keyed = cypher.keyed(kind)
        for rows, statement in (
            ([row for row in keyed if row[cypher.KEY] in there], cypher.upsert_nodes(kind.label)),
            ([row for row in keyed if row[cypher.KEY] not in there], cypher.create_nodes(kind.label)),
        ):
            for start in range(0, len(rows), _BATCH):
                part = rows[start : start + _BATCH]
                made = tx.run(trusted(statement), rows=part).single(strict=True)["addresses"]
                addresses.update(zip((row["id"] for row in part), made, strict=True))
                done += len(part)
                progress("nodes", done, total)
    return found


def _write_edges(tx: ManagedTransaction, edges: list[EdgeRows], addresses: _Addresses, progress: Progress) -> None:
    total, done = sum(len(kind.starts) for kind in edges), 0
    for kind in edges:
        statement = trusted(cypher.create_edges(kind.type))
        triples = cypher.edge_triples(kind, addresses)
        for start in range(0, len(triples), _BATCH):
            rows = triples[start : start + _BATCH]
            tx.run(statement, rows=rows).consume()
            done += len(rows)
            progress("edges", done, total)


def _refuse_hidden(statement: str) -> None:
    """Refuse a load or call that may stand in a subquery inside an expression, where no plan tells of it."""
    if len(statement) > _MOST_JUDGED:
        raise QueryForbidden(f"with the word LOAD or CALL in it, a statement has at most {_MOST_JUDGED:,} characters.")
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), statement)
    text = statement if plain == statement else f"{statement}\n{plain}"
    if _INNER.search(text) and _OUTWARD.search(text):
        raise QueryForbidden("LOAD CSV or CALL cannot stand beside EXISTS {}, COUNT {} or COLLECT {}.")


def _refuse_calls(plan: Mapping[str, Any] | None) -> None:
    """Refuse a plan that reads files, or asks for more of the server than the data and their schema."""
    if plan is None:
        return
    operator = plan["operatorType"].split("@")[0].lower()
    details = str(plan["args"].get("Details", "")).lower()
    if "loadcsv" in operator:
        raise QueryForbidden("this one reads a file.")
    if operator in _SERVER_COMMANDS:
        raise QueryForbidden("this one asks the server about itself and its users.")
    if operator == "procedurecall" and not details.startswith(_READING_PROCEDURES):
        raise QueryForbidden(f"this one calls the procedure {details.split('(')[0]}.")
    for child in plan.get("children", ()):
        _refuse_calls(child)


def _plain(value: Any) -> Any:
    """A value of the driver as JSON knows it."""
    from neo4j.graph import Node, Path, Relationship

    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Node):
        properties = {k: _plain(v) for k, v in value.items() if k != cypher.KEY}
        return {"@type": ":".join(sorted(value.labels - {cypher.MARKER})), **properties}
    if isinstance(value, Relationship):
        return {"@type": value.type, **_plain(dict(value))}
    if isinstance(value, Path):
        steps = zip(value.nodes, (*value.relationships, None), strict=True)
        return [_plain(part) for step in steps for part in step if part is not None]
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return value.iso_format() if hasattr(value, "iso_format") else str(value)


def _query_error(error: Any, timeout_s: float) -> QueryError:
    code = error.code or ""
    if "AccessMode" in code or "Forbidden" in code:
        return QueryForbidden("this one would write.")
    if "TransactionTimedOut" in code or "TransactionTimedOut" in str(error):
        return QueryTimeout(timeout_s)
    return QueryError(str(error.message))
