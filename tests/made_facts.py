"""Facts made in memory for the tests of editions and stores.

full()            at least one row of every table, every column filled, every kind of edge drawn
named("x")        the smallest facts whose edition is another for every name
many(f, s)        f firms and s supplies, for batches
odd_texts()       what names may hold and what tends to break on the way
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from graph.edition import Edition, Layer, edition_of
from graph.model import (
    Chain,
    Event,
    Facts,
    Firm,
    Industry,
    Input,
    Lead,
    MarketShare,
    Observation,
    Park,
    Partnership,
    Product,
    Region,
    Segment,
    Site,
    Source,
    Supply,
    SupplyLink,
    Target,
)

STATED: Any = {"source_ids": ("s-1", "s-2"), "confidence": "high"}


def edition(facts: Facts, layer: str = "made") -> Edition:
    """An edition of one layer."""
    return edition_of([Layer(layer, facts)])


def odd_texts() -> list[str]:
    """Texts that quoting, escaping, decoding or rendering may damage."""
    return [
        "上海微电子装备（集团）股份有限公司",
        "𠮷林 𬬭 生僻字",
        "says \"hello\", 'it' and `that`",
        "first\nsecond",
        "first\r\nsecond",
        "lone\rreturn",
        "C:\\new\\table \\u0041 \\",
        "</script><script>alert(1)</script>",
        "🚢👩‍🔬🇨🇳",
        "e\u0301 is not \u00e9",
        "\u2028line\u2029paragraph\u0085next\u00a0hard",
        "=1+1",
        "$id {id: $id} `; MATCH (n) DETACH DELETE n //",
        "#1:0",
        "tab\there, comma; semicolon",
        "null",
        "NaN",
        "true",
        "0123",
        "长" * 200_000,
    ]


def full() -> Facts:
    """One of everything; every column holds something and every kind of edge is drawn."""
    return Facts(
        sources=tuple(
            Source(id=f"s-{n}", title=f"来源{n}", publisher="出版社", year=2020 + n, url=f"https://example.org/{n}",
                   kind="report") for n in (1, 2)
        ),
        regions=(
            Region(id="cn", name_zh="中国", name_en="China", level="economy", lat=35.0, lon=105.25, **STATED),
            Region(id="cn-sh", name_zh="上海", name_en="Shanghai", level="province", parent_id="cn", lat=31.2304,
                   lon=121.4737, in_yrd=True, **STATED),
        ),
        industries=(
            Industry(id="ic", name_zh="集成电路", name_en="Integrated circuits", tier="leading",
                     description_zh="芯片", description_en="Chips", **STATED),
            Industry(id="ic-design", name_zh="集成电路设计", parent_id="ic", **STATED),
        ),
        chains=(
            Chain(id="chips", name_zh="高端芯片", name_en="Chips", industry_ids=("ic",), final_product_ids=("chip",),
                  in_plan=True, description_zh="链", description_en="A chain", **STATED),
        ),
        segments=(
            Segment(id="chips-up", chain_id="chips", name_zh="上游", name_en="Upstream", position="upstream", order=1,
                    **STATED),
        ),
        products=(
            Product(id="chip", name_zh="芯片", short_zh="芯片", name_en="Chip", aliases=("集成电路", "IC"),
                    kind="final", segment_ids=("chips-up",), five_bases="basic-component", hs_code="854231",
                    description_zh="很小", description_en="Small", **STATED),
            Product(id="chip-28", name_zh="28 纳米芯片", variant_of=("chip",), **STATED),
            Product(id="wafer", name_zh="硅片", kind="material", **STATED),
        ),
        inputs=(
            Input(product_id="chip", input_id="wafer", group="base", necessity="required", cost_share_pct=12.5,
                  note="注", **STATED),
        ),
        market_shares=(
            MarketShare(product_id="chip", region_id="cn", share_pct=0.0, scope="global", year=2023, **STATED),
        ),
        firms=(
            Firm(id="smic", name_zh="中芯国际", short_zh="中芯", name_en="SMIC", aliases=("中芯国际集成电路",),
                 uscc="91310000X000000000", stock_code="688981.SH", economy_id="cn", hq_region_id="cn-sh",
                 tiers=("listed", "chain-leader"), founded=2000, website="https://example.org/smic",
                 industry_ids=("ic-design",), **STATED),
            Firm(id="buyer", name_zh="买方", economy_id="cn", **STATED),
        ),
        supplies=(
            Supply(firm_id="smic", product_id="chip", capability="mass-production", share_pct=5.5,
                   share_scope="global", year=2024, note="注", revenue_pct=93.5, **STATED),
        ),
        sites=(
            Site(firm_id="smic", place_id="zhangjiang", kind="plant", product_ids=("chip", "chip-28"), **STATED),
            Site(firm_id="smic", place_id="cn-sh", kind="hq", **STATED),
        ),
        observations=(
            Observation(target_id="output", as_of="2025-06", value=1e-7, unit="%", note="注", **STATED),
        ),
        events=(
            Event(id="ban", date="2022-10-07", end_date="2023", kind="export-control", title_zh="管制",
                  title_en="Controls", subject_ids=("cn",), target_ids=("smic",), affected_product_ids=("chip",),
                  outcome_note="继续", **STATED),
        ),
        supply_links=(
            SupplyLink(supplier_id="smic", customer_id="buyer", product_id="chip", year=2024, note="注", **STATED),
        ),
        leads=(Lead(firm_id="smic", chain_id="chips", note="链主", **STATED),),
        parks=(
            Park(id="zhangjiang", name_zh="张江", name_en="Zhangjiang", region_id="cn-sh", kind="world-class",
                 focus_industry_ids=("ic",), focus_chain_ids=("chips",), lat=31.2, lon=121.6, note="注", **STATED),
            Park(id="zhangjiang-east", name_zh="张江东区", region_id="cn-sh", part_of="zhangjiang", **STATED),
        ),
        partnerships=(
            Partnership(from_id="smic", to_id="zhangjiang-east", kind="supply-match", chain_id="chips", year=2021,
                        note="注", **STATED),
        ),
        targets=(
            Target(id="output", clause="三", indicator_zh="产值", indicator_en="Output", comparator=">=", value=1e12,
                   unit="元", year=2027, subject_ids=("ic", "chips", "chip"), text_zh="达到", **STATED),
        ),
    )  # fmt: skip


def named(name_zh: str) -> Facts:
    """A source, an economy and a firm of the name."""
    stated: Any = {"source_ids": ("s-1",), "confidence": "low"}
    return Facts(
        sources=(Source(id="s-1", title="来源"),),
        regions=(Region(id="cn", name_zh="中国", level="economy", **stated),),
        firms=(Firm(id="firm", name_zh=name_zh, economy_id="cn", **stated),),
    )


def many(firms: int, supplies: int) -> Facts:
    """So many firms, each with an economy, and so many supplies spread over them and 20 products."""
    stated: Any = {"source_ids": ("s-1",), "confidence": "low"}
    base = named("名")
    return replace(
        base,
        products=tuple(Product(id=f"p-{n}", name_zh=f"产品{n}", **stated) for n in range(20)),
        firms=tuple(Firm(id=f"f-{n}", name_zh=f"企业{n}", economy_id="cn", **stated) for n in range(firms)),
        supplies=tuple(
            Supply(firm_id=f"f-{n % firms}", product_id=f"p-{n // firms}", capability="pilot", year=n % 1000 + 1000,
                   **stated)
            for n in range(supplies)
        ),
    )  # fmt: skip
