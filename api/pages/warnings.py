"""预警: what is open and hurts on a day, and what is weak without any event, each with its way on to mending."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from api.pages.page import day_of, page
from api.routers import page_router
from api.routes.search import words
from api.state import network_of, past_of_request
from queries.network import CAPABILITY_OF
from queries.targets import today
from queries.warning_rows import LEVELS, RULES
from queries.warnings import WarningFilter, counts, warnings_on, warnings_where

router = page_router()


@router.get("/warnings")
def warnings(
    request: Request,
    on: str = "",
    level: Annotated[list[str], Query()] = [],  # noqa: B006
    rule: str = "",
    chain: str = "",
    edition: str | None = None,
) -> Response:
    """The warnings of a day."""
    network, day = network_of(request, edition), day_of(on)
    everything = warnings_on(network, day, past_of_request(request, network))
    wanted = WarningFilter(tuple(words(level)), (rule,) if rule else (), chain or None)
    rows = warnings_where(network, everything, wanted)
    of_rest = warnings_where(network, everything, replace(wanted, levels=()))
    address: dict[str, Any] = {"on": on, "level": wanted.levels, "rule": rule, "chain": chain}
    return page(
        request,
        "warnings.html.j2",
        network,
        groups=[(name, [row for row in rows if row.level == name]) for name in LEVELS],
        rows=rows,
        total=len(everything),
        level_counts=counts(of_rest),
        rule_counts=Counter(row.rule for row in everything),
        rules=RULES,
        together=next((row for row in everything if row.rule == "all-open"), None),
        chains=network.facts.chains,
        capability_of=CAPABILITY_OF,
        day=day,
        is_today=day == today(),
        address=address,
    )
