"""What was found wrong with facts; bad data ends here, and never in an exception."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["fatal", "refused", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, where it stands, and what to do.

    Attributes:
        severity: fatal: nothing of the folder is loaded; refused: the row is left out; warning: it is loaded.
        table: Name of the fact table.
        row: Number of the row as a spreadsheet shows it (the header is row 1); `None` for the table as a whole.
        column: Header of the column, or `None` for the row as a whole.
        value: The text in question.
        code: Short name of the rule, the same in every language.
        message: What is wrong and what to do.
    """

    severity: Severity
    table: str
    row: int | None
    column: str | None
    value: str
    code: str
    message: str


@dataclass(slots=True)
class Report:
    """The findings of one folder.

    Attributes:
        folder: What was read.
        findings: In the order of the tables and rows.
        read: Rows found, by table.
        accepted: Rows taken, by table.
        encodings: Encoding of each text file that is not plain UTF-8.
    """

    folder: str
    findings: list[Finding] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=dict)
    accepted: dict[str, int] = field(default_factory=dict)
    encodings: dict[str, str] = field(default_factory=dict)

    def of(self, severity: Severity) -> list[Finding]:
        """The findings of one severity."""
        return [finding for finding in self.findings if finding.severity == severity]

    @property
    def fatal(self) -> bool:
        """Whether nothing may be loaded."""
        return any(finding.severity == "fatal" for finding in self.findings)

    @property
    def refused_rows(self) -> int:
        """Number of rows that are left out."""
        return len({(finding.table, finding.row) for finding in self.of("refused")})

    def counts(self) -> dict[str, int]:
        """Number of findings by code, the most frequent first."""
        return dict(Counter(finding.code for finding in self.findings).most_common())

    def add(self, findings: Iterable[Finding]) -> None:
        """Take findings in."""
        self.findings.extend(findings)
