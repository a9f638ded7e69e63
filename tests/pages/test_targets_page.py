"""指标: what a planner looks up in the targets of the plan."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from page_text import text_of, words
from playwright.sync_api import expect

OpenPage = Callable[..., Any]


def test_the_page_says_what_the_api_says(client: TestClient) -> None:
    items = client.get("/api/v1/targets?on=2026-11-25&limit=1000").json()["items"]
    page = text_of(client, "/targets?on=2026-11-25")
    assert re.findall(r'<tr id="([^"]+)">', page) != []
    assert set(re.findall(r'<tr id="([^"]+)">', page)) == {row["id"] for row in items}
    read = words(page)
    for row in items:
        assert row["indicator_zh"] in read
        assert row["text_zh"] in read
        if row["latest"]:
            assert row["latest"]["as_of"] in read
    counts = {status: sum(row["status"] == status for row in items) for status in ("missed", "no-evidence")}
    assert f"{counts['missed']} 项未达成" in read
    assert f"{counts['no-evidence']} 项无数据" in read


def test_another_day_is_another_page(client: TestClient) -> None:
    then = client.get("/api/v1/targets?on=2022-06-30&limit=1000").json()["items"]
    page = words(text_of(client, "/targets?on=2022-06-30"))
    late = [row for row in then if row["status"] in ("on-track", "behind")]
    assert f"{len(late)} 项未到期" in page
    assert text_of(client, "/targets?on=someday", 422)


def test_a_planner_finds_what_was_missed_and_takes_it_away(address: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(address)
    page.get_by_role("link", name=re.compile("^未达成")).click()
    rows = page.get_by_role("row").filter(has=page.get_by_text("未达成"))
    expect(rows.first).to_be_visible()
    assert page.get_by_role("row").filter(has=page.get_by_text("已达成")).count() == 0
    with page.expect_download() as file:
        page.get_by_role("link", name="导出 CSV").click()
    lines = list(csv.DictReader(Path(file.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    assert len(lines) == rows.count()
    assert {line["状态"] for line in lines} == {"未达成"}


def test_a_planner_goes_back_to_the_end_of_the_plan(address: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{address}/targets")
    page.get_by_label("日期").fill("2023-12-31")
    page.get_by_role("button", name="看这一天").click()
    page.get_by_text("截至 2023-12-31；").wait_for()
    assert "on=2023-12-31" in page.url
    page.get_by_role("link", name="回到今天").click()
    assert "on=" not in page.url


def test_the_table_on_paper(address: str, open_page: OpenPage) -> None:
    page = open_page(1032, 720)
    page.goto(f"{address}/targets")
    page.emulate_media(media="print")
    assert page.locator(".print-head h1").is_visible()
    assert not page.locator(".mast").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1032
