"""The command `comptoir`: one file per group of commands, and nothing loaded before it is needed."""

import sys
from typing import Annotated

import typer

from comptoir import __version__
from comptoir.cli import (
    bank,
    books,
    clock,
    demonstration,
    events,
    exchange,
    keys,
    merchant,
    payouts,
    recurring,
    server,
    shop,
    shops,
    snapshots,
    users,
    vendor_hosts,
    webhooks,
)
from comptoir.cli.desk import REFUSED, complain

app = typer.Typer(
    name="comptoir",
    help="A self-hosted back office for selling and for the money that selling moves.",
    no_args_is_help=True,
    add_completion=False,
    # Plain help needs no library that takes long to load; faults are ours to word.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for room in (
    shops,
    shop,
    server,
    demonstration,
    vendor_hosts,
    keys,
    users,
    exchange,
    merchant,
    payouts,
    recurring,
    bank,
    books,
    clock,
    snapshots,
    events,
    webhooks,
):
    room.register(app)


def _version(is_asked: bool) -> None:
    if is_asked:
        print(f"comptoir {__version__}")
        raise typer.Exit


@app.callback()
def comptoir(
    version: Annotated[
        bool, typer.Option("--version", help="Say which version this is.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """A self-hosted back office for selling and for the money that selling moves."""


def main() -> None:
    """Run a command; what cannot be done is a sentence, never a traceback."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(REFUSED)
    except Exception as error:
        if not _is_refusal(error):
            raise
        complain(_said(error), as_json="--json" in sys.argv)
        sys.exit(REFUSED)


def _said(error: Exception) -> str:
    from comptoir.storage.errors import DatabaseAway

    sentence = str(error) or type(error).__name__
    return f"the database does not answer: {sentence}" if isinstance(error, DatabaseAway) else sentence


def _is_refusal(error: Exception) -> bool:
    from comptoir.domain.errors import ComptoirError
    from comptoir.storage.errors import StorageError

    return isinstance(error, ComptoirError | StorageError | OSError)
