"""`liantu shell`: Cypher at a prompt, or from a file or pipe."""

from __future__ import annotations

import contextlib
import csv
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, TextIO, cast, get_args

from graph.errors import LiantuError, StoreAway
from graph.store import Rows, Store

Form = Literal["table", "json", "csv"]

HELP = """\
Statements end with ; and may take several lines. They only read.
  :help              this text
  :schema            labels, their properties, and the edges between them
  :params            the parameters; :params {"name": value} sets them, :params {} forgets them
  :format table|json|csv
  :limit N           most rows of an answer
  :quit              leave (or Ctrl-D); Ctrl-C drops what was typed"""

_LIMIT = 1000
_DROPPED = "\0"  # stands for a line that somebody dropped with Ctrl-C
_NOT_CODE = re.compile(r"//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|`[^`]*`", re.DOTALL)
_OPEN = re.compile(r"/\*|['\"`]")
_LINE = re.compile(r"[Ll]ine:?\s*(\d+)")


def split(text: str) -> tuple[list[str], str]:
    """The statements of a text that are ended by `;`, and what is left; a `;` in a text or comment ends none."""
    code = _NOT_CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    if unfinished := _OPEN.search(code):  # a text or comment that goes on in the next line
        code = code[: unfinished.start()]
    ends = [at for at, letter in enumerate(code) if letter == ";"]
    starts = [0, *(end + 1 for end in ends)]
    return [text[start:end].strip() for start, end in zip(starts, ends, strict=False)], text[starts[-1] :]


def schema_text() -> str:
    """The labels with their properties and the edges between them, as the store holds them."""
    from graph.schema import EDGES, NODES, STATED_IN
    from viz.schema_page import edge_text, node_properties, own_properties

    lines = [f"(:{kind.label} {{{', '.join(node_properties(kind))}}})  {kind.doc}" for kind in NODES]
    lines += [f"{edge_text(kind, own_properties(kind))}  {kind.doc}" for kind in EDGES]
    return "\n".join([*lines, f"(any)-[:{STATED_IN}]->(:Source)  where a fact is stated"])


class Shell:
    """One session: its parameters, its format, and how many of its statements failed."""

    def __init__(self, store: Store, form: Form, out: TextIO, err: TextIO) -> None:
        self.form: Form = form
        self.waiting = ""
        self.parameters: dict[str, Any] = {}
        self.limit = _LIMIT
        self.failures = 0
        self._store = store
        self._out, self._err = out, err

    def run(self, lines: Iterator[str]) -> None:
        """Read lines until they end or one says `:quit`; a last statement needs no `;`."""
        for line in lines:
            if line == _DROPPED:
                self.waiting = ""
            elif not self.waiting.strip() and line.strip().startswith(":"):
                if not self.command(line.strip()):
                    return
            else:
                statements, self.waiting = split(f"{self.waiting}{line}\n")
                for statement in filter(None, statements):
                    self.ask(statement)
        if self.waiting.strip():
            self.ask(self.waiting.strip())

    def command(self, text: str) -> bool:
        """Obey a line that begins with a colon; `False` when it ends the session."""
        name, _, rest = text.partition(" ")
        rest = rest.strip()
        if name in (":quit", ":exit", ":q"):
            return False
        if name == ":help":
            self._say(HELP)
        elif name == ":schema":
            self._say(schema_text())
        elif name in (":params", ":param"):
            self._params(rest)
        elif name == ":format" and rest in get_args(Form):
            self.form = cast(Form, rest)
        elif name == ":limit" and rest.isdecimal() and 0 < int(rest) <= 10_000:
            self.limit = int(rest)
        else:
            self._fail(f"{text} is no command, or not of its form.\n{HELP}")
        return True

    def _params(self, text: str) -> None:
        import orjson

        if not text:
            self._say(orjson.dumps(self.parameters, option=orjson.OPT_INDENT_2).decode())
            return
        try:
            found = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            self._fail(f'These are no parameters: {error}. Write them as JSON: :params {{"product": "saw-filter"}}')
            return
        if isinstance(found, dict):
            self.parameters = found
        else:
            self._fail('Parameters are an object: :params {"product": "saw-filter"}')

    def ask(self, statement: str) -> None:
        """Run a statement and print its answer, or what is wrong with it and where.

        Raises:
            StoreAway: The store cannot be reached.
        """
        try:
            found = self._store.query(statement, self.parameters, limit=self.limit)
        except StoreAway:
            raise
        except KeyboardInterrupt:
            self._fail("Stopped.")
            return
        except LiantuError as error:
            self._fail(f"{error}{_shown(statement, str(error))}")
            return
        self._print(found)

    def _print(self, found: Rows) -> None:
        if self.form == "json":
            import orjson

            rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
            self._say(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
        elif self.form == "csv":
            writer = csv.writer(self._out, lineterminator="\n")
            writer.writerows([found.columns, *([_cell(cell) for cell in row] for row in found.rows)])
        else:
            self._table(found)
        if self.form == "table" or found.truncated:
            more = f"; there are more, see :limit ({self.limit})" if found.truncated else ""
            print(f"{len(found.rows)} rows{more}", file=self._out if self.form == "table" else self._err)

    def _table(self, found: Rows) -> None:
        from rich import box
        from rich.console import Console
        from rich.table import Column, Table
        from rich.text import Text

        if not found.columns:
            return
        table = Table(*(Column(Text(name)) for name in found.columns), box=box.SIMPLE_HEAD, pad_edge=False)
        for row in found.rows:
            table.add_row(*(Text(_cell(cell)) for cell in row))
        Console(file=self._out, width=None if self._out.isatty() else 240).print(table)

    def _say(self, text: str) -> None:
        print(text, file=self._out)

    def _fail(self, text: str) -> None:
        self.failures += 1
        print(text, file=self._err)


def _cell(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, Mapping | list | tuple):
        import orjson

        return orjson.dumps(value).decode()
    return str(value)


def _shown(statement: str, message: str) -> str:
    """The line of a statement that an error names, to be printed below it."""
    found = _LINE.search(message)
    lines = statement.splitlines()
    if not found or len(lines) < 2 or not 0 < int(found[1]) <= len(lines):
        return ""
    return f"\n  {found[1]} | {lines[int(found[1]) - 1]}"


def _typed(shell: Shell) -> Iterator[str]:
    """The lines of somebody at a terminal, with history and editing where the system has readline."""
    history = Path("~/.liantu_history").expanduser()
    with contextlib.suppress(ImportError):
        import readline

        with contextlib.suppress(OSError):
            readline.read_history_file(history)
        readline.set_history_length(1000)
    try:
        while True:
            try:
                yield input("   ...> " if shell.waiting.strip() else "liantu> ")
            except KeyboardInterrupt:
                print()
                yield _DROPPED
            except EOFError:
                print()
                return
    finally:
        with contextlib.suppress(ImportError, OSError):
            import readline

            readline.write_history_file(history)


def run(store: Store, form: Form) -> int:
    """A session on the terminal, or on what is piped in; the answer is the number of statements that failed."""
    shell = Shell(store, form, sys.stdout, sys.stderr)
    if sys.stdin.isatty():
        print(f"{store.url}, edition {store.current() or 'none yet'}. :help tells what can be said here.")
        shell.run(_typed(shell))
        return 0
    shell.run(iter(sys.stdin.read().splitlines()))
    return shell.failures
