"""Graphs of real size to measure on: ChainKnowledgeGraph from its JSON lines, and a made network without loops."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from graph.model import Chain, Facts, Firm, Input, Product, Region, Supply

SEED = 20260101
LAYERS = 9
FINALS = 40
_SOURCE: dict[str, Any] = {"source_ids": ("benchmark",), "confidence": "low"}
_NEED: dict[str, Any] = {"necessity": "required", **_SOURCE}


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def chain_knowledge_graph(folder: Path) -> Facts:
    """All products, firms, main products and relations; its inputs taken as required, which the source does not say.

    As optional rows they would gate nothing, and there would be nothing to measure.
    """
    products = {row["name"]: None for row in _lines(folder / "product.json")}
    inputs: dict[tuple[str, str], None] = {}
    kinds: dict[str, list[str]] = {}
    for row in _lines(folder / "product_product.json"):
        one, other = row["from_entity"], row["to_entity"]
        products |= {one: None, other: None}
        if one == other:
            continue
        if row["rel"] == "产品小类":
            kinds.setdefault(other, []).append(one)
        else:
            inputs[(one, other) if row["rel"] == "上游材料" else (other, one)] = None
    firms = {row["code"].split(".")[0]: row["fullname"] for row in _lines(folder / "company.json")}
    supplies = {}
    for row in _lines(folder / "company_product.json"):
        firm = row["company_code"].split(".")[0]
        products[row["product_name"]] = None
        if firm in firms:
            supplies[firm, row["product_name"]] = None
    ends = sorted({name for name, _ in inputs} - {name for _, name in inputs})
    return Facts(
        regions=(Region(id="cn", name_zh="中国", level="economy", **_SOURCE),),
        chains=(Chain(id="all", name_zh="全部", final_product_ids=tuple(ends), **_SOURCE),),
        products=tuple(
            Product(id=name, name_zh=name, variant_of=tuple(dict.fromkeys(kinds.get(name, ()))), **_SOURCE)
            for name in products
        ),
        inputs=tuple(Input(product_id=user, input_id=need, necessity="required", **_SOURCE) for user, need in inputs),
        firms=tuple(Firm(id=code, name_zh=name, economy_id="cn", **_SOURCE) for code, name in firms.items()),
        supplies=tuple(
            Supply(firm_id=firm, product_id=name, capability="mass-production", **_SOURCE) for firm, name in supplies
        ),
    )


def _names(prefix: str, number: int) -> list[str]:
    width = len(str(number - 1))
    return [f"{prefix}-{at:0{width}}" for at in range(number)]


def made_dag(products: int = 100_000, inputs: int = 500_000, firms: int = 20_000) -> Facts:
    """A random network without loops, in layers; 20 % of the slots have two alternatives.

    A product needs things of the next layer, now and then of the one after, some much oftener than others. One or two
    firms make each, of five economies.
    """
    lot = np.random.default_rng(SEED)
    layer = np.sort(lot.integers(0, LAYERS, products))
    starts = np.searchsorted(layer, np.arange(LAYERS + 1))
    slot_user = np.sort(lot.integers(0, starts[LAYERS - 1], round(inputs / 1.2)))
    slot = np.concatenate((np.arange(len(slot_user)), np.flatnonzero(lot.random(len(slot_user)) < 0.2)))
    user = slot_user[slot]
    below = np.minimum(layer[user] + 1 + (lot.random(len(user)) < 0.1), LAYERS - 1)
    need = starts[below] + (np.diff(starts)[below] * lot.random(len(user)) ** 2).astype(np.int64)
    _, once = np.unique(user * products + need, return_index=True)
    two = np.bincount(slot[once], minlength=len(slot_user)) == 2
    ids, makers, groups = _names("p", products), _names("f", firms), _names("g", len(slot_user))
    economies = ("cn", "us", "jp", "de", "nl")
    made = np.repeat(np.arange(products), 1 + np.arange(products) % 2)
    made_by = set(zip(lot.integers(0, firms, len(made)).tolist(), made.tolist(), strict=True))
    return Facts(
        regions=tuple(Region(id=name, name_zh=name, level="economy", **_SOURCE) for name in economies),
        chains=(Chain(id="all", name_zh="全部", final_product_ids=tuple(ids[:FINALS]), **_SOURCE),),
        products=tuple(Product(id=name, name_zh=name, **_SOURCE) for name in ids),
        inputs=tuple(
            Input(product_id=ids[u], input_id=ids[n], group=groups[s] if two[s] else None, **_NEED)
            for u, n, s in zip(user[once].tolist(), need[once].tolist(), slot[once].tolist(), strict=True)
        ),
        firms=tuple(
            Firm(id=name, name_zh=name, economy_id=economies[at % len(economies)], **_SOURCE)
            for at, name in enumerate(makers)
        ),
        supplies=tuple(
            Supply(firm_id=makers[f], product_id=ids[p], capability="mass-production", **_SOURCE)
            for f, p in sorted(made_by)
        ),
    )  # fmt: skip
