"""Pages on facts that say who makes what and nothing else: no places, no capabilities, no chains."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph.edition import Layer, edition_of
from graph.model import Facts, Firm, Industry, Input, Product, Source, Supply
from graph.store import open_store

LOW = {"source_ids": ("s",), "confidence": "low"}
LONG = "高性能" * 40
PRODUCTS = 1_000
PATHS = [
    *("/", "/chains", "/products", "/products/p-0", "/products/p-1", "/firms", "/firms/f", "/parks", "/compare"),
    *("/explore", "/explore?from=product:p-0", "/gaps", "/gaps?whole=true", "/delta", "/warnings", "/targets"),
    *("/disruptions", "/disruptions?removed=firm:f", "/data", "/cypher", "/queries", "/glossary"),
    *("/search?q=产品", "/search?q=某某"),
]


def facts() -> Facts:
    products = [
        Product(id=f"p-{n}", name_zh=f"产品{n}号" if n else LONG, **LOW)  # type: ignore[arg-type]
        for n in range(PRODUCTS)
    ]
    firm = Firm(
        id="f",
        name_zh="某某股份有限公司",
        economy_id=None,
        tiers=("listed",),
        industry_ids=("i",),
        **LOW,  # type: ignore[arg-type]
    )
    return Facts(
        sources=(Source(id="s", title="一个数据集", kind="dataset"),),
        industries=(Industry(id="i", name_zh="制造业", **LOW),),  # type: ignore[arg-type]
        products=tuple(products),
        inputs=(Input(product_id="p-0", input_id="p-1", necessity="optional", **LOW),),  # type: ignore[arg-type]
        firms=(firm,),
        supplies=(Supply(firm_id="f", product_id="p-0", capability=None, revenue_pct=12.5, **LOW),),  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    place: Path = tmp_path_factory.mktemp("bare")
    store = open_store(f"arcadedb:{place}")
    store.write(edition_of([Layer("bare", facts())]), replaces=None)
    with TestClient(create_app(store, Settings(_env_file=None)), raise_server_exceptions=False) as found:
        yield found
    store.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_every_page_answers(client: TestClient, path: str, lang: str) -> None:
    response = client.get(f"{path}{'&' if '?' in path else '?'}lang={lang}")
    assert response.status_code == 200, response.text[:500]
    assert lang == "en" or ">None" not in response.text, "what is not known is no word"
    assert len(response.content) < 400_000


def test_what_lacks_evidence_is_counted_and_not_all_named(client: TestClient) -> None:
    text = client.get("/gaps").text
    assert f"{PRODUCTS} 项未收录任何供应商" in text or f"{PRODUCTS - 1} 项未收录任何供应商" in text
    assert text.count('href="/products/') < PRODUCTS / 2
