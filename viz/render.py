"""Templates to HTML, in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from queries import names
from queries.names import Language
from queries.refs import sources_by_id
from viz import palette
from viz.layers import fitted, text_width

HERE = Path(__file__).parent
LANGUAGES: tuple[Language, ...] = get_args(Language)


class Translations(NullTranslations):
    """The English words, read from the catalogue of messages at start."""

    def __init__(self, words: Mapping[str, str]) -> None:
        super().__init__()
        self._words = words

    def gettext(self, message: str) -> str:
        """The English of a message; the message itself where there is none."""
        return self._words.get(message, message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """As `gettext`; Chinese has no plural."""
        return self.gettext(one if count == 1 else many)


@cache
def translations(language: Language) -> NullTranslations:
    """The words of a language; Chinese is what the templates hold."""
    if language == "zh":
        return NullTranslations()
    from babel.messages.pofile import read_po  # Chinese pages, the first to be asked for, do without

    with (HERE / "locale" / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file)
    return Translations({str(m.id): str(m.string) for m in catalogue if m.id and m.string and isinstance(m.id, str)})


def link(path: str, language: Language, **parameters: Any) -> str:
    """An address of ours with parameters; empty ones are left out, and English is kept."""
    given = [(name, value) for name, value in parameters.items() if value not in (None, "", False, [], ())]
    if language != "zh":
        given.append(("lang", language))
    query = urlencode([(k, "1" if v is True else v) for k, v in given], doseq=True)
    return f"{path}?{query}" if query else path


def safe_url(url: str | None) -> str | None:
    """An outside address that may be linked to; `None` where it is no http address."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


def number(value: float | None, digits: int = 2) -> str:
    """A number with so many digits; a dash where it is not known."""
    return "—" if value is None else f"{value:.{digits}f}"


def percent(part: float, whole: float) -> str:
    """A share in whole percent; a dash where there is nothing to share."""
    return "—" if not whole else f"{100 * part / whole:.0f}%"


def chinese(text: str) -> bool:
    """Whether a text is written in Chinese: whether a remark can be read on a page of one language."""
    return any("\u4e00" <= character <= "\u9fff" for character in text)


_NUMERALS = "〇一二三四五六七八九十"


def numeral(count: int) -> str:
    """A small number as a Chinese numeral, a larger one in digits."""
    return _NUMERALS[count] if count < len(_NUMERALS) else str(count)


@cache
def environment(language: Language) -> Environment:
    """The templates in a language."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    translate = translations(language).gettext

    def word(table: str, code: str | None) -> str:
        return translate("未收录" if code is None else palette.WORDS[table][code])

    made.globals.update(
        lang=language,
        zh=language == "zh",
        spoken="zh" if language == "zh" else None,  # a file to read is in Chinese, or has the names of its fields
        word=word,
        link=lambda path, **parameters: link(path, language, **parameters),
        name=lambda record: names.name_of(record, language),
        short=lambda record: names.short_name(record, language),
        pick=lambda zh, en: zh if language == "zh" else en or zh,
        statuses=tuple(palette.STATUS),
        radii=tuple(palette.RADIUS),
        sources_by_id=sources_by_id,
        numeral=numeral,
    )
    made.tests.update(chinese=chinese)
    made.filters.update(
        number=number,
        percent=percent,
        safe_url=safe_url,
        short=lambda record: names.short_name(record, language),
        fitted=fitted,
        text_width=text_width,
    )
    return made


def render(template: str, language: Language, **context: Any) -> Markup:
    """A page of a template and its context."""
    return Markup(environment(language).get_template(template).render(**context))  # noqa: S704


def read_templates(language: Language) -> None:
    """Read all templates of a language, so that no visitor waits for it: the larger ones take a tenth of a second."""
    made = environment(language)
    for name in made.list_templates():
        made.get_template(name)
