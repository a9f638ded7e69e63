"""Codes to signs: which word, which mark. Colours live in the style sheet, under the same codes."""

from __future__ import annotations

from collections.abc import Mapping

from queries import names


def _chinese(words: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    return {code: zh for code, (zh, _) in words.items()}


TIER = {
    "chain-leader": "链主",
    "world-class": "世界级",
    "classic-brand": "老字号",
    "hard-tech": "硬科技",
    "little-giant": "小巨人",
    "single-champion": "单项冠军",
    "listed": "上市",
}
SITE = {"hq": "总部", "plant": "工厂", "rd": "研发", "service": "服务"}
PARK = {"world-class": "世界级品牌园区", "new-city": "新城", "specialised": "特色园区", "other": "其他园区"}
COOPERATION = {
    "joint-venture": "合资",
    "joint-research": "联合研发",
    "industry-alliance": "产业联盟",
    "co-built-park": "共建园区",
    "supply-match": "供需对接",
}
PRODUCT = {
    "material": "材料",
    "component": "部件",
    "equipment": "装备",
    "software": "软件",
    "process": "工艺",
    "system": "系统",
    "final": "终端",
    "service": "服务",
    "infrastructure": "设施",
}
FIVE_BASES = {
    "basic-component": "基础零部件",
    "basic-software": "基础软件",
    "basic-material": "基础材料",
    "basic-process-equipment": "基础工艺及装备",
    "standards-testing": "标准与检测",
}
CAPABILITY = _chinese(names.CAPABILITY)
CANDIDATE = {
    "lesser-here": "本地未量产",
    "related-here": "本地相近",
    "delta-city": "长三角",
    "china": "国内",
    "abroad": "境外",
}
CONFIDENCE = {"high": "高", "medium": "中", "low": "低"}
POSITION = {"upstream": "上游", "midstream": "中游", "downstream": "下游", "service": "服务"}
LEVEL = {"economy": "经济体", "province": "省级", "city": "城市", "district": "区县"}
STATUS = _chinese(names.STATUS)
KIND = _chinese(names.KIND)
RADIUS = _chinese(names.RADIUS)
RADIUS_SHORT = {"shanghai": "沪", "delta": "长", "china": "国", "world": "球"}
FOUND_BY = {
    "id": "编号",
    "name_zh": "中文名",
    "short_zh": "简称",
    "name_en": "英文名",
    "alias": "别名",
    "code": "代码",
    "pinyin": "拼音",
    "initials": "拼音首字母",
}
THING = {
    "chain": "产业链",
    "product": "产品",
    "firm": "企业",
    "park": "园区",
    "region": "地区",
    "industry": "产业",
    "segment": "环节",
    "event": "事件",
    "target": "指标",
    "observation": "指标观测",
}
RELATION = {
    "out:REQUIRES": "制造它需要",
    "in:REQUIRES": "谁用它",
    "in:SUPPLIES": "谁在做",
    "out:SUPPLIES": "供应的产品",
    "out:SELLS_TO": "卖给谁",
    "in:SELLS_TO": "向谁买",
    "out:VARIANT_OF": "属于哪一类",
    "in:VARIANT_OF": "它的品种",
    "out:IN_SEGMENT": "所在环节",
    "in:IN_SEGMENT": "环节内的产品",
    "out:ENDS_IN": "终端产品",
    "in:ENDS_IN": "以它为终端的链",
    "out:LEADS": "任链主的链",
    "in:LEADS": "链主企业",
    "out:SITED_IN": "它的地点",
    "in:SITED_IN": "在此有地点的企业",
    "out:HEADQUARTERED_IN": "总部所在",
    "in:HEADQUARTERED_IN": "总部在此的企业",
    "out:OF_ECONOMY": "所属经济体",
    "in:OF_ECONOMY": "此经济体的企业",
    "out:CLASSED_IN": "所属产业",
    "in:CLASSED_IN": "属于它的企业",
    "out:LOCATED_IN": "位于",
    "in:LOCATED_IN": "境内园区",
    "out:PART_OF": "上一级",
    "in:PART_OF": "下一级",
    "out:FOCUSES_ON": "重点发展",
    "in:FOCUSES_ON": "以它为重点的园区",
    "out:HAS_SHARE": "占有市场的产品",
    "in:HAS_SHARE": "占有市场的经济体",
    "out:COOPERATES_WITH": "合作方",
    "in:COOPERATES_WITH": "前来合作的",
    "out:OBSERVES": "观测的指标",
    "in:OBSERVES": "指标的观测",
    "out:CONCERNS": "指标涉及的",
    "in:CONCERNS": "涉及它的指标",
    "out:HAS_SUBJECT": "事件主体",
    "in:HAS_SUBJECT": "以它为主体的事件",
    "out:AIMED_AT": "针对谁",
    "in:AIMED_AT": "针对它的事件",
    "out:AFFECTS": "影响的产品",
    "in:AFFECTS": "影响它的事件",
}
SOURCE = {
    "plan": "规划",
    "dataset": "数据集",
    "report": "报告",
    "news": "新闻",
    "filing": "公告",
    "website": "网站",
    "reference": "工具书",
}
TARGET = {
    "met": "已达成",
    "met-late": "逾期达成",
    "on-track": "进行中",
    "behind": "滞后",
    "missed": "未达成",
    "no-evidence": "无数据",
}
ELEMENT = {
    "economy": "经济体",
    "region": "地区",
    "city": "城市",
    "park": "园区",
    "firm": "企业",
    "product": "产品",
    "event": "事件",
}
EVENT = {
    "export-control": "出口管制",
    "sanction": "制裁",
    "disaster": "灾害",
    "accident": "事故",
    "pandemic": "疫情",
    "shortage": "短缺",
    "insolvency": "破产",
    "dispute": "争端",
    "logistics": "物流中断",
}
WARNING = {"red": "红", "orange": "橙", "yellow": "黄", "blue": "蓝"}
WARNING_MEANS = {
    "red": "有终端停产",
    "orange": "有产品停产，或单点可致终端停产",
    "yellow": "供应受损而有替代，战略依赖，或缺口加重",
    "blue": "触及我们而未失供应，或可能依赖",
}
WARNING_RULE = {
    "all-open": "事件合计",
    "event": "事件",
    "exposure": "企业暴露",
    "single-point": "单点",
    "concentration": "集中度",
    "worsened": "缺口加重",
}
PLAN_PART = {"一": "一、总体目标", "二": "二、十个专项行动", "三": "三、保障措施"}
WORDS: dict[str, dict[str, str]] = {
    name: table
    for name, table in globals().copy().items()
    if name.isupper() and isinstance(table, dict) and name != "WORDS"
}
"""All tables of words, for the test that each has an English one."""
