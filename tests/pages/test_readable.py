"""A list that a planner takes away is in Chinese: no name of a field, no code, no id but where it says so."""

from __future__ import annotations

import csv
import html
import io
import re

import pytest
from fastapi.testclient import TestClient

LISTS = (
    "gaps?region=china&limit=1000", "warnings?on=2026-11-25", "targets?on=2026-11-25", "products?limit=1000",
    "firms?limit=1000", "parks?limit=1000", "partnerships?limit=1000", "products/ion-implanter/suppliers?",
    "products/ion-implanter/candidates?region=shanghai", "disruptions?removed=economy:us",
)  # fmt: skip
PAGES = (
    "/", "/chains/high-end-chips", "/gaps", "/products", "/products/ion-implanter", "/firms", "/parks", "/delta",
    "/warnings", "/targets", "/disruptions?removed=economy:us",
)  # fmt: skip
_ID = re.compile(r"(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)+")


def _rows(client: TestClient, address: str) -> list[list[str]]:
    response = client.get(address)
    assert response.status_code == 200, address
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("question", LISTS)
def test_a_list_to_be_read_is_in_chinese(client: TestClient, question: str) -> None:
    raw = _rows(client, f"/api/v1/{question}&format=csv")
    head, *rows = _rows(client, f"/api/v1/{question}&format=csv&words=zh")
    assert len(rows) == len(raw) - 1 > 0
    assert [name for name in head if re.search("[A-Za-z]", name)] == []
    assert len(set(head)) == len(head)
    for name, *cells in zip(head, *rows, strict=True):
        if name.endswith("编号") or name == "英文名":
            continue
        codes = {part for cell in cells for part in re.split("[、;]", cell) if _ID.fullmatch(part)}
        known = {cell for row in raw[1:] for cell in row}
        assert codes & known == set() or name in {"名称", "简称"}, (name, codes & known)


def test_it_says_what_the_list_of_programs_says(client: TestClient) -> None:
    raw = list(csv.DictReader(io.StringIO(client.get("/api/v1/gaps?format=csv").content.decode("utf-8-sig"))))
    read = list(csv.DictReader(io.StringIO(client.get("/api/v1/gaps?format=csv&words=zh").content.decode("utf-8-sig"))))
    kinds = {"chokepoint": "卡脖子", "missing": "补链", "fragile": "固链"}
    states = {"strong": "稳固", "thin": "单薄", "weak": "薄弱", "absent": "缺失"}
    names = {row["id"]: row["name_zh"] for row in client.get("/api/v1/chains").json()["items"]}
    for one, other in zip(raw, read, strict=True):
        assert other["产品编号"] == one["product_id"]
        assert other["缺口分"] == one["gap_score"]
        assert other["类别"] == kinds[one["kind"]]
        assert other["长三角"] == states[one["statuses.delta"]]
        assert other["长三角量产家数"] == one["suppliers.delta.full"]
        assert other["链"].split("、") == [names[chain] for chain in one["chain_ids"].split(";")]


@pytest.mark.parametrize("path", PAGES)
def test_chinese_pages_offer_lists_to_be_read_and_english_ones_those_of_programs(client: TestClient, path: str) -> None:
    for language in ("zh", "en"):
        page = client.get(path, params={"lang": language} if "?" not in path else None).text
        links = [html.unescape(link) for link in re.findall(r'href="(/api/v1/[^"]*format=(?:csv|xlsx)[^"]*)"', page)]
        assert links
        assert all(("words=zh" in link) == (language == "zh" or "?" in path) for link in links), links
        for link in links:
            assert client.get(link).status_code == 200, link


def test_other_words_are_refused(client: TestClient) -> None:
    assert client.get("/api/v1/gaps?format=csv&words=fr").status_code == 422
