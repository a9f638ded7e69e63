"""Files of every kind and encoding to rows, and what cannot be read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from graph.errors import BadInput
from graph.model import Facts
from ingest.pipeline import check_folder, lay
from ingest.report import Report
from ingest.tables import Unreadable, read_table

HEADER = ["id", "name_zh", "name_en", "level", "parent_id", "lat", "lon", "in_yrd", "source_ids", "confidence"]
ROWS = [
    ["cn", "中国", "China", "economy", "", "35", "105.5", "false", "domain-knowledge", "low"],
    ["cn-sh", "上海市，“魔都”", "Shanghai, the city", "province", "cn", "31.2", "", "true", "domain-knowledge", "low"],
]


def as_csv(encoding: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        out = io.StringIO(newline="")
        csv.writer(out).writerows([HEADER, *ROWS])
        (folder / "regions.csv").write_bytes(out.getvalue().encode(encoding))

    return write


def as_jsonl(folder: Path) -> None:
    lines = [
        {"id": "cn", "name_zh": "中国", "name_en": "China", "level": "economy", "lat": 35,
         "lon": 105.5, "in_yrd": False},
        {"id": "cn-sh", "name_zh": ROWS[1][1], "name_en": ROWS[1][2], "level": "province", "parent_id": "cn",
         "lat": 31.2,
         "lon": None, "in_yrd": True},
    ]  # fmt: skip
    common = {"source_ids": ["domain-knowledge"], "confidence": "low"}
    text_ = "\n".join(json.dumps(line | common, ensure_ascii=False) for line in lines)
    (folder / "regions.jsonl").write_text(text_, encoding="utf-8")


def as_excel(folder: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADER)
    for row in ROWS:
        sheet.append(
            [float(cell) if name in ("lat", "lon") and cell else cell for name, cell in zip(HEADER, row, strict=True)]
        )
    book.save(folder / "regions.xlsx")


def facts_of(folder: Path) -> tuple[Facts, Report]:
    edition, report = lay(folder, "x")
    assert edition is not None, report.findings
    return edition.facts, report


@pytest.mark.parametrize(
    ("write", "encoding"),
    [
        (as_csv("utf-8"), None),
        (as_csv("utf-8-sig"), None),
        (as_csv("gb18030"), "gb18030"),
        (as_csv("utf-16"), "utf-16"),
        (as_jsonl, None),
        (as_excel, "xlsx"),
    ],
    ids=["utf-8", "utf-8 with BOM", "gb18030", "utf-16", "json lines", "excel"],
)
def test_every_way_of_writing_gives_the_same_records(
    tmp_path: Path, write: Callable[[Path], None], encoding: str | None
) -> None:
    write(tmp_path)
    facts, report = facts_of(tmp_path)
    assert [(r.id, r.name_zh, r.level, r.parent_id, r.lat, r.lon, r.in_yrd) for r in facts.regions] == [
        ("cn", "中国", "economy", None, 35.0, 105.5, False),
        ("cn-sh", "上海市，“魔都”", "province", "cn", 31.2, None, True),
    ]
    assert list(report.encodings.values()) == ([encoding] if encoding else [])


def fatal(folder: Path) -> tuple[str, str]:
    edition, report = lay(folder, "x")
    assert edition is None
    found = report.of("fatal")
    assert len(found) == 1
    return found[0].code, found[0].message


@pytest.mark.parametrize(
    ("name", "data", "code", "told"),
    [
        ("regions.csv", b"\xff\xfe\xff\x00\x81", "unreadable", "UTF-8"),
        ("regions.csv", b"id,name\0", "unreadable", "UTF-8"),
        ("regions.csv", "id,id,name_zh\ncn,cn,中国\n".encode(), "unreadable", "id twice"),
        ("regions.csv", 'id,name_zh\ncn,"中国"x\n'.encode(), "unreadable", "quotes"),
        ("regions.xlsx", b"not a workbook", "unreadable", ".xlsx"),
        ("regions.csv", "name_zh,level\n中国,economy\n".encode(), "wrong-header", "no column id"),
        ("firm.csv", b"id\n", "no-tables", "products.csv"),
    ],
)
def test_what_cannot_be_read_loads_nothing(tmp_path: Path, name: str, data: bytes, code: str, told: str) -> None:
    (tmp_path / name).write_bytes(data)
    found, message = fatal(tmp_path)
    assert found == code
    assert told in message


FIRMS = {
    "zh": [
        "上海微电子装备（集团）股份有限公司",
        "中芯国际集成电路制造有限公司",
        "长江存储科技有限责任公司",
        "沪东中华造船",
    ],
    "tw": ["台灣積體電路製造股份有限公司", "聯發科技股份有限公司", "鴻海精密工業股份有限公司", "廣達電腦"],
    "jp": ["東京エレクトロン株式会社", "信越化学工業株式会社", "ソニーグループ株式会社", "トヨタ自動車"],
    "kr": ["삼성전자 주식회사", "에스케이하이닉스", "현대자동차", "한화오션"],
    "fr": ["Société Générale", "Infineon Technologies Österreich AG", "Zürcher Kantonalbank", "Électricité de France"],
}


def firms(language: str, encoding: str) -> bytes:
    rows = [f"f-{n},{name},cn,domain-knowledge,low\n" for n, name in enumerate(FIRMS[language])]
    return ("id,name_zh,economy_id,source_ids,confidence\n" + "".join(rows)).encode(encoding)


@pytest.mark.parametrize(
    ("language", "encoding", "told"),
    [
        ("zh", "gbk", "gb18030"),
        ("tw", "gbk", "gb18030"),
        ("zh", "utf-16", "utf-16"),
        ("jp", "utf-16-le", "utf-16-le"),
        ("zh", "utf-16-be", "utf-16-be"),
        ("fr", "utf-16-le", "utf-16-le"),
    ],
)
def test_what_is_surely_read_is_read_as_it_was_written(tmp_path: Path, language: str, encoding: str, told: str) -> None:
    (tmp_path / "firms.csv").write_bytes(firms(language, encoding))
    as_csv("utf-8")(tmp_path)
    facts, report = facts_of(tmp_path)
    assert [firm.name_zh for firm in facts.firms] == FIRMS[language]
    assert report.encodings == {"firms.csv": told}


@pytest.mark.parametrize(
    ("language", "encoding", "told"),
    [
        ("tw", "big5", "Big5"),
        ("jp", "cp932", "Shift-JIS"),
        ("jp", "euc_jp", "EUC-JP"),
        ("kr", "euc_kr", "EUC-KR"),
        ("fr", "cp1252", "UTF-8"),
        ("fr", "latin-1", "UTF-8"),
    ],
)
def test_other_encodings_are_not_taken_for_chinese(tmp_path: Path, language: str, encoding: str, told: str) -> None:
    """Most of them can be read as GB18030 without an error."""
    (tmp_path / "firms.csv").write_bytes(firms(language, encoding))
    code, message = fatal(tmp_path)
    assert code == "unreadable"
    assert told in message
    assert "save" in message
    assert "UTF-8" in message


def test_every_table_that_ships_is_read_from_gb18030(data_folder: Path, tmp_path: Path) -> None:
    for path in data_folder.glob("*.csv"):
        data = path.read_bytes()
        (tmp_path / path.name).write_bytes(data.decode().encode("gb18030"))
        assert read_table(tmp_path / path.name).rows == read_table(path).rows


def test_few_chinese_words_are_enough_and_few_others_do_not_pass(tmp_path: Path) -> None:
    for name in FIRMS["zh"][:3]:
        (tmp_path / "x.csv").write_bytes(f"id,name_zh\na,{name}\n".encode("gbk"))
        assert read_table(tmp_path / "x.csv").rows[0].cells["name_zh"] == name
    for language, encoding in (("tw", "big5"), ("jp", "cp932"), ("fr", "cp1252")):
        for name in FIRMS[language]:
            (tmp_path / "x.csv").write_bytes(f"id,name_zh\na,{name}\n".encode(encoding))
            with pytest.raises(Unreadable, match="UTF-8"):
                read_table(tmp_path / "x.csv")


def test_one_table_in_two_files_loads_nothing(tmp_path: Path) -> None:
    as_csv("utf-8")(tmp_path)
    as_jsonl(tmp_path)
    assert fatal(tmp_path)[0] == "two-files"


def test_an_empty_folder_and_none_at_all(tmp_path: Path) -> None:
    assert fatal(tmp_path)[0] == "no-tables"
    with pytest.raises(BadInput, match="existing folder"):
        check_folder(tmp_path / "nothing")


def test_unknown_files_and_columns_are_told_and_left_out(tmp_path: Path) -> None:
    as_csv("utf-8")(tmp_path)
    (tmp_path / "firm.csv").write_text("id\nx\n")
    (tmp_path / "notes.txt").write_text("not looked at")
    (tmp_path / "chains.csv").write_text("id,name_zh,colour,source_ids,confidence\nc,链,red,domain-knowledge,low\n")
    facts, report = facts_of(tmp_path)
    assert [chain.id for chain in facts.chains] == ["c"]
    assert [(f.code, f.value) for f in report.findings] == [("unknown-column", "colour"), ("unknown-file", "firm.csv")]


def test_a_missing_column_is_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "firms.csv").write_text("id,name_zh,economy_id,source_ids,confidence\nf,企业,cn,domain-knowledge,low\n")
    as_csv("utf-8")(tmp_path)
    facts, report = facts_of(tmp_path)
    assert report.findings == []
    assert (facts.firms[0].aliases, facts.firms[0].founded, facts.firms[0].short_zh) == ((), None, None)


def test_row_numbers_are_those_of_a_spreadsheet(tmp_path: Path) -> None:
    (tmp_path / "regions.csv").write_text(
        'id,name_zh,level,source_ids,confidence\ncn,"中\n国",economy,domain-knowledge,low\n\n,,,,\n'
        "xx,叉,planet,domain-knowledge,low\n"
    )
    report = check_folder(tmp_path)
    assert [(f.row, f.column, f.code) for f in report.findings] == [(5, "level", "not-allowed")]
    assert report.read == {"regions": 2}


def test_broken_rows_are_refused_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "regions.csv").write_text(
        "id,name_zh,level,source_ids,confidence\ncn,中国,economy,domain-knowledge,low,more\nus,美国\n"
        "jp,日本,economy,domain-knowledge,low\n"
    )
    good = '{"id": "c", "name_zh": "链", "source_ids": "domain-knowledge", "confidence": "low"}'
    (tmp_path / "chains.jsonl").write_text('{"id": "a"\n[1]\n' + good)
    facts, report = facts_of(tmp_path)
    assert [row.id for row in (*facts.regions, *facts.chains)] == ["jp", "c"]
    assert [(f.table, f.row, f.code) for f in report.findings] == [
        ("regions", 2, "cells"), ("regions", 3, "cells"), ("chains", 1, "cells"), ("chains", 2, "cells")
    ]  # fmt: skip


COLUMNS = "id,name_zh,level,source_ids,confidence"
CN = "cn,中国,economy,domain-knowledge,low"


@pytest.mark.parametrize("name", ["regions.CSV", "regions.Csv"])
def test_the_ending_may_be_in_capitals(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(f"{COLUMNS}\n{CN}\n", encoding="utf-8")
    assert [row.id for row in facts_of(tmp_path)[0].regions] == ["cn"]


def test_a_table_in_a_format_that_is_not_read_is_told(tmp_path: Path) -> None:
    as_csv("utf-8")(tmp_path)
    for name in ("firms.xls", "README.md", "README.csv", "~$regions.xlsx", ".chains.csv"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "parks").mkdir()
    _, report = facts_of(tmp_path)
    assert [(f.code, f.table, f.value) for f in report.findings] == [("unknown-file", "firms", "firms.xls")]
    assert ".csv, .jsonl, .xlsx" in report.findings[0].message


def test_a_byte_order_mark_before_gb18030_is_no_part_of_the_header(tmp_path: Path) -> None:
    (tmp_path / "regions.csv").write_bytes(f"\ufeff{COLUMNS}\n{CN}\n".encode("gb18030"))
    facts, report = facts_of(tmp_path)
    assert (facts.regions[0].name_zh, report.encodings) == ("中国", {"regions.csv": "gb18030"})


def test_a_wrong_header_is_told_once_and_not_row_by_row(tmp_path: Path) -> None:
    (tmp_path / "regions.csv").write_text("name_zh,level\n" + "中国,economy\n" * 3, encoding="utf-8")
    report = check_folder(tmp_path)
    assert [(f.severity, f.row, f.column, f.code) for f in report.findings] == [("fatal", 1, "id", "wrong-header")]
    assert report.accepted == {}


def test_every_column_of_a_key_has_to_be_there(tmp_path: Path) -> None:
    (tmp_path / "supplies.csv").write_text("capability\npilot\n", encoding="utf-8")
    report = check_folder(tmp_path)
    assert [(f.column, f.code) for f in report.findings] == [
        ("firm_id", "wrong-header"),
        ("product_id", "wrong-header"),
    ]


def test_a_cell_without_a_column_name_is_not_lost_in_silence(tmp_path: Path) -> None:
    text = f"{COLUMNS},,\n{CN},,\nus,美国,economy,domain-knowledge,low,,remark\n"
    (tmp_path / "regions.csv").write_text(text, encoding="utf-8")
    facts, report = facts_of(tmp_path)
    assert [row.id for row in facts.regions] == ["cn"]
    assert [(f.row, f.code) for f in report.findings] == [(3, "cells")]
    assert "'remark'" in report.findings[0].message


def test_empty_cells_beyond_the_header_are_no_fault(tmp_path: Path) -> None:
    (tmp_path / "regions.csv").write_text(f"{COLUMNS}\n{CN},,,\n", encoding="utf-8")
    facts, report = facts_of(tmp_path)
    assert ([row.id for row in facts.regions], report.findings) == (["cn"], [])


@pytest.mark.parametrize("name", ["钢", "钢铁", "中芯国际", "光刻机", "宝钢（上海）", "硅片", "铝", "上海"])
def test_one_or_two_names_in_gbk_are_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / "firms.csv"
    path.write_bytes(f"id,name_zh\na,{name}\n".encode("gbk"))
    table = read_table(path)
    assert (table.rows[0].cells["name_zh"], table.encoding) == (name, "gb18030")


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("鋼鐵", "big5"),
        ("東京", "cp932"),
        ("ソニー", "cp932"),
        ("ソニー", "euc_jp"),
        ("Müller", "cp1252"),
        ("é", "cp1252"),
    ],
)
def test_one_name_in_another_encoding_is_refused_and_told(tmp_path: Path, name: str, encoding: str) -> None:
    path = tmp_path / "firms.csv"
    path.write_bytes(f"id,name_zh\na,{name}\n".encode(encoding))
    with pytest.raises(Unreadable, match=r"save (it|the file) as UTF-8"):
        read_table(path)
