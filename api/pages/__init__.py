"""The pages, one file a subject; each parses, calls a question and renders."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from fastapi import Request
from starlette.responses import Response

from api.pages import (
    analysts,
    chains,
    compare,
    data,
    delta,
    disruptions,
    explore,
    gaps,
    glossary,
    overview,
    profiles,
    report,
    targets,
    things,
    warnings,
)
from api.pages.page import language_of, page
from api.state import network_of
from graph.errors import LiantuError
from queries.names import Language, name_of, region_label
from viz import palette
from viz.render import link, translations

if TYPE_CHECKING:
    from api.errors import Problem
    from queries.network import Network

_PARTS = (
    overview,
    chains,
    explore,
    compare,
    gaps,
    disruptions,
    delta,
    things,
    profiles,
    warnings,
    targets,
    analysts,
    glossary,
    report,
    data,
)
ROUTES = [route for part in _PARTS for route in part.router.routes]

# What a page is called when it is not there, and where things of a kind live.
_PLACES = {"product": "/products", "firm": "/firms", "park": "/parks", "chain": "/chains", "region": "/regions"}


def error_page(request: Request, problem: Problem) -> Response:
    """What went wrong, for a person: what, why, near matches, code and edition."""
    network = _network(request)
    language = language_of(request)
    translate = translations(language).gettext
    headings = {403: "不允许", 404: "没有找到", 422: "地址里有一个值不对", 503: "数据暂时读不到"}
    return page(
        request,
        "error.html.j2",
        network,
        status=problem.status,
        heading=translate(headings.get(problem.status, "服务器出错了")),
        text_zh=_text_zh(problem),
        problem=problem,
        near=_near(request, problem, network, language),
    )


def _near(request: Request, problem: Problem, network: Network | None, language: Language) -> list[tuple[str, str]]:
    """Addresses and names of what may have been meant: the same page with another value, or the page of the thing."""
    kind, wrong = str(problem.detail.get("kind", "")), problem.detail.get("name")
    if network is None or kind not in _PLACES:
        return []
    given = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    element = f"{kind}:{wrong}"
    found = []
    for right in problem.detail.get("near", ()):
        if {wrong, element} & {value for _, value in given}:
            better = {wrong: right, element: f"{kind}:{right}"}
            parameters: dict[str, list[str]] = {}
            for name, value in given:
                parameters.setdefault(name, []).append(better.get(value, value))
            address = link(request.url.path, language, **parameters)
        else:
            address = link(f"{_PLACES[kind]}/{right}", language)
        found.append((address, _name(network, kind, right, language)))
    return found


def _name(network: Network, kind: str, id_: str, language: Language) -> str:
    if kind == "region":
        return region_label(network, id_, language)
    rows: Iterable[Any] = getattr(network.facts, f"{kind}s")
    return next((name_of(row, language) for row in rows if row.id == id_), id_)


def _text_zh(problem: Problem) -> str:
    detail = problem.detail
    if problem.code == "nothing-loaded":
        return "还没有装入数据。请先运行 liantu load。"
    if problem.status == 404 and "name" in detail:
        thing = palette.THING.get(str(detail.get("kind")), "内容")
        return f"没有编号为“{detail['name']}”的{thing}。请检查地址，或用上方的搜索框查找。"
    if problem.status == 404:
        return "没有这个页面。请检查地址，或用上方的搜索框查找。"
    if problem.status == 403:
        return "口令不对，或请求不是从本站的表单发出的。"
    if problem.status == 422:
        said = f"参数 {detail.get('name', '')} 的值“{detail.get('value', '')}”不可用。"
        allowed = _allowed_zh(str(detail.get("allowed", "")))
        return f"{said}可用：{allowed}。" if allowed else said
    if problem.status == 503:
        return "数据库没有应答。请稍后再试；管理员可查看服务器日志。"
    return "服务器出错了，日志里有原因。请稍后再试。"


def _allowed_zh(allowed: str) -> str:
    """What may stand there, where it is words and bounds to copy; nothing where only an English sentence says it."""
    listed = allowed.removeprefix("any of ").removeprefix("one of ")
    listed = listed.replace("greater than or equal to ", "≥ ").replace("less than or equal to ", "≤ ")
    return "" if re.search(r"[a-z]{2,} [a-z]{2,}", listed.replace(" or ", "、")) else listed.replace(" or ", "、")


def _network(request: Request) -> Network | None:
    try:
        return network_of(request)
    except LiantuError:
        return None
