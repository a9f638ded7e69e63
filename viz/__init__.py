"""Everything that a person looks at."""

from __future__ import annotations

from pathlib import Path


def static_folder() -> Path:
    """The folder of style sheet, scripts and icon."""
    return Path(__file__).with_name("static")
