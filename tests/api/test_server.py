"""The server as a process: what it logs."""

from __future__ import annotations

import logging

import pytest
from uvicorn.logging import AccessFormatter

from api.server import AccessLine

UVICORN = '%(levelprefix)s %(client_addr)s - "%(request_line)s" %(status_code)s'


@pytest.mark.parametrize(
    "args",
    [
        ("127.0.0.1:40000", "GET", "/api/v1/gaps?limit=60", "1.1", 200),
        ("", "HEAD", '/%E8%8A%AF"x', "1.0", 404),
        ("[::1]:1", "POST", "/", "1.1", 599),
    ],
)
def test_the_line_of_a_request_is_that_of_uvicorn(args: tuple[object, ...]) -> None:
    record = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, '%s - "%s %s HTTP/%s" %d', args, None)
    assert AccessLine().format(record) == AccessFormatter(UVICORN, use_colors=False).format(record)
