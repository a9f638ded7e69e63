"""The embedded store: ArcadeDB in this process, one database folder for each edition.

    PATH/CURRENT             name of the current graph; replaced in one step, so that a load is all or nothing
    PATH/editions/ID.zip     the archive of an edition
    PATH/graphs/ID-DIGEST/   its graph, filled once, closed, and only read from then on; the digest is that of what the
                             program makes of the facts, so that one with another schema makes another graph
    PATH/lock                held by a load

A database that is open for writing locks out every other process, one that is open for reading does not: so a graph
is built in a folder of its own, and whoever serves or asks opens the finished one read-only.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import itertools
import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, LiteralString

from graph.edition import Edition, Summary, damaged, newest_first, pack, read_summary, unpack
from graph.errors import (
    BadArchive,
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
from graph.schema import NODES, NodeRows, edge_rows, edge_types, graph_digest, node_rows
from graph.store import LOCK_TIMEOUT_S, QUERY_TIMEOUT_S, Progress, Rows, StoreName, no_progress, to_prune

if TYPE_CHECKING:
    from arcadedb import Database, GraphBatch

_BATCH = 10_000
_EDGES_HELD = 10_000  # until the engine writes them; holding 100,000, as it does by itself, takes half as long again
_CLASS_NAMES = re.compile(r"^(?:Query failed|Reading the result set failed): |\b[\w.$]+(?:Exception|Error): ")
_ADDRESSES = ("@rid", "@in", "@out", "@cat")
_PROFILE = re.compile(r"(?:\s|/\*.*?\*/|//[^\n]*\n)*PROFILE\b", re.IGNORECASE | re.DOTALL)
_NAMES_A_PATH = re.compile(r"=\s*(?:\w*shortestPaths?\s*)?\(", re.IGNORECASE)
_PATH = re.compile(r"\(#\d+:\d+\)(?:<?-\[#\d+:\d+\]->?\(#\d+:\d+\))*")
_RECORDS = "SELECT @rid AS address, @this AS record FROM [{}]"  # addresses that the engine itself has given
_ADDRESS = re.compile(r"#\d+:\d+")
_GRAPH_NAME = re.compile(r"([0-9a-f]{12})(?:-[0-9a-f]{16})?")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_SETTINGS = {
    "arcadedb.opencypher.loadCsv.allowFileUrls": "false",
    "arcadedb.opencypher.loadCsv.allowRemoteUrls": "false",
    "arcadedb.command.timeout": str(int(QUERY_TIMEOUT_S * 1000)),
    "arcadedb.txWalFlush": "1",
}


@dataclass(slots=True)
class _Opened:
    database: Database
    users: int


# The engine opens a database once a process; the stores of a process share it.
_opened: dict[Path, _Opened] = {}
_opened_lock = threading.Lock()


def _open(path: Path) -> Database:
    with _opened_lock:
        found = _opened.get(path)
        if found is None:
            import arcadedb

            try:
                database = arcadedb.open_database(str(path), read_only=True)
            except arcadedb.ArcadeDBError as error:
                raise StoreAway(f"arcadedb:{path}", _reason(error), "Is another program writing to it?") from error
            found = _opened[path] = _Opened(database, 0)
        found.users += 1
        return found.database


def _release(path: Path) -> None:
    with _opened_lock:
        found = _opened[path]
        found.users -= 1
        if found.users == 0:
            del _opened[path]
            found.database.close()


def _reason(error: Exception) -> str:
    """The engine's own sentence, without the names of its classes around it."""
    return _CLASS_NAMES.sub("", str(error).split(" (caused by")[0])


def _cause(error: Exception) -> str:
    """The engine's innermost sentence: what went wrong, not what it was doing."""
    chain = [message for _, message in getattr(error, "java_chain", ()) if message and message != "null"]
    return chain[-1].rstrip(".") if chain else _reason(error)


class ArcadeDBStore:
    """A folder with an embedded database for each edition; see `graph.store.Store` for what it promises."""

    name: StoreName = "arcadedb"

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path).absolute()
        self.url = f"arcadedb:{path}"
        self._reading: tuple[str, Path, Database] | None = None
        self._lock = threading.RLock()
        # The engine reads these once, at its first use; without them it fills the user's terminal.
        os.environ.setdefault("ARCADEDB_LOG_CONSOLE", "0")
        os.environ.setdefault("ARCADEDB_LOG_DIR", str(self.path / "log"))

    def current(self) -> str | None:
        """See `Store.current`."""
        return _edition_id(self._current_graph())

    def _current_graph(self) -> str:
        """Name of the graph that questions read; empty while nothing is loaded."""
        try:
            return (self.path / "CURRENT").read_text().strip()
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except OSError as error:
            raise StoreAway(self.url, str(error)) from error

    def editions(self) -> tuple[Summary, ...]:
        """See `Store.editions`."""
        return newest_first(map(_summary, (self.path / "editions").glob("*.zip")))

    def edition(self, edition_id: str | None = None) -> Edition:
        """See `Store.edition`."""
        wanted = edition_id or self.current()
        if wanted is None:
            raise NothingLoaded(self.url)
        return unpack(self.archive(wanted), wanted)

    def archive(self, edition_id: str) -> bytes:
        """See `Store.archive`."""
        try:
            return self._archive(edition_id).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            raise NotFound("edition", edition_id, tuple(summary.id for summary in self.editions())) from None

    def write(self, edition: Edition, *, replaces: str | None, progress: Progress = no_progress) -> None:
        """See `Store.write`."""
        import arcadedb

        try:
            with self._loading():
                former = self._current_graph()
                if _edition_id(former) != replaces:
                    raise EditionChanged(replaces, _edition_id(former))
                self._clean()
                try:
                    self._put(edition, progress)
                except BaseException:
                    with contextlib.suppress(OSError):
                        self._clean()
                    raise
                self._forget_graphs(but=(_graph_name(edition), former))  # others may still read the former
        except (OSError, arcadedb.ArcadeDBError) as error:
            raise self._refused(error) from error

    def prune(self, keep: int) -> tuple[str, ...]:
        """See `Store.prune`."""
        with self._loading():
            gone = to_prune(self.editions(), self.current(), keep)
            for edition_id in gone:
                self._archive(edition_id).unlink()
        return gone  # a graph that is left of one goes with the next load: others may still read it

    def holds(self, edition: Edition) -> bool:
        """See `Store.holds`; nobody can change a graph here, but take it away."""
        name = _graph_name(edition)
        return self._current_graph() == name and self._graph(name).is_dir()

    def query(
        self,
        statement: LiteralString,
        parameters: Mapping[str, Any] | None = None,
        *,
        limit: int = 10_000,
        timeout_s: float = QUERY_TIMEOUT_S,
    ) -> Rows:
        """See `Store.query`."""
        import arcadedb

        if _PROFILE.match(statement):
            raise QueryError("The embedded store does not answer PROFILE, as it hides a failure; use EXPLAIN.")
        end = time.monotonic() + timeout_s
        with self._reader() as database:
            try:
                found: list[dict[str, Any]] = []
                with database.query("opencypher", statement, dict(parameters or {})) as answer:
                    for row in itertools.islice(answer.iter_dicts(), limit + 1):
                        if time.monotonic() > end:
                            raise QueryTimeout(timeout_s)
                        found.append(row)
                columns = tuple(found[0]) if found else ()
                cells: Any = [[row[name] for name in columns] for row in found[:limit]]
                if _NAMES_A_PATH.search(statement):
                    cells = _with_paths(database, cells)
                rows = tuple(tuple(map(_plain, row)) for row in cells)
                return Rows(columns, rows, truncated=len(found) > limit)
            except arcadedb.ArcadeDBError as error:
                raise _query_error(error) from error

    def close(self) -> None:
        """See `Store.close`."""
        with self._lock:
            if self._reading:
                _release(self._reading[1])
                self._reading = None

    def _archive(self, edition_id: str) -> Path:
        if not (edition_id.isascii() and edition_id.isalnum() and len(edition_id) <= 64):
            raise NotFound("edition", edition_id)
        return self.path / "editions" / f"{edition_id}.zip"

    def _graph(self, name: str) -> Path:
        return self.path / "graphs" / name

    def _graphs(self) -> list[Path]:
        """The graphs that are there; what else somebody keeps beside them is left alone."""
        return [path for path in (self.path / "graphs").iterdir() if _GRAPH_NAME.fullmatch(path.name)]

    @contextlib.contextmanager
    def _reader(self) -> Iterator[Database]:
        """The database of the current edition, held open while a statement runs."""
        with self._lock:
            current = self._current_graph()
            if not current:
                raise NothingLoaded(self.url)
            if self._reading is None or self._reading[0] != current:
                path = self._graph(current)
                database = _open(path)
                self.close()
                self._reading = current, path, database
            path = self._reading[1]
            database = _open(path)
        try:
            yield database
        finally:
            _release(path)

    @contextlib.contextmanager
    def _loading(self) -> Iterator[None]:
        (self.path / "editions").mkdir(parents=True, exist_ok=True)
        (self.path / "graphs").mkdir(exist_ok=True)
        started = time.monotonic()
        with open(self.path / "lock", "w") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    waited = time.monotonic() - started
                    if waited > LOCK_TIMEOUT_S:
                        raise LoadInProgress(self.url, waited) from None
                    time.sleep(0.05)
            yield

    def _clean(self) -> None:
        """Remove what a load that died or failed has left: parts, and a graph whose archive was not written."""
        for left in [*self.path.glob("*.part"), *self.path.glob("*/*.part")]:
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        for graph in self._graphs():
            if not self._archive(graph.name.partition("-")[0]).exists():
                shutil.rmtree(graph)

    def _forget_graphs(self, *, but: tuple[str, ...]) -> None:
        """Remove graphs that nobody asks any more; those that this process has open wait for the next load."""
        for path in self._graphs():
            with _opened_lock:
                if path.name not in but and path not in _opened:
                    shutil.rmtree(path, ignore_errors=True)

    def _put(self, edition: Edition, progress: Progress) -> None:
        """Write all that an edition needs room for, then give each its name, that of the current edition last."""
        name = _graph_name(edition)
        graph, archive, current = self._graph(name), self._archive(edition.id), self.path / "CURRENT"
        with ThreadPoolExecutor(1) as beside:  # while the engine works, this process can
            packed = beside.submit(pack, edition)
            if not graph.exists():
                self._build(graph, edition, progress)
            _write_part(archive, packed.result())
        _write_part(current, f"{name}\n".encode())
        for path in (graph, archive, current):
            if _part(path).exists():
                _part(path).replace(path)
                _sync(path.parent)

    def _build(self, graph: Path, edition: Edition, progress: Progress) -> None:
        """Fill the database of an edition in a folder of its own."""
        import arcadedb

        part = _part(graph)
        database = arcadedb.create_database(str(part))
        try:
            _declare(database)
            _fill(database, edition, progress)
        finally:
            database.close()
        if left := sorted(part.glob("*.wal")):
            raise OSError(errno.EIO, "the engine has not written all pages", str(left[0]))
        for file in [*part.iterdir(), part]:
            _sync(file)

    def _refused(self, error: Exception) -> StoreRefused:
        full = getattr(error, "errno", None) in _FULL or any(os.strerror(n) in str(error) for n in _FULL)
        why = "there is no room; make some" if full else f"{_cause(error)}; mend that"
        return StoreRefused(f"Nothing was loaded into {self.url}: {why} and load again. The former edition stands.")


def _graph_name(edition: Edition) -> str:
    return f"{edition.id}-{graph_digest(edition.id, repr(sorted(_SETTINGS.items())))}"


def _edition_id(graph_name: str) -> str | None:
    """The edition of a graph by the name of its folder; graphs of former versions are called by their edition alone."""
    return graph_name.partition("-")[0] or None


def _summary(archive: Path) -> Summary:
    try:
        return read_summary(archive.read_bytes(), archive.stem)
    except BadArchive as error:
        return damaged(archive.stem, error.reason)
    except OSError as error:
        return damaged(archive.stem, str(error))


def _plain(value: Any) -> Any:
    """A value as JSON knows it; addresses of records, which change with every load, are left out."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if k not in _ADDRESSES}
    if isinstance(value, list | tuple | set):
        return [_plain(item) for item in value]
    return str(value)


def _with_paths(database: Database, value: Any) -> Any:
    """A value whose paths, which the engine gives as text with addresses, are lists of nodes and edges in turn."""
    texts: set[str] = set()
    _each_text(value, texts.add)
    addresses = {text: _ADDRESS.findall(text) for text in texts if _PATH.fullmatch(text)}
    wanted = sorted({address for path in addresses.values() for address in path})
    if not wanted:
        return value
    with database.query("sql", _RECORDS.format(", ".join(wanted))) as answer:
        records = {str(row["record"]["@rid"]): row["record"] for row in answer.iter_dicts()}
    whole = {text: [records[a] for a in path] for text, path in addresses.items() if all(a in records for a in path)}

    def put(item: Any) -> Any:
        if isinstance(item, str):
            return whole.get(item, item)
        if isinstance(item, dict):
            return {k: put(v) for k, v in item.items()}
        return [put(part) for part in item] if isinstance(item, list | tuple) else item

    return put(value)


def _each_text(value: Any, tell: Callable[[str], None]) -> None:
    if isinstance(value, str):
        tell(value)
    elif isinstance(value, dict | list | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            _each_text(item, tell)


def _query_error(error: Exception) -> QueryError:
    text = _reason(error)
    if "not idempotent" in text:
        return QueryForbidden("this one would write or call a procedure that may.")
    if "LOAD CSV" in text:
        return QueryForbidden("this one reads a file.")
    if "arcadedb.command.timeout" in text:
        return QueryTimeout(QUERY_TIMEOUT_S)
    return QueryError(text)


def _part(path: Path) -> Path:
    """What a file or folder is called until it is whole."""
    return path.with_name(f"{path.name}.part")


def _write_part(path: Path, data: bytes) -> None:
    _part(path).write_bytes(data)
    _sync(_part(path))


def _sync(path: Path) -> None:
    """Wait until a file or folder is on the disk, so that the order of writes outlives a power cut."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _declare(database: Database) -> None:
    for name, value in _SETTINGS.items():
        database.command("sql", f"ALTER DATABASE `{name}` {value}")
    for kind in NODES:
        database.command("sql", f"CREATE VERTEX TYPE {kind.label}")
        database.command("sql", f"CREATE PROPERTY {kind.label}.id STRING")
        database.command("sql", f"CREATE INDEX ON {kind.label} (id) UNIQUE")
        for name in kind.indexes:
            database.command("sql", f"CREATE PROPERTY {kind.label}.{name} STRING")
            database.command("sql", f"CREATE INDEX ON {kind.label} ({name}) NOTUNIQUE NULL_STRATEGY SKIP")
    for type_ in edge_types():
        database.command("sql", f"CREATE EDGE TYPE {type_}")


def _slices(total: int) -> Iterator[slice]:
    return (slice(start, start + _BATCH) for start in range(0, total, _BATCH))


def _fill_nodes(batch: GraphBatch, nodes: list[NodeRows], progress: Progress) -> dict[str, dict[str, str]]:
    """Create the nodes; the answer maps label and id to the record's address."""
    total, done = sum(len(kind.rows) for kind in nodes), 0
    found: dict[str, dict[str, str]] = {}
    for kind in nodes:
        addresses = found[kind.label] = {}
        for part in _slices(len(kind.rows)):
            rows = kind.rows[part]
            rids = batch.create_vertices(kind.label, rows)
            addresses.update(zip((row["id"] for row in rows), rids, strict=True))
            done += len(rows)
            progress("nodes", done, total)
    return found


def _fill(database: Database, edition: Edition, progress: Progress) -> None:
    # Pages are written in the background, where a full disk is only logged; the log is written at once and fails.
    with (
        ThreadPoolExecutor(1) as beside,
        database.graph_batch(batch_size=_EDGES_HELD, use_wal=True, wal_flush="no") as batch,
    ):
        drawn = beside.submit(lambda: list(edge_rows(edition.facts)))
        addresses = _fill_nodes(batch, list(node_rows(edition.facts)), progress)
        edges = drawn.result()
        total, done = sum(len(kind.starts) for kind in edges), 0
        for kind in edges:
            starts, ends = addresses[kind.start_label], addresses[kind.end_label]
            for part in _slices(len(kind.starts)):
                batch.new_edges(
                    [starts[node] for node in kind.starts[part]],
                    kind.type,
                    [ends[node] for node in kind.ends[part]],
                    kind.properties[part],
                )
                done += len(kind.starts[part])
                progress("edges", done, total)
