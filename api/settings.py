"""What the environment says; the only reader of it."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from graph.store import Credentials

if TYPE_CHECKING:
    from starlette.requests import Request

HERE = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Settings, each from `LIANTU_` and its name in capitals, or from a file `.env`; see `.env.example`."""

    model_config = SettingsConfigDict(env_prefix="LIANTU_", env_file=".env", extra="ignore")

    store: str = Field(
        default="arcadedb:var/liantu", description="Where the store is: arcadedb:PATH, neo4j://host, bolt://host."
    )
    neo4j_user: str = Field(default="neo4j", description="Name for the Neo4j server.")
    neo4j_password: SecretStr = Field(default=SecretStr(""), description="Password for the Neo4j server.")
    host: str = Field(default="127.0.0.1", description="Address to serve at; 0.0.0.0 for every address of the machine.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port to serve at.")
    admin_token: SecretStr = Field(
        default=SecretStr(""), description="Token for loads over HTTP; without it the server only reads."
    )
    reports: Path = Field(
        default=Path("var/reports.jsonl"), description="File that keeps what readers report as wrong; needs a token."
    )
    cypher: Literal["on", "off"] = Field(default="on", description="Whether users may send Cypher of their own.")

    def credentials(self) -> Credentials:
        """Name and password for a server."""
        return Credentials(self.neo4j_user, self.neo4j_password.get_secret_value())

    @property
    def has_admin(self) -> bool:
        """Whether there is a token by which somebody may write."""
        return bool(self.admin_token.get_secret_value())

    def is_admin(self, token: str) -> bool:
        """Whether this is the admin token; nothing is while none is set. How long it takes tells nothing of it."""
        wanted = self.admin_token.get_secret_value().encode()
        return self.has_admin and secrets.compare_digest(token.encode("utf-8", "replace"), wanted)


def settings_of(request: Request) -> Settings:
    """The settings of the server that answers a request."""
    found: Settings = request.app.state.settings
    return found


def shipped_data() -> Path:
    """The folder of fact tables that comes with the project."""
    beside = HERE / "data"
    return beside if beside.is_dir() else HERE / "liantu_data"
