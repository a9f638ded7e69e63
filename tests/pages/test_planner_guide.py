"""The guide for planners shows pages that are there, names what stands on them, and has the pictures of the script."""

from __future__ import annotations

import html
import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from page_text import text_of

ROOT = Path(__file__).parent.parent.parent
GUIDE = ROOT / "docs" / "guide" / "planner"
PAGES = sorted(GUIDE.glob("*.md"))


def _pictures() -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location("screenshots", ROOT / "scripts" / "screenshots.py")
    assert spec and spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    found: dict[str, Any] = script.PICTURES
    return found


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_what_the_guide_says_to_click_is_on_the_pages_it_names(client: TestClient, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    shown = "".join(html.unescape(text_of(client, page)) for page in re.findall(r"`(/[^`]*)`", text))
    labels = re.findall("「([^」]+)」", text)
    assert [label for label in labels if label not in shown] == []


def test_the_guide_names_every_page_of_planners(client: TestClient) -> None:
    named = {page.partition("?")[0] for path in PAGES for page in re.findall(r"`(/[^`]*)`", path.read_text("utf-8"))}
    menu = re.search(r"<nav.*?</nav>", text_of(client, "/"), re.DOTALL)
    assert menu
    links = {link.partition("?")[0] for link in re.findall(r'href="(/[^"]*)"', menu.group())}
    lists = {"/chains", "/products", "/firms", "/parks"}
    for_others = {"/queries", "/cypher", "/data"}
    assert links - lists - for_others <= named


def test_links_and_pictures_are_there_and_made_by_the_script() -> None:
    pictures = {f"{name}.webp" for name in _pictures()}
    shown = set()
    for path in [*PAGES, ROOT / "README.md"]:
        for link in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / link).exists(), (path.name, link)
            if link.endswith(".webp"):
                shown.add(Path(link).name)
    assert shown == pictures
    assert {file.name for file in (GUIDE.parent / "pictures").iterdir()} == pictures
