"""What was found wrong with facts; bad data ends here, and never in an exception."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Literal, get_args

import orjson

from graph.model import tables

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
        findings: What is fatal first, then what is refused, then warnings; each by table and row.
        read: Rows found, by table.
        accepted: Rows taken, by table.
        encodings: Encoding of each file that is not plain UTF-8.
        lost: Rows of layers that were loaded before which are refused now.
    """

    folder: str
    findings: list[Finding] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=dict)
    accepted: dict[str, int] = field(default_factory=dict)
    encodings: dict[str, str] = field(default_factory=dict)
    lost: int = 0

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
        return self.lost + len({(f.table, f.row) for f in self.of("refused") if f.row is not None})

    def counts(self) -> dict[str, int]:
        """Number of findings by code, the most frequent first."""
        return dict(Counter(finding.code for finding in self.findings).most_common())

    def sort(self) -> None:
        """Bring the findings into their order."""
        names = list(tables())
        ranks = get_args(Severity)

        def place(finding: Finding) -> tuple[int, int, int]:
            table = names.index(finding.table) if finding.table in names else len(names)
            return ranks.index(finding.severity), table, finding.row or 0

        self.findings.sort(key=place)

    def packed(self, folder: str) -> bytes:
        """The report as a store keeps it; the same report gives the same bytes.

        Args:
            folder: What the folder is called there, in place of its path.
        """
        names = [f.name for f in fields(Finding)]
        found = [[getattr(finding, name) for name in names] for finding in self.findings]
        for row in found:
            row[-1] = row[-1].replace(self.folder, folder)
        kept = {f.name: getattr(self, f.name) for f in fields(self)} | {"folder": folder, "findings": found}
        return orjson.dumps(kept)

    @classmethod
    def unpacked(cls, data: bytes) -> Report:
        """The report that `packed` made.

        Raises:
            ValueError: It was not made so.
        """
        try:
            kept = orjson.loads(data)
            return cls(**kept | {"findings": [Finding(*row) for row in kept["findings"]]})
        except (TypeError, KeyError) as error:
            raise ValueError(f"no report of a load: {error}") from error

    def add(self, findings: Iterable[Finding]) -> None:
        """Take findings in."""
        self.findings.extend(findings)
