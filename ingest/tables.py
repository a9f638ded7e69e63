"""Files to rows of text: CSV in UTF-8, UTF-16 or GB18030, JSON lines, Excel; with or without a byte order mark."""

from __future__ import annotations

import codecs
import csv
import io
import json
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

_SHOWN_AS = {
    "gb18030": "GB18030",
    "big5": "Big5",
    "cp932": "Shift-JIS",
    "euc_jp": "EUC-JP",
    "euc_kr": "EUC-KR",
    "cp1252": "Windows-1252",
}
_MOST_GUESSED_BY = 500  # lines
_LEAST_JUDGED, _EVERYDAY = 8, 0.9
_COMMON, _MARKS = range(0xB0, 0xD8), (0xA1, 0xA3)  # first bytes in GB 2312: common characters; marks, wide letters
SUFFIXES = (".csv", ".jsonl", ".xlsx")


class Unreadable(Exception):
    """A file that cannot be read as a table; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row of text.

    Attributes:
        number: As a spreadsheet shows it: the header is row 1, a cell of several lines stands in one row. In JSON lines
            the number of the line.
        cells: Text by column, without surrounding space.
        fault: Why the row as a whole cannot be read, or an empty text.
    """

    number: int
    cells: dict[str, str]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file that was read: its header, its rows and how it was encoded."""

    header: tuple[str, ...]
    rows: tuple[RawRow, ...]
    encoding: str


def read_table(path: Path) -> RawTable:
    """Read a file by its ending.

    Raises:
        Unreadable: It is no table, or in an unknown encoding.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{error.strerror}; check that the file is there and may be read") from error
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        return _read_excel(data)
    text, encoding = _decode(data)
    return _read_json_lines(text, encoding) if suffix == ".jsonl" else _read_csv(text, encoding)


def _decode(data: bytes) -> tuple[str, str]:
    """The text and its encoding.

    Bytes of almost any encoding of East Asia can be read as GB18030, and come out as rare characters: only what looks
    like Chinese in it is read so, and anything else refused with a guess.

    Raises:
        Unreadable: It is in another encoding, or in none.
    """
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if marked else ["utf-8-sig", *_unmarked_utf_16(data), "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            continue
        if encoding == "gb18030" and (guess := _guess(data, text)) != "gb18030":
            seems = f"the file seems to be in {_SHOWN_AS.get(guess, guess)}" if guess else "the encoding is not clear"
            raise Unreadable(f"{seems}; save it as UTF-8 (in Excel: CSV UTF-8)")
        return text.removeprefix("\ufeff"), "utf-8" if encoding == "utf-8-sig" else encoding
    raise Unreadable("the encoding is neither UTF-8 nor GB18030; save the file as UTF-8 (in Excel: CSV UTF-8)")


def _unmarked_utf_16(data: bytes) -> list[str]:
    """Which UTF-16 it is if it begins like a table in one: every other byte of an ASCII header is a NUL."""
    head = data[:8]
    if len(head) == 8 and not any(head[1::2]) and all(head[::2]):
        return ["utf-16-le"]
    return ["utf-16-be"] if len(head) == 8 and not any(head[::2]) and all(head[1::2]) else []


def _guess(data: bytes, as_gb18030: str) -> str:
    """The likeliest of the encodings that tables come in, by the lines that are not ASCII; empty when none is."""
    if _is_a_few_common_words(as_gb18030):
        return "gb18030"
    from charset_normalizer import from_bytes

    lines = [line for line in data.splitlines() if not line.isascii()]
    sample = b"\n".join(lines[:_MOST_GUESSED_BY])
    found = from_bytes(sample, cp_isolation=list(_SHOWN_AS)).best()
    guess: str = found.encoding if found else ""
    # A few words are too little to tell by their frequency. But Big5, Shift-JIS and Windows-1252 read as GB18030 give
    # mostly characters outside GB 2312, with which nearly all of today's Chinese is written; EUC-KR and EUC-JP do not.
    return "gb18030" if guess not in ("euc_kr", "euc_jp") and _is_everyday_chinese(as_gb18030) else guess


def _is_a_few_common_words(text: str) -> bool:
    """Whether all of a text that is short is common Chinese: of the 3,755 characters of the first level of GB 2312.

    So little text says nothing by its frequency; of the encodings that fit, the one of this country is the likeliest,
    and the report names it.
    """
    beyond = [char for char in text if not char.isascii()]
    if len(beyond) >= _LEAST_JUDGED:
        return False
    leads = [(char.encode("gb2312", "ignore") or b"\0")[0] for char in beyond]
    return any(lead in _COMMON for lead in leads) and all(lead in _COMMON or lead in _MARKS for lead in leads)


def _is_everyday_chinese(text: str) -> bool:
    beyond = [char for char in text if not char.isascii()]
    everyday = len("".join(beyond).encode("gb2312", "ignore")) / 2
    return len(beyond) >= _LEAST_JUDGED and everyday >= _EVERYDAY * len(beyond)


def _header(cells: list[str]) -> tuple[str, ...]:
    header = tuple(cell.strip() for cell in cells)
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise Unreadable(f"the header names {', '.join(twice)} twice; keep one")
    return header


def _fault(header: tuple[str, ...], cells: list[str]) -> str:
    """Why cells do not fit under a header, or an empty text."""
    if len(cells) < len(header) or any(cells[len(header) :]):
        return f"it has {len(cells)} cells, the header {len(header)}; check the commas and quotes"
    if "" in header and (loose := [cell for name, cell in zip(header, cells, strict=False) if cell and not name]):
        return f"{loose[0]!r} stands in a column without a name; name the column or empty it"
    return ""


def _table_rows(header: tuple[str, ...], rows: Iterable[list[str]]) -> Iterator[RawRow]:
    for number, row in enumerate(rows, start=2):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if fault := _fault(header, cells):
            yield RawRow(number, {}, fault)
        else:
            yield RawRow(number, {name: cell for name, cell in zip(header, cells, strict=False) if name})


def _read_csv(text: str, encoding: str) -> RawTable:
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = _header(next(rows, []))
        return RawTable(header, tuple(_table_rows(header, rows)), encoding)
    except csv.Error as error:
        raise Unreadable(f"line {rows.line_num}: {error}; check the quotes") from error


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ";".join(_text(item) for item in value)
    return str(value).strip()


def _json_cells(line: str) -> dict[str, str]:
    """The cells of a line.

    Raises:
        ValueError: It is no JSON object of plain values.
    """
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is not JSON: {getattr(error, 'msg', error)}; mend the line") from error
    if not isinstance(found, dict):
        raise ValueError('it is not a JSON object; write {"column": value, …}')
    for name, value in found.items():
        if any(isinstance(item, dict | list) for item in (value if isinstance(value, list) else [value])):
            raise ValueError(f"the value of {name!r} is nested; write text, a number, true, false or a list of texts")
    cells = {str(name).strip(): _text(value) for name, value in found.items()}
    try:
        "".join((*cells, *cells.values())).encode()
    except UnicodeEncodeError as error:
        raise ValueError("it holds half a character (\\ud800 to \\udfff); write the text again") from error
    return cells


def _read_json_lines(text: str, encoding: str) -> RawTable:
    rows, header = [], dict[str, None]()
    # splitlines() would also part a line at U+2028 and U+0085, which JSON allows inside a text.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            cells = _json_cells(line)
        except ValueError as error:
            rows.append(RawRow(number, {}, str(error)))
            continue
        header.update(dict.fromkeys(cells))
        rows.append(RawRow(number, cells))
    return RawTable(tuple(header), tuple(rows), encoding)


def _excel_rows(data: bytes) -> list[list[str]]:
    """The cells of the first sheet, each row as long as the first."""
    import openpyxl

    with warnings.catch_warnings():  # about styles and extensions, which do not touch the cells
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # some programs write a wrong size, and rows beyond it would be lost
        rows = [[_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    width = len(rows[0]) if rows else 0
    return [row + [""] * (width - len(row)) for row in rows]


def _read_excel(data: bytes) -> RawTable:
    try:
        rows = _excel_rows(data)
    except Exception as error:  # a damaged workbook fails in as many ways as it has parts
        raise Unreadable(f"it is not an Excel workbook ({error}); save it as .xlsx or .csv") from error
    header = _header(rows[0] if rows else [])
    return RawTable(header, tuple(_table_rows(header, rows[1:])), "xlsx")
