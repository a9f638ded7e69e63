"""Loads over HTTP: who may, what is told, what is refused, and readers beside them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api import uploads
from api.app import create_app
from api.findings import report_body
from api.routes import loads as route
from api.settings import Settings
from graph.edition import Edition
from graph.store import Store
from ingest.pipeline import check_folder

TOKEN = "correct horse"
SOURCE = "id,title,publisher,year,url,kind\ns-new,新来源,,2024,,report\n"
REGIONS = "id,name_zh,level,source_ids,confidence\nxx,新地,economy,s-new,high\n"
BAD = REGIONS + "yy,坏地,planet,s-new,high\n"


def settings(token: str = TOKEN) -> Settings:
    return Settings(_env_file=None, admin_token=SecretStr(token))


@pytest.fixture
def client(store: Store, shipped_edition: Edition) -> Iterator[TestClient]:
    store.write(shipped_edition, replaces=None)
    with TestClient(create_app(store, settings()), raise_server_exceptions=False) as found:
        yield found


def send(client: TestClient, files: dict[str, Any], status: int = 200, token: str | None = TOKEN, **fields: str) -> Any:
    response = client.post(
        "/api/v1/loads",
        files=[("files", item) for item in files.items()],
        data={"layer": "more"} | fields,
        headers={"Authorization": f"Bearer {token}"} if token else {},
    )
    assert response.status_code == status, response.text
    return response.json()


def zipped(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def test_facts_are_laid_over_and_seen_at_once(client: TestClient, shipped_edition: Edition) -> None:
    assert client.get("/api/v1/regions/xx").status_code == 404
    found = send(client, {"sources.csv": SOURCE, "regions.csv": REGIONS})
    assert (found["loaded"], found["changed"], found["layer"]) == (True, True, "more")
    assert found["edition"] != shipped_edition.id
    assert found["report"]["refused_rows"] == 0
    assert client.get("/api/v1/regions/xx").json()["edition"] == found["edition"]
    assert client.get("/api/v1/chains").json()["edition"] == found["edition"]
    statement = {"statement": "MATCH (r:Region {id: 'xx'}) RETURN r.name_zh AS name"}
    assert client.post("/api/v1/cypher", json=statement).json()["rows"] == [["新地"]]
    old = client.get(f"/api/v1/chains?edition={shipped_edition.id}").json()
    assert old["edition"] == shipped_edition.id
    again = send(client, {"facts.zip": zipped({"a/sources.csv": SOURCE, "a/regions.csv": REGIONS})})
    assert (again["changed"], again["edition"]) == (False, found["edition"])
    assert 'liantu_loads_total{end="loaded"} 1.0' in client.get("/metrics").text


def test_refused_rows_hold_a_load_up(client: TestClient, shipped_edition: Edition, tmp_path: Path) -> None:
    found = send(client, {"sources.csv": SOURCE, "regions.csv": BAD})
    assert (found["loaded"], found["edition"]) == (False, shipped_edition.id)
    [row] = [row for row in found["report"]["items"] if row["severity"] == "refused"]
    assert (row["table"], row["row"], row["column"], row["value"]) == ("regions", 3, "level", "planet")
    (tmp_path / "regions.csv").write_text(BAD, encoding="utf-8")
    (tmp_path / "sources.csv").write_text(SOURCE, encoding="utf-8")
    own = check_folder(tmp_path)  # by itself; the other findings of the load are those of the layers below
    assert row in report_body(own, "more")["items"]
    assert "planet" in row["message_zh"]
    found = send(client, {"sources.csv": SOURCE, "regions.csv": BAD}, accept_refused="true")
    assert (found["loaded"], found["report"]["refused_rows"]) == (True, 1)
    assert client.get("/api/v1/regions/xx").status_code == 200
    assert client.get("/api/v1/regions/yy").status_code == 404


def test_the_report_stays_with_the_edition_and_is_seen_after_a_restart(client: TestClient, store: Store) -> None:
    found = send(client, {"sources.csv": SOURCE, "regions.csv": BAD}, accept_refused="true")
    told = found["report"]["items"]
    with TestClient(create_app(store, settings("")), raise_server_exceptions=False) as later:
        where = f"/api/v1/editions/{found['edition']}/findings"
        body = later.get(where).json()
        assert [{k: v for k, v in row.items() if k != "layer"} for row in body["items"]] == told
        assert {row["layer"] for row in body["items"]} == {"more"}
        assert body["layers"]["more"]["read"] == {"regions": 2, "sources": 1}
        assert body["layers"]["more"]["refused_rows"] == 1
        [refused] = later.get(f"{where}?layer=more&severity=refused").json()["items"]
        assert (refused["table"], refused["row"], refused["value"]) == ("regions", 3, "planet")
        assert later.get(f"{where}?layer=less").json()["total"] == 0
        lines = later.get(f"{where}?format=csv").content.decode("utf-8-sig").splitlines()
        assert lines[0].startswith("layer,severity,table,row,column,value,code,message,message_zh")
        assert len(lines) == 1 + len(told)
        page = later.get(f"/data?edition={found['edition']}").text
        assert "未采用 1 行" in page and "planet" in page
        assert "left out" in later.get("/data?lang=en").text
        assert later.get("/api/v1/editions/000000000000/findings").status_code == 404


def test_an_edition_without_a_report_says_so(reader: TestClient) -> None:
    assert "没有留下装入报告" in reader.get("/data").text
    body = reader.get(f"/api/v1/editions/{reader.get('/healthz').json()['edition']}/findings").json()
    assert (body["items"], body["layers"]) == ([], {})


@pytest.fixture(scope="module")
def reader(arcadedb_store: Store) -> Iterator[TestClient]:
    """A server on the shipped facts, for requests that are refused."""
    with TestClient(create_app(arcadedb_store, settings()), raise_server_exceptions=False) as found:
        yield found


def test_nobody_loads_without_the_token(reader: TestClient, arcadedb_store: Store) -> None:
    for token in (None, "", "wrong", TOKEN + "x", "é"):
        header = {} if token is None else {"Authorization": f"Bearer {token}".encode()}
        response = reader.post("/api/v1/loads", files={"files": ("sources.csv", SOURCE)}, headers=header)
        assert response.status_code == 401, token
        assert response.headers["www-authenticate"].startswith("Bearer")
    basic = reader.post("/api/v1/loads", headers={"Authorization": f"Basic {TOKEN}"})
    assert basic.status_code == 401
    with TestClient(create_app(arcadedb_store, settings(""))) as closed:
        for token in ("", "x"):
            assert "LIANTU_ADMIN_TOKEN" in send(closed, {"sources.csv": SOURCE}, 403, token)["error"]["message"]


def test_what_cannot_be_loaded_is_told(reader: TestClient, shipped_edition: Edition, tmp_path: Path) -> None:
    unfit = send(reader, {"sources.csv": "nonsense\n1\n"})
    assert unfit["loaded"] is False
    assert any(row["severity"] == "fatal" for row in unfit["report"]["items"])
    assert "/tmp" not in str(send(reader, {"readme.md": "nothing"}))
    for files in (
        {"sources.exe": b"MZ"},
        {"../sources.csv": SOURCE, "sources.csv": SOURCE},
        {"facts.zip": b"PK no zip"},
        {"facts.zip": zipped({"a/sources.csv": SOURCE, "b/sources.csv": SOURCE})},
    ):
        assert send(reader, files, 422)["error"]["detail"]["name"] == "files"
    assert send(reader, {"sources.csv": SOURCE}, 422, layer="../etc")["error"]["detail"]["name"] == "layer"
    assert reader.get("/healthz").json()["edition"] == shipped_edition.id


def test_an_archive_stays_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    data = zipped({"../../escaped.csv": SOURCE, "/etc/absolute.csv": SOURCE, "..\\windows.csv": SOURCE})
    uploads.Unpacking(tmp_path / "in").put("facts.zip", io.BytesIO(data))
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.csv")} == {
        "in/escaped.csv",
        "in/absolute.csv",
        "in/windows.csv",
    }


def test_sizes_have_an_end(reader: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_UNPACKED_MB", 1)
    bomb = zipped({"sources.csv": "x" * 2_000_000})
    assert len(bomb) < 10_000
    assert send(reader, {"facts.zip": bomb}, 413)["error"]["code"] == "too-large"
    assert send(reader, {"sources.xlsx": zipped({"xl/sheet.xml": "x" * 2_000_000})}, 413)
    monkeypatch.setattr(route, "MOST_MB", 0.001)
    assert "The request" in send(reader, {"sources.csv": SOURCE * 50}, 413)["error"]["message"]
