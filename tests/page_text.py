"""What a page says: its HTML by a client, its words as a person reads them, its address in a language.

text_of(client, "/gaps")         the HTML, after a look at status and type
words(page)                      without tags, scripts, pictures and what is quoted in the other language
with_language("/gaps", "en")     /gaps?lang=en
"""

from __future__ import annotations

import html
import re
from typing import Any


def text_of(client: Any, path: str, status: int = 200) -> str:
    """The HTML of a page."""
    response = client.get(path)
    assert response.status_code == status, (path, response.text[:500])
    assert response.headers["content-type"].startswith("text/html")
    return str(response.text)


def words(page: str) -> str:
    """What a person reads: without tags, scripts, what is hidden in attributes, and marked quotes of the original."""
    page = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", page, flags=re.DOTALL)
    page = re.sub(r"<(q|a|span)\b[^>]*\blang=.*?</\1>", " ", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


def with_language(path: str, language: str) -> str:
    """A path in Chinese or English."""
    return path if language == "zh" else path + ("&" if "?" in path else "?") + "lang=en"
