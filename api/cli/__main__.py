"""`python -m api.cli`: the command where it is not installed."""

from __future__ import annotations

import sys

from api.cli import main

sys.exit(main())
