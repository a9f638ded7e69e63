"""What readers report as wrong: one line of JSON each in a file, for who looks after the facts."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from graph.errors import LiantuError

MOST_BYTES = 4_000_000
"""No more is kept, so that nobody fills the disk."""
_LOCK = threading.Lock()


class ReportsFull(LiantuError):
    """The file of reports has no room; it has to be read and emptied first."""

    def __init__(self) -> None:
        super().__init__("There is no room for more reports. Tell the administrator.")


@dataclass(frozen=True, slots=True)
class Report:
    """A report.

    Attributes:
        at: When it came, UTC, ISO 8601.
        thing: What it is about, `product:ion-implanter`.
        fact: Which statement is wrong, in the words of the reader.
        page: Address of the page that was read.
        edition: Edition that the page showed.
        text: What would be right, and where that stands.
    """

    at: str
    thing: str
    fact: str
    page: str
    edition: str
    text: str


def keep(path: Path, report: Report) -> None:
    """Add a report to the file.

    Raises:
        ReportsFull: The file is as large as it may get.
    """
    line = json.dumps(asdict(report), ensure_ascii=False) + "\n"
    with _LOCK:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size + len(line.encode()) > MOST_BYTES:
            raise ReportsFull
        with path.open("a", encoding="utf-8") as file:
            file.write(line)


def kept(path: Path) -> tuple[Report, ...]:
    """All reports, the newest first; a line that is none is left out."""
    if not path.exists():
        return ()
    found = []
    names = {field.name for field in fields(Report)}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict) and row.keys() == names:
            found.append(Report(**row))
    return tuple(reversed(found))
