"""Taking sales over that were saved from the original platform, one detail_sale document to a line."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from comptoir.cli.demonstration import progress
from comptoir.cli.desk import MISUSED, REFUSED, Desk

if TYPE_CHECKING:
    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.errors import ComptoirError
    from comptoir.domain.tx import Tx

NAME = "vendor-sales"
CHUNK = 50
SHOWN_MAX = 20


class _Rehearsed(Exception):
    """Takes a dry run back."""


def import_sales(desk: Desk, file: Path, *, dry_run: bool) -> None:
    """Take the sales of a file in, each whole or not at all; ends with 1 when one was refused."""
    if not file.is_file():
        desk.refuse(f"there is no file {file}", MISUSED)
    taken, refused = 0, []
    with desk.opened() as home, file.open("rb") as lines, progress("Importing") as show:
        rows = _documents(desk, lines)
        while batch := list(islice(rows, CHUNK)):
            for (number, _), problem in zip(batch, _kept(home, batch, dry_run=dry_run), strict=True):
                if problem is None:
                    taken += 1
                else:
                    refused.append({"line": number, "problem": str(problem)})
            show(taken + len(refused), None, NAME)
    word = "would be created" if dry_run else "created"
    told = [f"{NAME}: {taken} {word}, {len(refused)} refused"]
    told += [f"  line {one['line']}: {one['problem']}" for one in refused[:SHOWN_MAX]]
    desk.tell({"kind": NAME, "created": taken, "refused": refused}, told)
    if refused:
        raise typer.Exit(REFUSED)


def _documents(desk: Desk, lines: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    from comptoir.domain.exchange.codecs import decode_json

    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            document = decode_json(line)
        except ValueError as error:
            desk.refuse(f"line {number} {error}")
        if not isinstance(document, dict):
            desk.refuse(f"line {number} is no object")
        yield number, document


def _kept(
    home: "ServedShop", batch: Sequence[tuple[int, dict[str, Any]]], *, dry_run: bool
) -> "list[ComptoirError | None]":
    """Keep some sales in one transaction, or say what would become of them."""
    from comptoir.dialects.twocheckout.moving_in import take_sales

    problems: list[ComptoirError | None] = []

    def work(tx: "Tx") -> None:
        problems[:] = take_sales(tx, [document for _, document in batch])
        if dry_run:
            raise _Rehearsed

    with suppress(_Rehearsed):
        home.shop.write(work)
    return problems
