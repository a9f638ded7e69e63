"""The benchmark of the pages forgets none of them."""

from __future__ import annotations

import importlib
import pkgutil
import runpy
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

import api.pages

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "pages.py"
NO_PAGES = {"/explore.svg", "/data/reports"}  # a picture, and a way to a part of /data


def test_every_page_is_measured() -> None:
    pytest.importorskip("playwright")
    measured = [view.partition("?")[0] for view in runpy.run_path(str(BENCHMARK))["FIRST_VIEWS"]]
    modules = [importlib.import_module(f"api.pages.{found.name}") for found in pkgutil.iter_modules(api.pages.__path__)]
    routers = [module.router for module in modules if hasattr(module, "router")]
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    pages = [route for route in routes if "GET" in route.methods and route.path not in NO_PAGES]
    assert len(pages) >= 20
    forgotten = [route.path for route in pages if not any(route.path_regex.match(path) for path in measured)]
    assert not forgotten
