"""The report on a folder of facts as a body, the same over HTTP and from the command line."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ingest.chinese import sentence
from ingest.report import Report


def report_body(report: Report, folder: str | None = None) -> dict[str, Any]:
    """Every finding with its sentence in both languages, and the sums.

    Args:
        report: What was found.
        folder: What the folder is called to the reader, where that is not its path.
    """
    shown = folder or report.folder
    items = [asdict(finding) | {"message_zh": sentence(finding)} for finding in report.findings]
    for row in items:
        for name in ("value", "message", "message_zh"):
            row[name] = row[name].replace(report.folder, shown)
    return {
        "items": items,
        "folder": shown,
        "total": len(items),
        "refused_rows": report.refused_rows,
        "read": report.read,
        "accepted": report.accepted,
        "encodings": report.encodings,
    }
