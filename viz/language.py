"""The two languages of the screen: Chinese stands in the templates, English in a gettext catalogue."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any, Literal

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from queries.names import name_of, short_name
from viz.words import WORDS

Code = Literal["zh", "en"]
CODES: tuple[Code, ...] = ("zh", "en")


def catalogue_path(code: Code) -> Path:
    """The catalogue of a language other than Chinese."""
    return Path(__file__).parent / "locale" / code / "LC_MESSAGES" / "messages.po"


def _read(code: Code) -> NullTranslations:
    if code == "zh":
        return NullTranslations()
    with catalogue_path(code).open("rb") as file:
        catalogue = read_po(file, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the screen.

    Attributes:
        code: `zh` or `en`.
        translations: What turns the Chinese texts into it.
    """

    code: Code
    translations: NullTranslations

    def text(self, chinese: str) -> str:
        """A text of the screen in this language."""
        return self.translations.gettext(chinese)

    def word(self, code: str | None, table: str) -> str:
        """The word for a code; a dash where it is not known."""
        return "—" if code is None else self.text(WORDS[table][code])

    def name(self, thing: Any) -> str:
        """The name of a thing that has `name_zh` and `name_en`."""
        return name_of(thing, self.code)

    def short(self, thing: Any) -> str:
        """The name of a thing for tight places."""
        return short_name(thing, self.code)


@cache
def language(code: Code) -> Language:
    """A language by its code; the catalogue is read once."""
    return Language(code, _read(code))
