"""Words for the codes of the facts and measures, in Chinese; gettext turns them into English.

`N_` marks a text for translation and leaves it as it is; `Language.word` looks a code up and translates it.
"""

from __future__ import annotations


def N_(text: str) -> str:  # noqa: N802
    """Mark a text for the catalogue of translations."""
    return text


WORDS: dict[str, dict[str, str]] = {
    "radius": {"shanghai": N_("上海"), "delta": N_("长三角"), "china": N_("全国"), "world": N_("全球")},
    "initial": {"shanghai": N_("沪"), "delta": N_("长"), "china": N_("国"), "world": N_("球")},
    "status": {
        "strong": N_("稳固"),
        "thin": N_("单薄"),
        "weak": N_("薄弱"),
        "absent": N_("缺失"),
        "unknown": N_("未知"),
    },
    "meaning": {
        "strong": N_("量产 3 家以上"),
        "thin": N_("量产 1–2 家"),
        "weak": N_("有企业，无量产"),
        "absent": N_("圈内无企业"),
        "unknown": N_("无任何记录"),
    },
    "gap": {
        "chokepoint": N_("卡脖子"),
        "missing": N_("补链"),
        "fragile": N_("固链"),
        "none": N_("无缺口"),
        "unknown": N_("缺证据"),
    },
    "gap-meaning": {
        "chokepoint": N_("全国内资企业缺失或薄弱"),
        "missing": N_("圈内缺失或薄弱，全国内资有量产"),
        "fragile": N_("圈内量产仅 1–2 家"),
    },
    "position": {"upstream": N_("上游"), "midstream": N_("中游"), "downstream": N_("下游"), "service": N_("服务")},
    "capability": {
        "mass-production": N_("量产"),
        "small-batch": N_("小批量"),
        "pilot": N_("中试"),
        "research": N_("研发"),
    },
    "confidence": {"high": N_("高"), "medium": N_("中"), "low": N_("低")},
    "confidence-meaning": {"high": N_("官方或一手"), "medium": N_("单一二手来源"), "low": N_("领域常识，未核页")},
    "grade-meaning": {
        "A": N_("两个以上来源，去掉低级事实仍成立"),
        "B": N_("去掉低级事实仍成立"),
        "C": N_("依赖未核对的事实"),
    },
    "product": {
        "material": N_("材料"),
        "component": N_("零部件"),
        "equipment": N_("装备"),
        "software": N_("软件"),
        "process": N_("工艺"),
        "system": N_("系统"),
        "final": N_("终端"),
        "service": N_("服务"),
        "infrastructure": N_("基础设施"),
    },
    "bases": {
        "basic-component": N_("基础零部件"),
        "basic-software": N_("基础软件"),
        "basic-material": N_("基础材料"),
        "basic-process-equipment": N_("基础工艺与装备"),
        "standards-testing": N_("标准与检测"),
    },
    "site": {"hq": N_("总部"), "plant": N_("工厂"), "rd": N_("研发"), "service": N_("服务")},
    "tier": {
        "chain-leader": N_("链主"),
        "world-class": N_("世界级"),
        "classic-brand": N_("经典品牌"),
        "hard-tech": N_("硬核科技"),
        "little-giant": N_("小巨人"),
        "single-champion": N_("单项冠军"),
        "listed": N_("上市"),
    },
    "park": {
        "world-class": N_("世界级品牌园区"),
        "new-city": N_("新城园区"),
        "specialised": N_("特色产业园区"),
        "other": N_("其他园区"),
    },
    "cooperation": {
        "joint-venture": N_("合资"),
        "joint-research": N_("联合研发"),
        "industry-alliance": N_("产业联盟"),
        "co-built-park": N_("共建园区"),
        "supply-match": N_("供需对接"),
    },
    "scope": {"global": N_("全球份额"), "china": N_("国内份额")},
    "source": {
        "plan": N_("规划"),
        "dataset": N_("数据集"),
        "report": N_("报告"),
        "news": N_("新闻"),
        "filing": N_("公告"),
        "website": N_("网页"),
        "reference": N_("工具书"),
        "none": N_("未注明"),
    },
    "industry": {"leading": N_("三大先导产业"), "key": N_("六大重点产业")},
    "kind-of-thing": {
        "product": N_("产品"),
        "firm": N_("企业"),
        "park": N_("园区"),
        "region": N_("地区"),
        "chain": N_("链"),
        "segment": N_("环节"),
        "industry": N_("产业"),
        "edition": N_("版次"),
        "page": N_("页面"),
    },
    "table": {
        "sources": N_("来源"),
        "regions": N_("地区"),
        "industries": N_("产业"),
        "chains": N_("产业链"),
        "segments": N_("环节"),
        "products": N_("产品"),
        "inputs": N_("投入关系"),
        "market_shares": N_("市场份额"),
        "firms": N_("企业"),
        "supplies": N_("供应事实"),
        "sites": N_("地点"),
        "observations": N_("指标观测"),
        "events": N_("事件"),
        "supply_links": N_("供货关系"),
        "leads": N_("链主"),
        "parks": N_("园区"),
        "partnerships": N_("合作"),
        "targets": N_("规划指标"),
    },
}
"""Chinese word of each code, by the kind of code."""
