"""Every word of the pages has an English one, colours can be read, addresses are safe."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

from babel.messages.pofile import read_po

from graph.schema import STATED_IN, edge_types
from viz import palette, static_folder
from viz.messages import messages
from viz.render import HERE, link, number, percent, safe_url, translations

FROM_PYTHON = {"不允许", "没有找到", "地址里有一个值不对", "数据暂时读不到", "服务器出错了"}


def catalogue() -> dict[str, str]:
    with (HERE / "locale" / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id}


def test_every_message_has_its_english_and_nothing_is_left_over() -> None:
    wanted = set(messages()) | FROM_PYTHON
    assert wanted - catalogue().keys() == set()
    assert catalogue().keys() - wanted == set()
    assert [chinese for chinese, english in catalogue().items() if not english] == []


def test_the_english_holds_no_chinese_and_keeps_the_placeholders() -> None:
    for chinese, english in catalogue().items():
        assert not re.search(r"[\u4e00-\u9fff，。；：、]", english), english
        placeholders = re.compile(r"%\(\w+\)s|%%")
        assert sorted(placeholders.findall(chinese)) == sorted(placeholders.findall(english)), chinese


def test_templates_hold_no_chinese_that_is_not_marked() -> None:
    marked = re.compile(
        r"_\(\"[^\"]*\"|\{#.*?#\}|\{% if zh %\}.*?\{% else %\}|\"[，。、；：　]\" if zh|if zh else|>中文<|<b>链</b>",
        re.DOTALL,
    )
    for path in (HERE / "templates").glob("*.j2"):
        left = marked.sub("", path.read_text(encoding="utf-8"))
        found = re.findall(r"[\u4e00-\u9fff]+", left)
        assert not found, (path.name, found)


def test_chinese_pages_take_the_words_as_they_stand() -> None:
    assert translations("zh").gettext("总览") == "总览"
    assert translations("en").gettext("总览") == "Overview"


def _luminance(colour: str) -> float:
    values = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_pair_of_colours_that_meets_can_be_read() -> None:
    sheet = (static_folder() / "style.css").read_text()
    token = dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})\b", sheet))
    token = {k: v if len(v) == 7 else "#" + "".join(c * 2 for c in v[1:]) for k, v in token.items()}
    white = "#ffffff"
    pairs = [(token[t], token[g]) for t, g in itertools.product(("ink", "ink-2", "ink-3"), ("ground", "paper", "tint"))]
    pairs += [(white, token[c]) for c in ("brand", "seal", "strong", "down", "absent")]
    pairs += [(token[c], token["paper"]) for c in ("link", "up", "down", "strong", "weak", "absent", "unknown")]
    pairs += [("#2c6f61", token["thin-bg"]), (token["weak"], token["weak-bg"]), (token["ink"], token["strong-bg"])]
    for text, ground in pairs:
        assert contrast(text, ground) >= 4.5, (text, ground)


def test_style_and_templates_hold_what_the_policy_allows() -> None:
    for path in (HERE / "templates").glob("*.j2"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:|\|safe\b", text), path.name
        for source in re.findall(r"<script[^>]*>", text):
            assert 'src="/static/' in source or 'type="application/json"' in source, (path.name, source)
    for sheet in static_folder().glob("*.css"):
        assert not re.search(r"url\(|@import", sheet.read_text()), sheet.name
    for script in static_folder().glob("*.js"):
        text = script.read_text()
        assert text.startswith("// @ts-check")
        assert not re.search(
            r"innerHTML|insertAdjacentHTML|\beval\(|document\.write|https?://(?!www\.w3\.org)", text
        ), script.name


def test_addresses() -> None:
    assert link("/gaps", "zh", r=None, chain="a b", kind=("x", "y"), at=100, whole=True) == (
        "/gaps?chain=a+b&kind=x&kind=y&at=100&whole=1"
    )
    assert link("/gaps", "en") == "/gaps?lang=en"
    assert safe_url("javascript:alert(1)") is None
    assert safe_url("https://example.org/") == "https://example.org/"
    assert safe_url(None) is None


def test_figures() -> None:
    assert (number(None), number(0.125), number(1.0, 1)) == ("—", "0.12", "1.0")
    assert (percent(1, 3), percent(1, 0)) == ("33%", "—")


def test_every_code_of_the_model_has_a_word() -> None:
    from typing import get_args

    from graph import model

    for table, codes in (
        ("TIER", model.Tier),
        ("SITE", model.SiteKind),
        ("PARK", model.ParkKind),
        ("COOPERATION", model.CooperationKind),
        ("PRODUCT", model.ProductKind),
        ("FIVE_BASES", model.FiveBases),
        ("CAPABILITY", model.Capability),
        ("CONFIDENCE", model.Confidence),
        ("POSITION", model.Position),
        ("LEVEL", model.Level),
        ("SOURCE", model.SourceKind),
    ):
        assert set(palette.WORDS[table]) == set(get_args(codes)), table


def test_no_template_is_unused() -> None:
    names = {path.name for path in (HERE / "templates").glob("*.j2")}
    text = "".join(path.read_text() for path in Path(HERE.parent).glob("api/pages/*.py"))
    text += "".join(path.read_text() for path in (HERE / "templates").glob("*.j2"))
    assert {name for name in names if f'"{name}"' not in text} == set()


def test_every_edge_has_a_word_each_way() -> None:
    """But those to sources, which stand on the page of each thing."""
    assert palette.RELATION.keys() == {f"{way}:{t}" for way in ("out", "in") for t in edge_types() if t != STATED_IN}
