"""`.env.example` names every setting, and nothing else."""

from __future__ import annotations

from pathlib import Path

from api.settings import Settings, shipped_data

ROOT = Path(__file__).parent.parent.parent


def named() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_every_setting_is_in_the_example() -> None:
    assert set(named()) == {f"LIANTU_{name.upper()}" for name in Settings.model_fields}


def test_the_example_shows_the_defaults() -> None:
    plain = Settings(_env_file=None).model_dump(mode="json")
    for name, value in named().items():
        if name not in ("LIANTU_NEO4J_PASSWORD", "LIANTU_ADMIN_TOKEN"):
            assert value == str(plain[name.removeprefix("LIANTU_").lower()]), name


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_the_shipped_facts_are_there() -> None:
    assert (shipped_data() / "products.csv").is_file()
