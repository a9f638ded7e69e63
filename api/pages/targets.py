"""指标: the targets of the plan clause by clause, with its words, what was observed and what that means on a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from api.pages.page import day_of, language_of, page
from api.routers import page_router
from api.state import network_of
from queries.names import Language
from queries.targets import TargetRow, targets_where, today
from queries.targets import targets as targets_on
from viz.figures import clause_words, quantity, target_words
from viz.palette import PLAN_PART

router = page_router()


def _parts(rows: Iterable[TargetRow]) -> list[tuple[str, list[TargetRow]]]:
    """The rows by part of the plan, in its order; what names no part of it is last."""
    found: dict[str, list[TargetRow]] = {part: [] for part in [*PLAN_PART, ""]}
    for row in sorted(rows, key=lambda row: (clause_words(row.clause, "en"), row.id)):
        part = (row.clause or "")[:1]
        found[part if part in PLAN_PART else ""].append(row)
    return [(part, items) for part, items in found.items() if items]


@router.get("/targets")
def targets(
    request: Request,
    on: str = "",
    status: Annotated[list[str], Query()] = [],  # noqa: B006
    edition: str | None = None,
) -> Response:
    """The targets on a day."""
    network, day = network_of(request, edition), day_of(on)
    everything, rows = targets_on(network, day), targets_where(network, day, tuple(status))
    language: Language = language_of(request)
    address: dict[str, Any] = {"on": on or None, "status": status}
    return page(
        request,
        "targets.html.j2",
        network,
        parts=_parts(rows),
        total=len(everything),
        shown=len(rows),
        counts=Counter(row.status for row in everything),
        day=day,
        is_today=day == today(),
        address=address,
        plan_sources=tuple(dict.fromkeys(id_ for row in rows for id_ in row.source_ids)),
        quantity=lambda value, unit: quantity(value, unit, language),
        wanted=lambda row: target_words(row.value, row.unit, row.comparator, language),
        clause=lambda row: clause_words(row.clause, language),
    )
