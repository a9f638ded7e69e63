"""Files that come with a request: how much is read, and how archives are taken apart."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Coroutine
from pathlib import Path, PurePosixPath
from typing import IO, Any

from fastapi import HTTPException, Request
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.types import Message

from graph.errors import BadInput
from ingest.tables import SUFFIXES

MOST_UNPACKED_MB = 500
_MOST_FILES = 100
_CHUNK = 1 << 20
_NAME = re.compile(r"[\w][\w. -]{0,99}")
_WITH_TABLES = (*SUFFIXES, ".json", ".md", ".txt")  # what belongs to a folder of facts; ingest reads the tables


def too_large(what: str, most_mb: float) -> HTTPException:
    """The answer to more than is taken."""
    return HTTPException(413, f"{what} is larger than {most_mb:g} MB. Send less, or use the command line.")


def bounded(most_bytes: Callable[[], int], check: Callable[[Request], None] | None = None) -> type[APIRoute]:
    """A class of routes that read no more of a request than so much, whatever its header says, and check it first."""

    class Bounded(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handler = super().get_route_handler()

            async def bounded_handler(request: Request) -> Response:
                if check:
                    check(request)
                read = 0

                async def receive() -> Message:
                    nonlocal read
                    message = await request.receive()
                    read += len(message.get("body", b""))
                    if read > most_bytes():
                        raise too_large("The request", most_bytes() / 1_000_000)
                    return message

                return await handler(Request(request.scope, receive))

            return bounded_handler

    return Bounded


class Unpacking:
    """Fact tables put into a folder, from single files and ZIP archives; counts what they come to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = 0
        self._bytes = 0

    def put(self, name: str, file: IO[bytes]) -> None:
        """Keep a file, or each file of an archive; folders inside archives do not matter.

        Raises:
            BadInput: The name is no name of a table, stands twice, or the archive cannot be read.
            HTTPException: 413 where it comes to too much.
        """
        if PurePosixPath(name).suffix.lower() == ".zip":
            try:
                with zipfile.ZipFile(file) as archive:
                    for item in archive.infolist():
                        base = PurePosixPath(item.filename.replace("\\", "/")).name
                        if item.is_dir() or base.startswith(".") or "__MACOSX" in item.filename:
                            continue
                        with archive.open(item) as member:
                            self._keep(base, member)
            except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
                raise BadInput("files", name, f"a ZIP archive that can be read; this one cannot: {error}") from None
        else:
            self._keep(name, file)

    def _keep(self, name: str, file: IO[bytes]) -> None:
        path = self._folder / name
        if not _NAME.fullmatch(name) or path.suffix.lower() not in _WITH_TABLES:
            raise BadInput("files", name, f"names such as products.csv, with {', '.join(SUFFIXES)} or .zip")
        if path.exists():
            raise BadInput("files", name, "each table once")
        self._files += 1
        if self._files > _MOST_FILES:
            raise BadInput("files", name, f"at most {_MOST_FILES} files")
        with path.open("wb") as out:
            while part := file.read(_CHUNK):
                self._count(len(part))
                out.write(part)
        if path.suffix.lower() == ".xlsx":
            self._check_workbook(path)

    def _count(self, size: int) -> None:
        self._bytes += size
        if self._bytes > MOST_UNPACKED_MB * 1_000_000:
            raise too_large("What was sent, unpacked,", MOST_UNPACKED_MB)

    def _check_workbook(self, path: Path) -> None:
        """Count what a workbook holds before anybody reads it; one that is damaged is a finding of the report."""
        try:
            with zipfile.ZipFile(path) as archive:
                self._count(sum(item.file_size for item in archive.infolist()))
        except zipfile.BadZipFile:
            return
