"""Everything that a person looks at: geometry, words, templates, style and scripts."""

from __future__ import annotations

from pathlib import Path


def static_folder() -> Path:
    """The folder of the style sheet, the scripts and the icon."""
    return Path(__file__).parent / "static"
