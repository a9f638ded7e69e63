"""The server, and Cypher: the catalogue and the prompt."""

from __future__ import annotations

import argparse

from api.cli.arguments import DONE, WRONG_USE, Command, opened
from api.cli.output import print_rows, say


def add(command: Command) -> None:
    """Declare the commands."""
    serve = command("serve", _serve, "Serve the browser and the HTTP API.")
    serve.add_argument("--host", help="address to serve at (127.0.0.1)")
    serve.add_argument("--port", type=int, help="port to serve at (8000)")
    query = command("query", _query, "Run a question of the Cypher catalogue; without a name list them.")
    query.add_argument("name", nargs="?", help="name of the question")
    query.add_argument("parameters", nargs="*", metavar="key=value", help="its parameters")
    command("shell", _shell, "Cypher at a prompt, or from what is piped in; it only reads.")


def _serve(args: argparse.Namespace) -> int:
    import gc

    gc.disable()  # what is made at the start stays; the server enables it
    from api.server import serve
    from api.settings import Settings

    settings = Settings()
    host, port = args.host or settings.host, args.port or settings.port
    with opened(args) as store:
        edition = store.current()
        say(f"链图 liantu: http://{host}:{port} ({store.url}, edition {edition or 'none yet: run liantu load'})")
        serve(store, settings, host, port)
    return DONE


def _query(args: argparse.Namespace) -> int:
    from graph.errors import BadInput
    from queries import catalogue

    if args.name is None:
        found = catalogue.questions().values()
        rows = [{"name": q.name, "title_zh": q.title_zh, "title_en": q.title_en} for q in found]
        print_rows(args, rows, {"total": len(rows)}, ("name", "title_zh", "title_en"))
        return DONE
    texts = {}
    for item in args.parameters:
        name, sign, value = item.partition("=")
        if not sign:
            raise BadInput("parameter", item, "key=value")
        texts[name] = value
    question = catalogue.get(args.name)
    with opened(args) as store:
        answer = catalogue.run(store, args.name, texts)
        edition = store.current()
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    if args.format != "json":
        rows = [{k: ";".join(map(str, v)) if isinstance(v, list) else v for k, v in row.items()} for row in rows]
    page = {"total": len(rows), "truncated": answer.truncated, "columns": question.columns, "edition": edition}
    print_rows(args, rows, page, answer.columns)
    return DONE


def _shell(args: argparse.Namespace) -> int:
    from api import shell

    with opened(args) as store:
        return WRONG_USE if shell.run(store, args.format) else DONE
