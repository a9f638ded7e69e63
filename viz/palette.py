"""Codes to signs: which word, which mark. Colours live in the style sheet, under the same codes."""

from __future__ import annotations

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
CAPABILITY = {"mass-production": "量产", "small-batch": "小批量", "pilot": "中试", "research": "研发"}
CONFIDENCE = {"high": "高", "medium": "中", "low": "低"}
POSITION = {"upstream": "上游", "midstream": "中游", "downstream": "下游", "service": "服务"}
LEVEL = {"economy": "经济体", "province": "省级", "city": "城市", "district": "区县"}
STATUS = {"strong": "稳固", "thin": "单薄", "weak": "薄弱", "absent": "缺失", "unknown": "未知"}
KIND = {"chokepoint": "卡脖子", "missing": "补链", "fragile": "固链", "none": "稳固"}
RADIUS = {"shanghai": "上海", "delta": "长三角", "china": "全国", "world": "全球"}
RADIUS_SHORT = {"shanghai": "沪", "delta": "长", "china": "国", "world": "球"}
SEGMENT_POSITION = POSITION
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
PLAN_PART = {"一": "一、总体目标", "二": "二、十个专项行动", "三": "三、保障措施"}
WORDS = {
    name: table
    for name, table in globals().copy().items()
    if name.isupper() and isinstance(table, dict) and name != "WORDS"
}
"""All tables of words, for the test that each has an English one."""
