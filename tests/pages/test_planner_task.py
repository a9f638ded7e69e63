"""A planner's task from start to end: a weak link, who is near, the list taken away, a loss played, the link shared."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

OpenPage = Callable[..., Any]


def _sheet(page: Any, link: str) -> list[tuple[Any, ...]]:
    with page.expect_download() as file:
        page.get_by_role("link", name=link).click()
    book = load_workbook(io.BytesIO(Path(file.value.path()).read_bytes()), read_only=True)
    return list(book.worksheets[0].iter_rows(values_only=True))


def _find(page: Any, size: tuple[int, int], text: str, name: str) -> None:
    """Take what the search box offers under a name; on a phone the box is behind its sign."""
    if size[0] < 800:
        page.get_by_role("link", name="搜索", exact=True).click()
    box = page.get_by_role("combobox", name="搜索").locator("visible=true")
    box.press_sequentially(text)
    page.get_by_role("group", name="产品").get_by_role("option", name=name, exact=True).click()
    page.get_by_role("heading", level=1, name=re.compile(f"^{name}")).wait_for()


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["desk", "phone"])
def test_a_weak_link_is_found_taken_away_played_and_shared(
    address: str, open_page: OpenPage, size: tuple[int, int]
) -> None:
    page = open_page(*size, permissions=["clipboard-read", "clipboard-write"])
    page.goto(address)
    _find(page, size, "lzzrj", "离子注入机")

    # It is a weak link in China: two firms in mass production, so the link is to be strengthened.
    assert re.search(r"全国\s*单薄\s*量产 2", page.get_by_role("main").inner_text())
    page.goto(f"{address}/gaps?chain=high-end-chips&region=china")
    line = page.locator("tr.r", has=page.get_by_role("link", name="离子注入机", exact=True))
    assert "固链" in line.inner_text()

    # The list that is taken away is the list that is seen.
    names = page.locator("tr.r .pn").all_inner_texts()
    scores = page.locator("tr.r .c-sc b").all_inner_texts()
    head, *rows = _sheet(page, "导出 Excel")
    name_at, score_at = head.index("名称"), head.index("缺口分")
    assert [row[name_at] for row in rows] == names
    assert [f"{float(row[score_at]):.1f}" for row in rows] == scores

    # Who is near: makers by distance, and who might fill the gap, with a reason for each.
    line.get_by_role("link", name="离子注入机", exact=True).click()
    page.get_by_role("heading", name="谁在做").wait_for()
    makers = page.locator("section.panel", has=page.get_by_role("heading", name="谁在做")).locator("tbody tr")
    radii = [text.split()[0] for text in makers.all_inner_texts()]
    order = ["上海", "长三角", "全国", "全球"]
    assert radii == sorted(radii, key=order.index)
    assert {"上海", "全国", "全球"} <= set(radii)
    page.get_by_role("heading", name="补链候选").wait_for()

    # The economy of the largest supplier is lost.
    market = page.locator("section.panel", has=page.get_by_role("heading", name="集中度")).locator("tbody tr").first
    largest = re.split(r"\s", market.inner_text())[0]
    assert largest == "美国"
    page.goto(f"{address}/disruptions")
    page.get_by_role("combobox", name="加一项").press_sequentially(largest)
    page.get_by_role("option", name=re.compile(f"^{largest}\\s*经济体")).click()
    page.get_by_role("heading", level=1, name=re.compile("^美国断供")).wait_for()

    # The link opens the same in a browser that has never been here.
    page.get_by_role("button", name="复制链接").click()
    page.get_by_role("button", name="已复制").wait_for()
    shared = page.evaluate("navigator.clipboard.readText()")
    fresh = open_page(*size)
    fresh.goto(shared)
    assert fresh.get_by_role("main").inner_text().replace("复制链接", "已复制") == page.get_by_role("main").inner_text()
    assert _sheet(fresh, "导出 Excel") == _sheet(page, "导出 Excel")


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("lizizhuru", "产品", "离子注入机"),
        ("lzzrj", "产品", "离子注入机"),
        ("ion implanter", "产品", "离子注入机"),
        ("離子注入機", "产品", "离子注入机"),
        ("离子注入设备", "产品", "离子注入机"),
        ("中芯", "企业", "中芯国际"),
        ("zhangjiang", "园区", "张江"),
        ("苏州", "地区", "苏州市"),
        ("邮轮", "产业链", "大型邮轮"),
    ],
)
def test_the_search_box_offers_by_kind_while_one_types(
    address: str, open_page: OpenPage, text: str, kind: str, name: str
) -> None:
    page = open_page()
    page.goto(f"{address}/glossary")
    page.keyboard.press("/")
    page.keyboard.type(text)
    offered = page.get_by_role("group", name=kind, exact=True).get_by_role("option").filter(has_text=name).first
    offered.wait_for()
    box = page.get_by_role("combobox", name="搜索")
    assert box.get_attribute("aria-expanded") == "true"
    for _ in range(page.get_by_role("option").count()):
        page.keyboard.press("ArrowDown")
        if offered.get_attribute("aria-selected") == "true":
            break
    assert box.get_attribute("aria-activedescendant") == offered.get_attribute("id")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name=re.compile(name)).wait_for()


def test_an_empty_box_and_escape_offer_nothing(address: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(address)
    page.keyboard.press("/")
    page.keyboard.type("光刻")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Escape")
    assert page.get_by_role("option").count() == 0
    page.keyboard.type("机")
    page.get_by_role("option").first.wait_for()
    page.get_by_role("combobox", name="搜索").fill("")
    page.get_by_role("option").first.wait_for(state="hidden")
