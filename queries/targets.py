"""Targets 指标 of the plan against what was observed (measures §13)."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from graph.errors import BadInput
from graph.model import Observation, Target
from queries.evidence import Grade, graded
from queries.network import Network, derived

SHANGHAI = ZoneInfo("Asia/Shanghai")

Status = Literal["met", "met-late", "on-track", "behind", "missed", "no-evidence"]
STATUSES: tuple[Status, ...] = ("met", "met-late", "on-track", "behind", "missed", "no-evidence")
_ABOUT = 0.95
_BASELINE_YEAR = 2020
_SURENESS = {"low": 0, "medium": 1, "high": 2}


@dataclass(frozen=True, slots=True)
class Observed:
    """What was reached on a day."""

    as_of: str
    value: float
    unit: str | None
    note: str | None
    source_ids: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target on a day.

    Attributes:
        latest: The newest observation up to the day.
        reached_by: The first observation that reaches the target.
        progress: Value of the latest over the target, 0..1; for `new` with a baseline of 2020 counted from it.
        evidence: Grade of the status, A or B: it rests on observations alone, and measures §11 takes away no row of
            that table; how sure they are, `latest` and `reached_by` say. `None` for `no-evidence`.
        named: For targets that name things: how many of `subject_ids` the graph holds.
    """

    id: str
    clause: str | None
    indicator_zh: str
    indicator_en: str | None
    text_zh: str | None
    comparator: str
    value: float
    unit: str | None
    year: int
    on: str
    status: Status
    latest: Observed | None
    reached_by: Observed | None
    progress: float | None
    evidence: Grade | None
    named: int | None
    subject_ids: tuple[str, ...]
    source_ids: tuple[str, ...]
    confidence: str


def today() -> date:
    """The day in Shanghai."""
    return datetime.now(SHANGHAI).date()


def last_day(text: str) -> date:
    """The day that a day, month or year stands for as an end: its last."""
    parts = [int(part) for part in text.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    day = parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1]
    return date(year, month, day)


def _until(observations: Sequence[Observation], on: date) -> list[Observation]:
    """The observations up to a day, one a day: of several that of higher confidence, then the last in the table."""
    by_day: dict[date, Observation] = {}
    for item in observations:
        day = last_day(item.as_of)
        if day <= on and (day not in by_day or _SURENESS[item.confidence] >= _SURENESS[by_day[day].confidence]):
            by_day[day] = item
    return [by_day[day] for day in sorted(by_day)]


def _reaches(target: Target, value: float) -> bool:
    return value >= (_ABOUT * target.value if target.comparator == "about" else target.value)


def _baseline(observations: Sequence[Observation]) -> Observation | None:
    """The observation of the end of 2020."""
    end = date(_BASELINE_YEAR, 12, 31)
    return next((item for item in observations if last_day(item.as_of) == end), None)


def _on_line(target: Target, found: Sequence[Observation]) -> bool:
    """Whether the latest value is at or above the straight line from the end of 2020 to the target."""
    start = _baseline(found)
    base = start.value if start else 0.0
    begin, end = date(_BASELINE_YEAR, 12, 31), date(target.year, 12, 31)
    latest = found[-1]
    part = (last_day(latest.as_of) - begin).days / max((end - begin).days, 1)
    return latest.value >= base + (target.value - base) * part


def _status(target: Target, found: Sequence[Observation], on: date) -> Status:
    end = date(target.year, 12, 31)
    if not found:
        return "no-evidence"
    reaching = [last_day(item.as_of) for item in found if _reaches(target, item.value)]
    if reaching:
        return "met" if min(reaching) <= end else "met-late"
    if on <= end:
        return "on-track" if _on_line(target, found) else "behind"
    return "missed" if last_day(found[-1].as_of) >= date(target.year, 10, 1) else "no-evidence"


def _evidence(target: Target, found: Sequence[Observation], on: date) -> Grade | None:
    """The grade of a status by the sources of what decides it: what reaches the target, or the latest and the start."""
    status = _status(target, found, on)
    if status == "no-evidence":
        return None
    if status in ("met", "met-late"):
        deciding = [next(item for item in found if _reaches(target, item.value))]
    else:
        start = _baseline(found) if status in ("on-track", "behind") else None
        deciding = [found[-1], *([start] if start else [])]
    return graded(True, (name for item in deciding for name in item.source_ids))


def _progress(target: Target, found: Sequence[Observation]) -> float | None:
    if not found or not target.value:
        return None
    latest, start = found[-1], _baseline(found)
    counted = target.comparator == "new" and start is not None and start.unit == latest.unit and start is not latest
    value = latest.value - start.value if counted and start else latest.value
    return min(max(value / target.value, 0.0), 1.0)


def _observed(item: Observation | None) -> Observed | None:
    if item is None:
        return None
    return Observed(item.as_of, item.value, item.unit, item.note, item.source_ids, item.confidence)


@derived
def _known_ids(network: Network) -> frozenset[str]:
    facts = network.facts
    groups = (facts.industries, facts.chains, facts.parks, facts.regions, facts.firms, facts.products, facts.segments)
    return frozenset(row.id for group in groups for row in group)


@derived
def targets(network: Network, on: date) -> tuple[TargetRow, ...]:
    """Every target on a day, by id."""
    observations: dict[str, list[Observation]] = {}
    for item in network.facts.observations:
        observations.setdefault(item.target_id, []).append(item)
    known = _known_ids(network)
    rows = []
    for target in sorted(network.facts.targets, key=lambda row: row.id):
        found = _until(observations.get(target.id, ()), on)
        names = "named in the plan" in (target.unit or "")
        rows.append(
            TargetRow(
                id=target.id,
                clause=target.clause,
                indicator_zh=target.indicator_zh,
                indicator_en=target.indicator_en,
                text_zh=target.text_zh,
                comparator=target.comparator,
                value=target.value,
                unit=target.unit,
                year=target.year,
                on=on.isoformat(),
                status=_status(target, found, on),
                latest=_observed(found[-1] if found else None),
                reached_by=_observed(next((item for item in found if _reaches(target, item.value)), None)),
                progress=_progress(target, found),
                evidence=_evidence(target, found, on),
                named=sum(1 for name in target.subject_ids if name in known) if names else None,
                subject_ids=target.subject_ids,
                source_ids=target.source_ids,
                confidence=target.confidence,
            )
        )
    return tuple(rows)


def targets_where(network: Network, on: date, statuses: tuple[str, ...]) -> tuple[TargetRow, ...]:
    """The targets of some statuses on a day, by id; an empty tuple lets all pass.

    Raises:
        BadInput: A status is none of `STATUSES`.
    """
    for status in statuses:
        if status not in STATUSES:
            raise BadInput("status", status, "any of " + ", ".join(STATUSES))
    return tuple(row for row in targets(network, on) if not statuses or row.status in statuses)
