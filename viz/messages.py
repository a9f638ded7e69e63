"""The words of the templates: what has to be translated, read from the templates and the tables of words."""

from __future__ import annotations

from babel.messages.extract import extract_from_file

from viz import palette
from viz.render import HERE

_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}


def messages() -> dict[str, set[str]]:
    """Every Chinese message with the places where it stands."""
    found: dict[str, set[str]] = {}
    options = {"trimmed": "true", "extensions": "jinja2.ext.i18n", "newstyle_gettext": "true"}
    for path in sorted((HERE / "templates").glob("*.j2")):
        for _, message, _, _ in extract_from_file("jinja2", path, keywords=_KEYWORDS, options=options):
            found.setdefault(message if isinstance(message, str) else message[0], set()).add(path.name)
    for name, table in palette.WORDS.items():
        for text in table.values():
            found.setdefault(text, set()).add(f"palette.{name}")
    return found
