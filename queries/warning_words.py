"""What warnings say, in Chinese and English: the rule, the loss in figures, how to read it."""

from __future__ import annotations

from collections.abc import Sequence

from queries.concentration import Concentration
from queries.editions_diff import GapKinds
from queries.gaps import Kind
from queries.names import KIND, RADIUS, name_of, short_name
from queries.network import Radius
from queries.refs import Ref
from queries.warning_rows import Effect, Level, Rule, Words

_NAMED = 3

_RULES: dict[tuple[Rule, Level], Words] = {
    ("exposure", "blue"): (
        "未结束事件：只针对所列境内企业，计为企业暴露",
        "Open event: aimed at firms alone, an exposure of those of China",
    ),
    ("single-point", "orange"): (
        "单点：缺它一个，即有终端产品停产",
        "Single point: without it alone a final product stops",
    ),
    ("concentration", "yellow"): (
        "战略依赖：世界份额 HHI 高于 0.4、境外份额高于 50%（均按下限），关键性不低于 0.1",
        "Strategic dependence: HHI above 0.4 and more than half from abroad by the lower bounds, criticality from 0.1",
    ),
    ("concentration", "blue"): (
        "可能战略依赖：仅按上限超过 HHI 0.4 与境外份额 50%",
        "Possible strategic dependence: above HHI 0.4 and half from abroad by the upper bounds alone",
    ),
    ("worsened", "yellow"): (
        "缺口加重：缺口类型比上一版次更重",
        "Worsened: the gap kind is graver than in the former edition",
    ),
}

INSIDE: Words = (
    "从被针对的一方看：所列供应对我方计为失去，对其他地区不变。",
    "The view from inside the targets: what is lost here is not lost elsewhere.",
)
LICENCE: Words = (
    "许可要求按禁令计，实际影响可能较轻。",
    "A licence duty is counted like a ban; the true loss may be less.",
)
CHECK_FIRST: Words = (
    "先核对是否漏收：图谱内能力足够的供应商只有这一家。",
    "First check for a supplier that the facts miss: they hold no second one of enough capability.",
)
ASSUMED: Words = ("缺份额数据的企业按均分计。", "Firms without a known share are counted with equal ones.")


def rule_words(rule: Rule, level: Level) -> Words:
    """Why a warning has its level, where that is not for what an event takes away."""
    return _RULES[rule, level]


def event_rule(effect: Effect, level: Level) -> Words:
    """Why the warning of an open event has its level."""
    if level == "red":
        return "未结束事件：有终端产品停产", "Open event: a final product stops"
    if effect.blocked_total:
        return "未结束事件：有中间产品停产", "Open event: a product stops, no final among them"
    if level == "orange":
        return "未结束事件：有终端产品剩余供应不足一半", "Open event: less than half is left of a final product"
    if level == "yellow":
        return "未结束事件：失去供应商，产品仍可生产", "Open event: suppliers are lost, all can still be made"
    return "未结束事件：针对我方，未见供应损失", "Open event: it touches us, nothing is lost"


def together(number: int) -> Words:
    """The title of all open events at once."""
    return f"未结束事件合并计算（{number}起）", f"All open events at once ({number})"


def title_of(record: Ref) -> Words:
    """A thing as a title."""
    return short_name(record, "zh"), name_of(record, "en")


def _several(names: Sequence[str], language: str) -> str:
    shown = names[:_NAMED]
    if language == "zh":
        return "、".join(shown) + ("等" if len(names) > _NAMED else "")
    return ", ".join(shown) + (" and others" if len(names) > _NAMED else "")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _lost(effect: Effect) -> Words:
    lost = effect.lost
    return (
        f"失去{lost.firms}家企业对{lost.products}项产品的供应",
        f"{_count(lost.firms, 'firm', 'firms')} lost for {_count(lost.products, 'product', 'products')}",
    )


def stops(effect: Effect, *, alone: bool = False) -> Words:
    """How many products stop, and how many finals; with `alone` as what follows a name."""
    stopped, finals = effect.blocked_total, effect.finals_stopped
    names = [title_of(item.product) for item in finals]
    if not stopped:
        return "无产品停产", "nothing stops"
    zh, en = f"{stopped}项产品停产", f"{_count(stopped, 'product stops', 'products stop')}"
    if finals:
        zh += f"，其中终端{len(finals)}/{effect.finals}个：{_several([name for name, _ in names], 'zh')}"
        en += f", {len(finals)} of {effect.finals} finals among them: {_several([name for _, name in names], 'en')}"
    elif not alone:
        zh, en = zh + "，不含终端", en + ", no final among them"
    return zh, en


def _reduced(effect: Effect) -> Words:
    if not effect.reduced:
        return "", ""
    zh, en = f"，{effect.reduced}项减产", f", {effect.reduced} made less of"
    if effect.finals_reduced:
        least, number = effect.finals_reduced[0], len(effect.finals_reduced)
        names, left = title_of(least.product), f"{100 * least.level:.0f}%"
        guess_zh, guess_en = ("，按均分假定", ", assumed") if least.assumed else ("", "")
        zh += f"（终端{number}个，最低{names[0]}剩{left}{guess_zh}）"
        en += f" ({_count(number, 'final', 'finals')}, least {names[1]} with {left} left{guess_en})"
    return zh, en


def event_reason(effect: Effect, *, lists_products: bool) -> Words:
    """What events take away, in figures."""
    if not effect.lost.rows:
        if not lists_products:
            return "事件未列明受影响的产品，不推算损失。", "The event names no product, so no loss is counted."
        return "图谱内没有因此失去的供应。", "No supply in the graph is lost by it."
    lost, stop, less = _lost(effect), stops(effect), _reduced(effect)
    if not effect.blocked_total and not effect.reduced:
        return (
            f"{lost[0]}，均未到量产水平或另有足够供应，产品不减产。",
            f"{lost[1]}, none of which counts; nothing is made less of.",
        )
    return f"{lost[0]}；{stop[0]}{less[0]}。", f"{lost[1]}; {stop[1]}{less[1]}."


def exposure_reason(exposed: Sequence[Ref]) -> Words:
    """Which firms are hit."""
    names = [title_of(item) for item in exposed]
    return (
        f"暴露企业：{'、'.join(zh for zh, _ in names)}；只计企业暴露，不推算链上损失。",
        f"Exposed: {', '.join(en for _, en in names)}; no loss for a chain is counted.",
    )


def point_reason(subject: Ref, effect: Effect) -> Words:
    """What a firm or economy alone stops."""
    stop, names = stops(effect), title_of(subject)
    return f"{names[0]}断供，{stop[0]}。", f"Without {names[1]} {stop[1]}."


def _between(low: str, high: str) -> str:
    return low if low == high else f"{low}–{high}"


def concentration_reason(found: Concentration, effect: Effect) -> Words:
    """How concentrated the supply of a product is, and what stops without it."""
    shares = found.by_economy
    if shares is None or found.external is None:
        return "", ""
    zh = "、".join(f"{h.name_zh}{h.share_pct:g}%" for h in shares.holders[:_NAMED])
    en = ", ".join(f"{h.name_en or h.name_zh} {h.share_pct:g}%" for h in shares.holders[:_NAMED])
    year_zh, year_en = (f"（{shares.year}年）", f" ({shares.year})") if shares.year else ("", "")
    hhi = _between(f"{shares.hhi_low:.2f}", f"{shares.hhi_high:.2f}")
    outside = _between(*(f"{100 * bound:.0f}%" for bound in found.external))
    stop = stops(effect, alone=True)
    return (
        f"世界份额{year_zh}{zh}；HHI {hhi}，境外{outside}；断供则{stop[0]}。",
        f"World shares{year_en} {en}; HHI {hhi}, {outside} from abroad; without it {stop[1]}.",
    )


def worsened_reason(changes: Sequence[tuple[Radius, Kind, Kind]], former: GapKinds) -> Words:
    """At which radii a gap grew worse."""
    by_step: dict[tuple[Kind, Kind], list[Radius]] = {}
    for radius, was, now in changes:
        by_step.setdefault((was, now), []).append(radius)
    zh = [
        f"{'、'.join(RADIUS[radius][0] for radius in radii)}由{KIND[was][0]}变为{KIND[now][0]}"
        for (was, now), radii in by_step.items()
    ]
    en = [
        f"{', '.join(RADIUS[radius][1] for radius in radii)} from {KIND[was][1]} to {KIND[now][1]}"
        for (was, now), radii in by_step.items()
    ]
    return f"与版次 {former.edition} 相比：{'；'.join(zh)}。", f"Since edition {former.edition}: {'; '.join(en)}."
