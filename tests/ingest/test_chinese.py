"""Every finding has a Chinese sentence, whatever rule it comes from."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from fact_folders import LOW, folder_with

from api.cli import main
from ingest.chinese import CODES, sentence
from ingest.pipeline import check_folder
from ingest.rows import _CODES

CODE_AT = {"find": 5, "refuse": 4, "warn": 4}
"""Where the code stands among the arguments of those who tell the faults of ChainKnowledgeGraph."""
INGEST = Path(__file__).resolve().parents[2] / "ingest"


def test_every_code_of_the_rules_has_a_sentence() -> None:
    """Codes are the texts that stand in their place of a finding."""
    source = "".join((INGEST / f"{name}.py").read_text(encoding="utf-8") for name in ("checks", "pipeline", "rows"))
    written = set(re.findall(r'"([a-z]+(?:-[a-z0-9]+)+)", (?:text|f?"|advice)', source)) | set(_CODES.values())
    written |= set(re.findall(r'PydanticCustomError\("([a-z-]+)"', source))
    written |= set(re.findall(r', "(cells|duplicate|dangling|cycle|loop|unreadable)", ', source))
    for node in ast.walk(ast.parse((INGEST / "chainkg.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CODE_AT:
            code = node.args[CODE_AT[node.func.attr]]
            if isinstance(code, ast.Constant):
                written.add(code.value)
    assert len(written) > 20
    assert written == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_sentences_have_no_gap(code: str) -> None:
    from ingest.report import Finding

    text = sentence(Finding("refused", "firms", 3, "name_zh", "{甲}", code, ""))
    assert re.search("[\u4e00-\u9fff]", text)
    assert "None" not in text
    assert text.endswith("。")


def test_a_planner_reads_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = f"g,乙公司,mars,1200000,{LOW}\ng2,{'长' * 600},cn,,{LOW}\n"
    folder = folder_with(tmp_path, firms=rows, supplies=f"f,p,bulk,,,,{LOW}\n")
    assert check_folder(folder).refused_rows == 3
    assert main(["check", str(folder), "--lang", "zh"]) == 1
    said = capsys.readouterr().out
    assert "未采用　firms 表第 3 行：founded 的值“1200000”超出范围，请填 1000 至 2100。" in said
    assert "name_zh 太长，最多 500 个字符，请缩短。" in said
    assert "capability 的值“bulk”不在允许之列，请用：mass-production、small-batch、pilot、research。" in said
    assert "未采用 3 行" in said
    assert not re.search("refused|warning:", said)
    assert main(["check", str(folder), "--format", "json"]) == 1
    assert '"message_zh":"name_zh 太长' in capsys.readouterr().out
