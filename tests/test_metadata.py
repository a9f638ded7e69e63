"""The project is installed as it says; runs first, because what fails here explains what fails later.

The packages have plain names, and the registry of Python packages has others of the same names: installing `queries`
or `viz` from there overwrites ours without a word.
"""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGES = ("graph", "ingest", "queries", "api", "viz")
ENVIRONMENT = {
    "api/settings.py": "reads the settings",
    "graph/arcadedb_store.py": "sets two defaults for the engine",
}


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PACKAGES)
def test_packages_are_ours(name: str) -> None:
    found = importlib.import_module(name).__file__
    assert found is not None, f"{name} has no __init__.py; is it a left-over folder?"
    assert Path(found).resolve() == REPOSITORY / name / "__init__.py", (
        f"another distribution has overwritten {name}: uninstall what brought {found}, then install liantu again"
    )


@pytest.mark.parametrize("name", PACKAGES)
def test_no_other_distribution_brings_a_package_of_ours(name: str) -> None:
    others = set(metadata.packages_distributions().get(name, ())) - {"liantu"}
    assert not others, f"{others} brings a package {name} of its own: uninstall it, then install liantu again"


@pytest.mark.parametrize("name", PACKAGES)
def test_distributions_called_like_our_packages_are_absent(name: str) -> None:
    with pytest.raises(metadata.PackageNotFoundError):
        metadata.version(name)


def test_the_five_packages_are_declared_one_by_one(project: dict[str, Any]) -> None:
    assert tuple(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == PACKAGES
    assert tuple(project["tool"]["importlinter"]["root_packages"]) == PACKAGES
    assert tuple(project["tool"]["mypy"]["packages"]) == PACKAGES


def test_every_folder_with_code_of_ours_is_declared() -> None:
    assert {path.parent.name for path in REPOSITORY.glob("*/__init__.py")} == set(PACKAGES)


def test_the_data_ship(project: dict[str, Any]) -> None:
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"] == {"data": "liantu_data"}
    assert (REPOSITORY / "data" / "products.csv").is_file()


def test_the_command_is_declared_and_exists(project: dict[str, Any]) -> None:
    assert project["project"]["scripts"] == {"liantu": "api.cli:main"}
    (command,) = metadata.entry_points(group="console_scripts", name="liantu")
    assert command.value == "api.cli:main"
    assert callable(command.load())


def test_the_installed_version_is_that_of_the_project(project: dict[str, Any]) -> None:
    assert metadata.version("liantu") == project["project"]["version"]


def test_import_rules_hold() -> None:
    """The same as `lint-imports` on the command line, run by the interpreter of the tests."""
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    ran = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "0 broken" in ran.stdout


def test_every_import_rule_names_all_who_must_keep_it(project: dict[str, Any]) -> None:
    """A rule that forbids a driver forbids it to all five, apart from the named exceptions."""
    rules = [rule for rule in project["tool"]["importlinter"]["contracts"] if "ignore_imports" in rule]
    assert {rule["forbidden_modules"][0] for rule in rules} == {"neo4j", "arcadedb", "pyvis"}
    for rule in rules:
        assert set(rule["source_modules"]) == set(PACKAGES), rule["name"]


def _environment_names(path: Path) -> set[str]:
    """Names by which a module reaches the environment."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv", "putenv"):
            found.add(node.attr)
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            found |= {alias.name for alias in node.names} & {"environ", "environb", "getenv", "putenv"}
        if isinstance(node, ast.ImportFrom | ast.Import) and "dotenv" in ast.unparse(node):
            found.add("dotenv")
        if isinstance(node, ast.ImportFrom | ast.Import) and "pydantic_settings" in ast.unparse(node):
            found.add("pydantic_settings")
    return found


def test_the_environment_is_read_in_one_file_alone() -> None:
    readers = {
        str(path.relative_to(REPOSITORY)): names
        for package in PACKAGES
        for path in (REPOSITORY / package).rglob("*.py")
        if (names := _environment_names(path))
    }
    assert set(readers) <= set(ENVIRONMENT), readers


def test_the_embedded_store_only_sets_defaults() -> None:
    tree = ast.parse((REPOSITORY / "graph" / "arcadedb_store.py").read_text(encoding="utf-8"))
    uses = [n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and ast.unparse(n.value) == "os.environ"]
    assert {use.attr for use in uses} == {"setdefault"}
    assert len(uses) == len([n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr == "environ"])
