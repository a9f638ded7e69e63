"""What commands print: tables, CSV, the JSON of HTTP, and how far a load is."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import is_dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graph.store import Progress


def say(text: str) -> None:
    """Tell the user beside the answer, which goes to standard output."""
    print(text, file=sys.stderr)


def print_rows(args: argparse.Namespace, rows: Sequence[Any], page: dict[str, Any], columns: Sequence[str]) -> None:
    """Rows as a table of some columns, as CSV of all, or as the JSON that HTTP gives."""
    if args.format == "json":
        print_json({"items": rows, **page})
        return
    from queries.flat import flat

    lines = [flat(row) if is_dataclass(row) else row for row in rows]
    if args.format == "csv":
        names = list(dict.fromkeys(name for line in lines for name in line))
        _csv(names, [[line.get(name) for name in names] for line in lines])
    else:
        _table(columns, [[line.get(name) for name in columns] for line in lines])


def print_page(args: argparse.Namespace, rows: Sequence[Any], columns: Sequence[str], **page: Any) -> None:
    """As much of a list as is asked for, with the number of all its rows."""
    print_rows(args, rows[args.offset : args.offset + args.limit], {"total": len(rows), **page}, columns)


def print_json(body: Any) -> None:
    """The bytes that HTTP gives; on a terminal indented for the eye."""
    import orjson

    option = orjson.OPT_INDENT_2 if sys.stdout.isatty() else None
    sys.stdout.write(orjson.dumps(body, option=option).decode() + "\n")


def _csv(columns: Sequence[str], cells: Sequence[Sequence[Any]]) -> None:
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(cells)


def _table(columns: Sequence[str], cells: Sequence[Sequence[Any]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False)
    for row in cells:
        table.add_row(
            *(Text("" if cell is None else f"{cell:.3f}" if isinstance(cell, float) else str(cell)) for cell in row)
        )
    Console(width=None if sys.stdout.isatty() else 240).print(table)


@contextmanager
def progress_shown() -> Iterator[Progress]:
    """A bar on a terminal, a line a stage elsewhere."""
    if not sys.stderr.isatty():
        yield lambda stage, done, total: say(f"{stage}: {total}") if done == total else None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    shown = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*shown, console=Console(stderr=True)) as bar:
        tasks: dict[str, Any] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done)

        yield tell
