"""The reason of a gap in one sentence: who is in the region, who is abroad, what stops without it."""

from __future__ import annotations

from collections import Counter

from queries.coverage import coverage, pairs
from queries.gaps import Count, Gap
from queries.names import name_of, region_label
from queries.network import Network, derived

_ECONOMIES_NAMED = 2


def reason(network: Network, gap: Gap, region: str, language: str) -> str:
    """The reason of a gap in Chinese (`zh`) or English (`en`)."""
    return reason_zh(network, gap, region) if language == "zh" else reason_en(network, gap, region)


@derived
def _abroad(network: Network, product: int) -> tuple[tuple[str, int], ...]:
    """Economies of the suppliers that make a product nowhere in China, with their numbers, the most first."""
    who, china = pairs(network), coverage(network, "china")
    part = who.of(product)
    firms = who.firm[part][china.best[part] == 0].tolist()
    found = Counter(network.firm_rows[firm].economy_id for firm in firms)
    return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _here_zh(place: str, count: Count) -> str:
    if count.full:
        return f"{place}量产{count.full}家" + (f"、未量产{count.lesser}家" if count.lesser else "")
    return f"{place}{count.lesser}家，均未量产" if count.lesser else f"{place}无一家供应商"


def _china_zh(network: Network, gap: Gap) -> str:
    domestic = int(coverage(network, "china", "domestic").full[gap.product])
    count = gap.suppliers["china"]
    text = _here_zh("全国", count)
    if count.full and not domestic:
        return text + "（均非内资）"
    return text


def _abroad_zh(network: Network, product: int, short: bool = False) -> str:
    found = _abroad(network, product)
    regions = {row.id: row for row in network.facts.regions}
    named = "、".join(f"{name_of(regions[code], 'zh')}{count}家" for code, count in found[:_ECONOMIES_NAMED])
    if not found:
        return "境外未见供应商"
    rest = "等" if short else f"等{len(found)}个经济体"
    return f"境外{named}" + (rest if len(found) > _ECONOMIES_NAMED else "")


def _stops_zh(network: Network, gap: Gap) -> str:
    if not gap.blocks:
        own = "本身是终端产品，" if gap.finals_hit else ""
        return f"{own}断供不致其他产品停产"
    text = f"断供则{gap.blocks}项产品停产"
    if gap.finals_hit:
        text += f"，波及{gap.finals_hit}/{gap.finals}个终端"
        text += f"（{len(gap.chains_hit)}条链）" if len(gap.chains_hit) > 1 else ""
    return text


def reason_zh(network: Network, gap: Gap, region: str) -> str:
    """The reason of a gap in Chinese."""
    if gap.kind is None:
        return f"未收录任何供应商，覆盖度未知，不计缺口分；{_stops_zh(network, gap)}。"
    name = network.region_name(region)
    if name == "china":
        parts = [_china_zh(network, gap)]
    else:
        parts = [_here_zh(region_label(network, region, "zh"), gap.here)]
        if name != "world":
            parts.append(_china_zh(network, gap))
    text = "，".join(parts) if gap.here.full or not gap.here.lesser else "；".join(parts)
    text += f"；{_abroad_zh(network, gap.product)}；{_stops_zh(network, gap)}。"
    return text + ("长三角已有量产企业，可就近配套。" if gap.delta_backed else "")


def _firms_en(count: int) -> str:
    return f"{count} firm" if count == 1 else f"{count} firms"


def _here_en(place: str, count: Count) -> str:
    if count.full:
        more = f", {count.lesser} below mass production" if count.lesser else ""
        return f"{_firms_en(count.full)} in mass production in {place}{more}"
    if count.lesser:
        return f"{_firms_en(count.lesser)} in {place}, none in mass production"
    return f"no supplier in {place}"


def _china_en(network: Network, gap: Gap) -> str:
    domestic = int(coverage(network, "china", "domestic").full[gap.product])
    text = _here_en("China", gap.suppliers["china"])
    return text + " (none of them Chinese-owned)" if gap.suppliers["china"].full and not domestic else text


def _abroad_en(network: Network, product: int, short: bool = False) -> str:
    found = _abroad(network, product)
    regions = {row.id: row for row in network.facts.regions}
    named = ", ".join(f"{name_of(regions[code], 'en')} {count}" for code, count in found[:_ECONOMIES_NAMED])
    if not found:
        return "none known abroad"
    rest = " and others" if short else f" and others in {len(found)} economies"
    return f"abroad {named}" + (rest if len(found) > _ECONOMIES_NAMED else "")


def _stops_en(gap: Gap) -> str:
    if not gap.blocks:
        return "a final product itself; nothing else stops" if gap.finals_hit else "nothing else stops without it"
    text = f"without it {gap.blocks} product{'s' if gap.blocks > 1 else ''} stop{'' if gap.blocks > 1 else 's'}"
    return text + (f", {gap.finals_hit} of {gap.finals} finals among them" if gap.finals_hit else "")


def reason_en(network: Network, gap: Gap, region: str) -> str:
    """The reason of a gap in English."""
    if gap.kind is None:
        return f"No supplier is recorded anywhere, so coverage is unknown and there is no score; {_stops_en(gap)}."
    name = network.region_name(region)
    if name == "china":
        parts = [_china_en(network, gap)]
    else:
        parts = [_here_en(region_label(network, region, "en"), gap.here)]
        if name != "world":
            parts.append(_china_en(network, gap))
    text = "; ".join([*parts, _abroad_en(network, gap.product), _stops_en(gap)])
    backed = " The delta has mass production nearby." if gap.delta_backed else ""
    return text[0].upper() + text[1:] + "." + backed


def brief_zh(network: Network, gap: Gap) -> str:
    """The reason of a gap of China in Chinese, short enough for one line of a list."""
    stops = f"断供停产{gap.blocks}项、终端{gap.finals_hit}/{gap.finals}" if gap.blocks else "断供不致停产"
    return "；".join([_china_zh(network, gap), _abroad_zh(network, gap.product, short=True), stops])


def brief_en(network: Network, gap: Gap) -> str:
    """The reason of a gap of China in English, in few words."""
    stops = f"stops {gap.blocks} products, {gap.finals_hit} of {gap.finals} finals" if gap.blocks else "stops nothing"
    text = "; ".join([_china_en(network, gap), _abroad_en(network, gap.product, short=True), stops])
    return text[0].upper() + text[1:]
