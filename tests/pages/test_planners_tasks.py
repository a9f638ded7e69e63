"""What planners come for, start to end: by the roles and names that they see, on a PC and on a phone."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from api.settings import Settings
from graph.store import Store

OpenPage = Callable[..., Any]


def search_box(page: Any) -> Any:
    """The box of the masthead, or on a narrow screen that of the page of the search."""
    lens = page.get_by_role("banner").get_by_role("link", name="搜索")
    if lens.is_visible():
        lens.click()
    return page.get_by_role("combobox", name="搜索").locator("visible=true")


def heading(page: Any) -> str:
    """The first heading of a page."""
    return str(page.get_by_role("heading", level=1).inner_text())


def test_from_a_concentration_to_the_loss_of_its_greatest_economy(address: str, open_page: OpenPage) -> None:
    page = open_page(390, 844)
    page.goto(f"{address}/products/ion-implanter?r=china")
    shares = page.locator(".panel", has=page.get_by_role("heading", name="集中度"))
    shares.get_by_role("link", name=re.compile("^推演.+断供$")).first.click()
    page.get_by_role("heading", level=1, name=re.compile("^美国断供：")).wait_for()
    assert page.url.endswith("removed=economy%3Aus")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_two_events_side_by_side_on_any_screen(address: str, open_page: OpenPage, size: tuple[int, int]) -> None:
    page = open_page(*size)
    page.goto(address)
    page.get_by_role("link", name="断链推演").locator("visible=true").first.click()
    page.get_by_role("link", name="中国对钨、碲、铋、钼、铟相关物项实施出口管制").click()
    page.get_by_role("heading", name="谁能替代").wait_for()
    page.get_by_label("加到").select_option("对比情景")
    page.get_by_role("combobox", name="加一项").fill("日本")
    page.get_by_role("button", name="加入").click()
    beside = page.locator(".panel", has=page.get_by_role("heading", name="两个情景"))
    stopped = beside.get_by_role("row", name=re.compile("^停产产品")).get_by_role("cell").all_inner_texts()
    assert len(stopped) == 2
    assert int(stopped[1]) > 0
    with page.expect_download() as file:
        page.get_by_role("link", name="导出 CSV").click()
    lines = Path(file.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) > 1
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_the_offers_go_away_and_the_words_stay(address: str, open_page: OpenPage) -> None:
    page = open_page(390, 844)
    page.goto(address)
    box = search_box(page)
    box.press_sequentially("中芯")
    page.get_by_role("group", name="企业").get_by_role("option").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box.press("Escape")
    page.get_by_role("listbox", name="查找结果").wait_for(state="hidden")
    assert box.input_value() == "中芯"
    box.press("Enter")
    page.wait_for_url("**/search?q=*")


@pytest.mark.parametrize("token", ["", "secret"])
def test_a_reader_reports_an_error(
    arcadedb_store: Store, serve_app: Callable[[Any], str], open_page: OpenPage, tmp_path: Path, token: str
) -> None:
    """With a token the administrator finds the report on the page of the data; without one it can be copied."""
    app = create_app(arcadedb_store)
    app.state.settings = Settings(admin_token=token, reports=tmp_path / "reports.jsonl")
    address = serve_app(app)
    page = open_page()
    page.goto(f"{address}/products/ion-implanter")
    page.get_by_role("link", name="报告错误").click()
    page.get_by_label("哪条不对").fill("凯世通的能力")
    page.get_by_label("对的是什么，出处").fill("应为小批量")
    page.get_by_role("button", name="提交").click()
    if not token:
        assert "应为小批量" in page.locator("pre").inner_text()
        return
    assert "已记下" in page.get_by_role("status").inner_text()
    page.get_by_role("link", name="回到原来的页面").click()
    page.goto(f"{address}/data")
    page.get_by_label("口令").fill(token)
    page.get_by_role("button", name="查看").click()
    assert "应为小批量" in page.get_by_role("table").filter(has_text="凯世通的能力").inner_text()


def test_from_the_picture_to_the_whole_graph_for_other_programs(address: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{address}/explore?do=product:ion-implanter&n=product:ion-implanter")
    page.get_by_text("带走").click()
    page.get_by_role("link", name="全图各种格式").click()
    with page.expect_download() as file:
        page.get_by_role("link", name=re.compile("GraphML", re.IGNORECASE)).click()
    tree = ET.parse(file.value.path()).getroot()
    assert len(tree.findall(".//{*}node")) > 4000


READ = (
    "/", "/chains/high-end-chips", "/products/ion-implanter", "/gaps", "/disruptions?removed=economy:us", "/delta",
    "/firms/smic", "/parks/zhangjiang", "/regions/cn-sh", "/warnings", "/targets",
    "/explore?do=product:ion-implanter&n=product:ion-implanter", "/compare", "/glossary", "/search?q=lzzrj",
)  # fmt: skip


def test_every_page_is_text_and_lists_without_javascript(address: str, open_page: OpenPage) -> None:
    """Each says what it is, holds a list or a table, and leads on by links and forms that the browser itself knows."""
    page = open_page(java_script_enabled=False)
    for path in READ:
        page.goto(address + path, wait_until="domcontentloaded")
        assert heading(page), path
        assert page.locator("main").locator("table, ul, ol, dl").locator("visible=true").count() > 0, path
        assert page.locator("main a[href]:visible, main button:visible").count() > 0, path
        assert page.get_by_role("combobox", name="搜索").first.is_visible()
