"""The scripts of the pages as the TypeScript compiler reads them: types stand in comments, nothing is compiled."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from typing import NoReturn

from viz import static_folder


def test_scripts_are_typed(absent: Callable[[str, str], NoReturn]) -> None:
    tsc = shutil.which("tsc")
    if tsc is None:
        absent("tsc", "there is no TypeScript compiler to check the scripts (Debian: apt install node-typescript)")
    scripts = sorted(map(str, static_folder().glob("*.js")))
    options = "--noEmit --allowJs --checkJs --strict --target es2022 --module es2022 --moduleDetection force"
    command = [tsc, *options.split(), "--lib", "es2022,dom,dom.iterable", *scripts]
    found = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert found.returncode == 0, found.stdout
