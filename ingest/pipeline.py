"""The straight line from a folder to a store: read, type, check over all tables, merge, write."""

from __future__ import annotations

import dataclasses
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from graph.edition import Edition, Layer, edition_of
from graph.errors import BadArchive, BadInput, EditionChanged, NotFound
from graph.model import Facts, Table, tables
from graph.store import Progress, Store, no_progress
from ingest.chainkg import read_chainkg
from ingest.checks import Located, Refusal, contradictions, oddities, twins, unplaced
from ingest.report import Finding, Report
from ingest.rows import typed
from ingest.tables import SUFFIXES, RawTable, Unreadable, read_table

_TRIES = 3
_NOT_TABLES = ("datapackage", "readme")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did.

    Attributes:
        report: What was found wrong.
        edition: The edition that is now the current one; `None` when nothing was loaded.
        changed: Whether it is another than before.
        rebuilt: Whether its graph was made anew although the facts had not changed.
    """

    report: Report
    edition: Edition | None
    changed: bool
    rebuilt: bool = False


def _files(folder: Path, report: Report) -> dict[str, Path]:
    """The file of each table; files that are no table are noted."""
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.stem.lower() in _NOT_TABLES or path.name.startswith(("~", ".")):
            continue
        if path.suffix.lower() not in SUFFIXES:
            if path.stem in tables() and path.is_file():
                text = f"{path.name} was not read; save it as one of {', '.join(SUFFIXES)}"
                report.add([Finding("warning", path.stem, None, None, path.name, "unknown-file", text)])
        elif path.stem not in tables():
            text = f"{path.name} is no fact table and was not read; the tables are {', '.join(tables())}"
            report.add([Finding("warning", path.stem, None, None, path.name, "unknown-file", text)])
        elif path.stem in found:
            text = f"{found[path.stem].name} and {path.name} are the same table; keep one"
            report.add([Finding("fatal", path.stem, None, None, path.name, "two-files", text)])
        else:
            found[path.stem] = path
    if not found:
        text = f"{folder} holds no fact table; name a folder with files such as products.csv"
        report.add([Finding("fatal", "", None, None, str(folder), "no-tables", text)])
    return found


def _check_header(table: Table, raw: RawTable) -> Iterator[Finding]:
    names = [column.name for column in table.columns]
    if raw.rows or raw.header:
        for name in table.key:
            if name not in raw.header:
                text = f"the header has no column {name}, which names the rows; the columns are {', '.join(names)}"
                yield Finding("fatal", table.name, 1, name, ",".join(raw.header), "wrong-header", text)
    for name in raw.header:
        if name and name not in names:
            text = f"the column {name} is not known and was not read; the columns are {', '.join(names)}"
            yield Finding("warning", table.name, 1, name, name, "unknown-column", text)


LayerRows = dict[str, list[Located]]
"""The rows of one layer, by table."""


def read_folder(folder: Path, layer: str) -> tuple[LayerRows, Report]:
    """The typed rows of a folder of fact tables, and what is wrong with it alone."""
    report = Report(str(folder))
    rows: LayerRows = {name: [] for name in tables()}
    for name, path in _files(folder, report).items():
        table = tables()[name]
        try:
            raw = read_table(path)
        except Unreadable as error:
            report.add([Finding("fatal", name, None, None, path.name, "unreadable", f"{path.name}: {error}")])
            continue
        if raw.encoding != "utf-8":
            report.encodings[path.name] = raw.encoding
        report.read[name] = len(raw.rows)
        wrong = list(_check_header(table, raw))
        report.add(wrong)
        if any(finding.severity == "fatal" for finding in wrong):
            continue  # every row would lack its name
        for row in raw.rows:
            record, findings = typed(table, row)
            report.add(findings)
            if record is not None:
                rows[name].append(Located(record, row.number, layer))
        _drop(rows, list(twins(table, rows[name])), report)
    report.add(unplaced(rows))
    return rows, report


def _drop(rows: LayerRows, refusals: list[Refusal], report: Report) -> None:
    gone = {id(refusal.located) for refusal in refusals}
    for name in {refusal.finding.table for refusal in refusals}:
        rows[name] = [located for located in rows[name] if id(located) not in gone]
    report.add(refusal.finding for refusal in refusals)


def _laid_over(layers: list[LayerRows]) -> tuple[LayerRows, LayerRows]:
    """The rows that win when the layers are laid over one another, and the rows that they cover."""
    if len(layers) == 1:
        return dict(layers[0]), {name: [] for name in tables()}
    winners: LayerRows = {}
    covered: LayerRows = {}
    for name, table in tables().items():
        by_key: dict[tuple[Any, ...], Located] = {}
        covered[name] = []
        for layer in layers:
            for located in layer[name]:
                key = table.key_of(located.record)
                if key in by_key:
                    covered[name].append(by_key[key])
                by_key[key] = located
        winners[name] = list(by_key.values())
    return winners, covered


def _settle(layers: list[LayerRows], report: Report) -> None:
    """Refuse rows until what is left of all layers together holds, and note what is odd in it."""
    winners, covered = _laid_over(layers)
    while refusals := contradictions(winners, covered):
        gone = {id(refusal.located): refusal.located for refusal in refusals}
        for layer in layers:
            for name in {refusal.finding.table for refusal in refusals}:
                layer[name] = [located for located in layer[name] if id(located) not in gone]
        report.lost += sum(located.row is None for located in gone.values())
        report.add(refusal.finding for refusal in refusals)
        winners, covered = _laid_over(layers)
    report.add(oddities(winners))


def _located(layer: Layer) -> LayerRows:
    return {name: [Located(record, None, layer.name) for record in getattr(layer.facts, name)] for name in tables()}


def _facts(rows: LayerRows) -> Facts:
    return Facts(**{name: tuple(item.record for item in items) for name, items in rows.items()})


Form = Literal["facts", "chainkg"]
FORMS: dict[Form, Callable[[Path, str], tuple[LayerRows, Report]]] = {"facts": read_folder, "chainkg": read_chainkg}
"""The readers of folders: fact tables, and ChainKnowledgeGraph."""


def lay(folder: Path, layer: str, base: tuple[Layer, ...] = (), form: Form = "facts") -> tuple[Edition | None, Report]:
    """Lay a folder over the layers of an edition, in place of a layer of that name.

    Returns:
        The edition that comes of it, `None` when the folder is not fit to be loaded, and the report.

    Raises:
        BadInput: There is no such folder, or no such form.
    """
    if form not in FORMS:
        raise BadInput("as", form, "one of " + ", ".join(FORMS))
    if not folder.is_dir():
        raise BadInput("folder", str(folder), "an existing folder of fact tables")
    rows, report = FORMS[form](folder, layer)
    if report.fatal:
        report.sort()
        return None, report
    names = [item.name for item in base]
    stack = [_located(item) for item in base]
    if layer in names:
        stack[names.index(layer)] = rows
    else:
        names.append(layer)
        stack.append(rows)
    _settle(stack, report)
    report.sort()
    report.accepted = {name: len(rows[name]) for name in rows if rows[name] or name in report.read}
    return edition_of(Layer(name, _facts(part)) for name, part in zip(names, stack, strict=True)), report


@contextmanager
def _no_search_for_rings() -> Iterator[None]:
    """Hundreds of thousands of records come and stay; to look for rings among them takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_no_search_for_rings()
def check_folder(folder: Path, form: Form = "facts") -> Report:
    """The report on a folder by itself.

    Raises:
        BadInput: There is no such folder, or no such form.
    """
    return lay(folder, folder.name, form=form)[1]


@_no_search_for_rings()
def load(
    store: Store,
    folder: Path,
    *,
    layer: str | None = None,
    replace: bool = False,
    form: Form = "facts",
    accept_refused: bool = True,
    progress: Progress = no_progress,
) -> Loaded:
    """Load a folder over the current edition of a store.

    Args:
        store: Where to.
        folder: What to load.
        form: What the folder holds: fact tables, or ChainKnowledgeGraph.
        layer: Name of the layer; the name of the folder without one.
        replace: Whether to drop the other layers.
        accept_refused: Whether to load what is left when rows are refused.
        progress: Told how far the writing is.

    Raises:
        BadInput: There is no such folder, or no such form.
        StoreError: The store is away, busy or refuses; the former edition stands.
    """
    for attempt in range(_TRIES):
        current = store.current()
        former = _former(store, current, replace=replace)
        kept = former.layers if former and not replace else ()
        name = layer or folder.resolve().name
        edition, report = lay(folder, name, kept, form)
        if edition is None or (report.refused_rows and not accept_refused):
            return Loaded(report, None, changed=False)
        reports = {**(former.reports if former and kept else {}), name: report.packed(name)}
        rebuilt = False
        if former and _same(edition, former):
            rebuilt = not store.holds(former)
            if not rebuilt and former.reports == reports:
                return Loaded(report, former, changed=False)
            edition = former
        edition = dataclasses.replace(edition, reports=reports)
        try:
            store.write(edition, replaces=current, progress=progress)
        except EditionChanged:
            if attempt == _TRIES - 1:
                raise
        else:
            return Loaded(report, edition, changed=edition.id != current, rebuilt=rebuilt)
    raise AssertionError("unreachable")


def _former(store: Store, current: str | None, *, replace: bool) -> Edition | None:
    """The current edition; a load that drops all its layers does not need it to be whole."""
    if current is None:
        return None
    try:
        return store.edition(current)
    except (BadArchive, NotFound):
        if replace:
            return None
        raise


def _same(one: Edition, other: Edition) -> bool:
    """Whether two editions hold the same, also in rows of lower layers that others cover."""
    names = one.summary.layers
    return one.id == other.id and names == other.summary.layers and (len(names) == 1 or one.layers == other.layers)
