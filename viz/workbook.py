"""A list as a file for spreadsheets: an Excel workbook, or CSV that Excel opens.

Text that a spreadsheet would take for a formula is made harmless here, and only here: the exports that can be loaded
again (`viz.export`) keep every byte.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from viz.graphml import xml_text

Cell = str | int | float | bool | None

_STARTS = tuple("=+-@\t\r\n＝＋－＠")
"""First characters of what a spreadsheet may take for a formula; the wide ones do so in East Asian versions."""
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_MOST_TITLE, _MOST_TEXT, _MOST_EXACT = 31, 32_767, 2**53
_NARROWEST, _WIDEST, _LOOKED_AT = 8, 60, 500


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet may take a text for a formula."""
    return text.startswith(_STARTS)


def _cell(value: Any) -> Cell:
    """A value as a spreadsheet holds it: lists joined by `;`, records as JSON, numbers that it can hold as numbers."""
    if isinstance(value, list | tuple):
        return ";".join("" if item is None else str(_cell(item)) for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    if value is None or isinstance(value, str | bool | float):
        return value
    return value if isinstance(value, int) and abs(value) <= _MOST_EXACT else str(value)


def _csv_cell(value: Any) -> Any:
    cell = _cell(value)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return "'" + cell if isinstance(cell, str) and is_formula_like(cell) else cell


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A list as CSV for Excel: UTF-8 with a byte order mark, lines that end in CR LF.

    Text that begins like a formula gets a leading `'`; numbers are not touched.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(map(_csv_cell, columns))
    writer.writerows(map(_csv_cell, row) for row in rows)
    return out.getvalue().encode("utf-8-sig")


def text_width(text: str) -> int:
    """Columns that the longest line of a text takes in a monospaced font; a Chinese character takes two."""
    lines = text.splitlines() or [""]
    return max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in lines)


def _widths(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Iterator[int]:
    for at, name in enumerate(columns):
        cells = (row[at] for row in rows[:_LOOKED_AT] if at < len(row))
        found = max([text_width(name), *(text_width(str(cell)) for cell in cells if cell is not None)])
        yield min(max(found + 2, _NARROWEST), _WIDEST)


def sheet_title(title: str) -> str:
    """A title that Excel takes as the name of a sheet."""
    return _NOT_IN_TITLES.sub(" ", xml_text(title)).strip(" '")[:_MOST_TITLE].strip(" '") or "liantu"


def excel_text(sheet: Any, text: str) -> Any:
    """A cell of Excel that holds a text, whatever it looks like: no formula, no error, no number."""
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def _excel_cell(sheet: Any, value: Cell) -> Any:
    if not isinstance(value, str):
        return value
    text = xml_text(value)
    cell = excel_text(sheet, text if len(text) <= _MOST_TEXT else text[: _MOST_TEXT - 1] + "…")
    if is_formula_like(text):
        # The apostrophe of Excel: it stays text also when somebody edits the cell.
        cell.quotePrefix = True
    return cell


def _head(sheet: Any, name: str) -> Any:
    cell = excel_text(sheet, xml_text(name))
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", start_color="EEF0EC")
    cell.alignment = Alignment(vertical="center")
    return cell


def workbook(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A list as an Excel workbook of one sheet, its header bold and frozen, with a filter.

    Numbers and truth values keep their type; text stays text. Control characters that XML forbids are replaced by
    U+FFFD, and a text is cut at the 32,767 characters that a cell can hold.
    """
    cells = [[_cell(value) for value in row] for row in rows]
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(sheet_title(title))
    sheet.freeze_panes = "A2"
    for number, width in enumerate(_widths(columns, cells), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    if columns:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(cells) + 1}"
    sheet.append([_head(sheet, name) for name in columns])
    for row in cells:
        sheet.append([_excel_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
