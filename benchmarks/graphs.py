"""Graphs of real size to measure on: ChainKnowledgeGraph from its JSON lines, and a made network without loops."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from graph.model import Chain, Facts, Firm, Input, Product, Region, Supply
from ingest.pipeline import lay

SEED = 20260101
LAYERS = 9
FINALS = 40
_SOURCE: dict[str, Any] = {"source_ids": ("benchmark",), "confidence": "low"}
_NEED: dict[str, Any] = {"necessity": "required", **_SOURCE}


def chain_knowledge_graph(folder: Path) -> Facts:
    """ChainKnowledgeGraph as if every input were required and every maker in mass production, which it does not say.

    As it stands its rows gate nothing, and there would be nothing to measure.
    """
    edition, report = lay(folder, "chainkg", form="chainkg")
    if edition is None:
        raise SystemExit(report.findings[0].message)
    facts = edition.facts
    ends = {row.product_id for row in facts.inputs} - {row.input_id for row in facts.inputs}
    return replace(
        facts,
        regions=(Region(id="cn", name_zh="中国", level="economy", **_SOURCE),),
        chains=(Chain(id="all", name_zh="全部", final_product_ids=tuple(sorted(ends)), **_SOURCE),),
        inputs=tuple(replace(row, necessity="required") for row in facts.inputs),
        firms=tuple(replace(row, economy_id="cn") for row in facts.firms),
        supplies=tuple(replace(row, capability="mass-production") for row in facts.supplies),
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
