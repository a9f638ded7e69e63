"""The report on a folder of facts as a body, the same over HTTP and from the command line; and those that are kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from graph.edition import read_reports
from graph.store import Store
from ingest.chinese import sentence
from ingest.report import Finding, Report, Severity


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


def kept_reports(store: Store, edition: str) -> dict[str, Report]:
    """What was found wrong with each layer of an edition when it was loaded; layers without a report are left out.

    Raises:
        NotFound: There is no such edition.
        BadArchive: Its archive is damaged.
    """
    found = {}
    for layer, data in read_reports(store.archive(edition), edition).items():
        try:
            found[layer] = Report.unpacked(data)
        except ValueError:
            continue  # of a later version of the program
    return found


@dataclass(frozen=True, slots=True)
class KeptFinding:
    """A finding of a load that is kept with its edition.

    Attributes:
        layer: Name of the layer that was loaded.
        severity, table, row, column, value, code, message: As in `ingest.report.Finding`.
        message_zh: The same in Chinese.
    """

    layer: str
    severity: Severity
    table: str
    row: int | None
    column: str | None
    value: str
    code: str
    message: str
    message_zh: str


def kept_finding(layer: str, finding: Finding) -> KeptFinding:
    """A finding with its layer and in both languages."""
    return KeptFinding(layer, **asdict(finding), message_zh=sentence(finding))


@dataclass(frozen=True, slots=True)
class FindingSum:
    """How often a rule was broken.

    Attributes:
        severity, code: The rule.
        count: Number of findings.
        first: The first of them.
        message_zh: What it says in Chinese.
    """

    severity: Severity
    code: str
    count: int
    first: Finding
    message_zh: str


def finding_sums(report: Report) -> tuple[FindingSum, ...]:
    """The findings of a report by rule: what was refused first, then the most frequent."""
    counts = Counter((finding.severity, finding.code) for finding in report.findings)
    first: dict[tuple[Severity, str], Finding] = {}
    for finding in report.findings:
        first.setdefault((finding.severity, finding.code), finding)
    ordered = sorted(counts, key=lambda rule: (rule[0] == "warning", -counts[rule], rule[1]))
    return tuple(FindingSum(*rule, counts[rule], first[rule], sentence(first[rule])) for rule in ordered)
