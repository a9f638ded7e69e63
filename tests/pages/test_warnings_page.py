"""预警: what a planner is warned of, why, and what the step after it is."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from page_text import text_of, words

OpenPage = Callable[..., Any]
DAY = "2026-11-25"


def test_the_page_says_what_the_api_says(client: TestClient) -> None:
    answer = client.get(f"/api/v1/warnings?on={DAY}&limit=1000").json()
    page = text_of(client, f"/warnings?on={DAY}")
    assert re.findall(r'<tbody class="w" id="([^"]+)"', page) == [row["id"] for row in answer["items"]]
    read = re.sub(r"\s+", "", words(page))
    for row in answer["items"]:
        assert re.sub(r"\s+", "", row["reason_zh"]) in read
    assert f"红{answer['counts']['red']}条" in read
    assert f"蓝{answer['counts']['blue']}条" in read


@pytest.mark.parametrize("query", ["level=red", "rule=concentration", "chain=medical-imaging", "level=blue&rule=event"])
def test_filters_are_those_of_the_api(client: TestClient, query: str) -> None:
    items = client.get(f"/api/v1/warnings?on={DAY}&limit=1000&{query}").json()["items"]
    page = text_of(client, f"/warnings?on={DAY}&{query}")
    assert re.findall(r'<tbody class="w" id="([^"]+)"', page) == [row["id"] for row in items]


def test_every_scenario_can_be_played(client: TestClient) -> None:
    page = text_of(client, f"/warnings?on={DAY}&level=red&level=orange")
    links = {html.unescape(link) for link in re.findall(r'href="(/disruptions\?[^"]+)"', page)}
    assert len(links) > 10
    for link in links:
        assert client.get(link).status_code == 200, link


def test_a_day_without_events_says_so_and_bad_words_are_told(client: TestClient) -> None:
    assert "没有触及我们的未结束事件" in words(text_of(client, "/warnings?on=1990-01-01"))
    assert "没有预警不等于没有风险" in words(text_of(client, "/warnings?on=1990-01-01&level=red"))
    text_of(client, "/warnings?level=purple", 422)
    text_of(client, "/warnings?on=tomorrow", 422)
    text_of(client, "/warnings?chain=nothing", 404)


def test_a_planner_goes_from_a_warning_to_its_repair(address: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(address)
    page.get_by_role("link", name="预警", exact=True).first.click()
    page.get_by_role("navigation", name="按级别筛选").get_by_role("link", name=re.compile("红")).click()
    first = page.locator("tbody.w").first
    assert "红" in first.inner_text()
    first.get_by_text(re.compile("^修复清单")).click()
    assert first.get_by_role("table").get_by_role("row").count() > 1
    with page.expect_download() as file:
        page.get_by_role("link", name="导出 CSV").click()
    lines = list(csv.DictReader(Path(file.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    assert len(lines) == page.locator("tbody.w").count()
    first.get_by_role("link", name="推演").click()
    page.get_by_role("heading", name="谁能替代").wait_for()
    assert "removed=event" in page.url


def test_another_day_by_keyboard(address: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{address}/warnings")
    page.get_by_label("日期").fill("2022-04-15")
    page.get_by_role("button", name="筛选").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="回到今天").wait_for()
    assert "on=2022-04-15" in page.url


@pytest.mark.parametrize("path", [f"/warnings?on={DAY}", f"/targets?on={DAY}"])
def test_on_a_phone_long_tables_are_folded_by_group(address: str, open_page: OpenPage, path: str) -> None:
    page = open_page(390, 844)
    page.goto(address + path)
    heads = page.get_by_role("table").locator(".grp").get_by_role("button")
    heads.first.wait_for()
    rows = page.locator("tbody.w > tr:first-child, .tg tr[id]")
    opened = heads.evaluate_all("all => all.map((one) => one.getAttribute('aria-expanded'))")
    assert opened == ["true", *["false"] * (len(opened) - 1)]
    few, everything = rows.locator("visible=true").count(), rows.count()
    assert 0 < few < everything
    heads.last.press("Enter")
    more = rows.locator("visible=true").count()
    assert few < more < everything
    page.emulate_media(media="print")
    assert rows.locator("visible=true").count() == everything
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1440, "height": 900})
    rows.last.wait_for()
    assert rows.locator("visible=true").count() == everything
    assert heads.count() == 0


def test_a_link_to_a_folded_row_opens_its_group(address: str, open_page: OpenPage) -> None:
    page = open_page(390, 844)
    page.goto(f"{address}/warnings?on={DAY}")
    last = page.locator("tbody.w").last.get_attribute("id")
    page.goto("about:blank")
    page.goto(f"{address}/warnings?on={DAY}#{last}")
    page.locator(f'[id="{last}"]').get_by_role("link").first.wait_for()
