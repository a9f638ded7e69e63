"""The command `liantu`; see `liantu --help`.

Each file declares the commands of one subject and runs them. Heavy things are imported when a command needs them, so
that help comes at once.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from api.cli import chains, editions, loading, risks, sessions
from api.cli.arguments import AWAY, DONE, WRONG_USE, Run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the answer is the exit code: 0 done, 1 findings, 2 wrong use, 3 the store is away."""
    args = _parser().parse_args(arguments)
    from graph.errors import LiantuError, NothingLoaded, StoreAway

    try:
        return int(args.run(args))
    except (StoreAway, NothingLoaded) as error:
        print(f"liantu: {error}", file=sys.stderr)
        return AWAY
    except LiantuError as error:
        print(f"liantu: {error}", file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="liantu",
        description="链图: knowledge graph of Shanghai's industrial chains.",
        epilog="Exit codes: 0 done, 1 findings, 2 wrong use, 3 the store is away.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(name: str, run: Run, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        made.add_argument("--store", metavar="URL", help="arcadedb:PATH, neo4j://host or bolt://host")
        made.add_argument("--format", choices=("table", "json", "csv"), default="table", help="how to print (table)")
        return made

    for subject in (loading, editions, sessions, chains, risks):
        subject.add(command)
    return parser
