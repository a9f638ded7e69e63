"""Templates to HTML: Jinja2 with autoescape, gettext and no undefined names."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from viz.bars import BAR_ORDER, pieces
from viz.language import Code, language
from viz.words import WORDS

_FOLDER = Path(__file__).parent / "templates"
_UNSAFE_IN_SCRIPT = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}
_WEB_ADDRESS = re.compile(r"^https?://[^\s\"'<>]+$")
_CJK = re.compile("[\u3400-\u9fff]")


def script_json(value: Any) -> Markup:
    """JSON that may stand inside a `<script type="application/json">`: no way to end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_UNSAFE_IN_SCRIPT))  # noqa: S704 - the marks that could end it are escaped


def web_address(value: str | None) -> str | None:
    """An address that may become a link: http or https, else `None`."""
    return value if value and _WEB_ADDRESS.match(value) else None


def language_of(text: str) -> str:
    """The `lang` of a text that comes from the facts: Chinese when it holds a Chinese character."""
    return "zh-CN" if _CJK.search(text) else "en"


def fixed(value: float | None, digits: int = 1) -> str:
    """A number with a fixed number of digits; a dash where it is not known."""
    return "—" if value is None else f"{value:.{digits}f}"


def percent(part: int, whole: int) -> str:
    """A share in whole percent; a dash of nothing."""
    return f"{round(100 * part / whole)}%" if whole else "—"


@cache
def environment(code: Code) -> Environment:
    """The templates in one language."""
    found = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.loopcontrols"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    tongue = language(code)
    found.install_gettext_translations(tongue.translations, newstyle=True)  # type: ignore[attr-defined]
    found.filters.update(
        word=tongue.word, name=tongue.name, short=tongue.short, fixed=fixed, script_json=script_json,
        web=web_address, lang=language_of,
    )  # fmt: skip
    found.globals.update(WORDS=WORDS, pieces=pieces, BAR_ORDER=BAR_ORDER, percent=percent)
    return found


def render(template: str, code: Code, **values: Any) -> str:
    """A page as HTML.

    Args:
        template: Name of the template, without `.html.j2`.
        code: Language of the page.
        values: What the template names.
    """
    return environment(code).get_template(f"{template}.html.j2").render(**values)
