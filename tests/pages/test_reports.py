"""报告错误: what a reader sends, what the administrator sees, and what nobody else does."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from page_text import text_of, words

from api import reports
from api.app import create_app
from api.settings import Settings
from graph.store import Store

BAD = "<img src=x onerror=alert(1)>"
FORM = {"thing": "product:ion-implanter", "fact": BAD, "at": "/products/ion-implanter", "edition": "e", "text": "40 家"}


def client_with(store: Store, folder: Path, token: str) -> TestClient:
    app = create_app(store)
    app.state.settings = Settings(admin_token=token, reports=folder / "deep" / "reports.jsonl")
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture
def keeping(arcadedb_store: Store, tmp_path: Path) -> Iterator[TestClient]:
    with client_with(arcadedb_store, tmp_path, "secret") as found:
        yield found


def test_a_profile_leads_to_the_form_which_knows_what_it_is_about(keeping: TestClient) -> None:
    for path, thing in (("/products/ion-implanter", "product:ion-implanter"), ("/firms/smic", "firm:smic")):
        link = re.search(r'href="(/report[^"]*)"', text_of(keeping, path))
        assert link
        page = text_of(keeping, html.unescape(link[1]))
        assert f'name="thing" value="{thing}"' in page
        assert f'name="at" value="{path}"' in page


def test_what_is_sent_is_kept_for_the_administrator_alone(keeping: TestClient) -> None:
    assert "已记下" in keeping.post("/report", data=FORM).text
    assert "请写明" in keeping.post("/report", data=FORM | {"text": " "}).text
    shown = keeping.post("/data/reports", data={"token": "secret"})
    assert "读者报告 1 条" in words(shown.text)
    assert BAD not in shown.text
    assert html.escape(BAD, quote=False) in shown.text
    for token in ("", "wrong", "secret "):
        refused = keeping.post("/data/reports", data={"token": token})
        assert refused.status_code == 403
        assert "40 家" not in refused.text
    assert "读者报告 1 条" not in text_of(keeping, "/data")


def test_without_a_token_nothing_is_kept_and_the_text_can_be_copied(arcadedb_store: Store, tmp_path: Path) -> None:
    with client_with(arcadedb_store, tmp_path, "") as client:
        page = client.post("/report", data=FORM).text
        assert "请复制" in page
        assert "40 家" in page
        assert client.post("/data/reports", data={"token": ""}).status_code == 403
    assert list(tmp_path.iterdir()) == []


def test_other_sites_and_other_addresses_are_refused(keeping: TestClient) -> None:
    answer = keeping.post("/report", data=FORM, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    for address in ("javascript:alert(1)", "https://elsewhere.example/x", "//elsewhere.example"):
        page = keeping.get("/report", params={"at": address}).text
        assert "javascript:" not in page
        assert "elsewhere" not in page.split("<main")[1]


def test_the_file_never_grows_past_its_bound(tmp_path: Path, monkeypatch: Any) -> None:
    path = tmp_path / "reports.jsonl"
    row = reports.Report("2026-01-01T00:00:00+00:00", "t", "f", "/p", "e", "x" * 100)
    monkeypatch.setattr(reports, "MOST_BYTES", 500)
    with pytest.raises(reports.ReportsFull):
        for _ in range(10):
            reports.keep(path, row)
    assert 0 < path.stat().st_size <= 500
    path.write_text(path.read_text() + "not json\n[1]\n")
    assert set(reports.kept(path)) == {row}
