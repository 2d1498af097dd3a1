"""Commands on statements: which there are, making those of a quarter, writing them into a folder."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comptoir.cli.desk import MISUSED, Desk, command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.banking.statements.periods import Period
    from comptoir.domain.banking.statements.queries import StatementRow

Year = Annotated[int, typer.Argument(help="The year, such as 2026.")]
Month = Annotated[int, typer.Argument(help="The month; of a quarter or a year, its last.")]
Type = Annotated[str, typer.Option("--type", help="Monthly, Quarterly or Tax1099INT.")]
Folder = Annotated[Path, typer.Argument(help="Where the files go.")]
Format = Annotated[str, typer.Option("--format", help="pdf, csv or json.")]
Customer = Annotated[int | None, typer.Option(help="Only this customer's.", show_default="everybody's")]
COLUMNS = ("id", "customer_id", "type", "year", "month", "created_at")
PAGE = 200


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="Statements: list, make, write.", no_args_is_help=True)
    command(group, "list")(list_all)
    command(group, "make")(make)
    command(group, "write")(write)
    app.add_typer(group, name="statements")


def list_all(
    desk: Desk, year: Year, month: Month, *, type: Type = "Monthly", customer: Customer = None
) -> None:
    """The statements of one period."""
    period = _period(type, year, month)
    with desk.opened() as home:
        rows = [row._asdict() for row in _rows(home, period, customer)]
    desk.tell_table(rows, COLUMNS, "No such statement was made.")


def make(desk: Desk, year: Year, month: Month, *, type: Type = "Quarterly") -> None:
    """Make the statements of a period that is over, for everybody who has none of it yet.

    Months and years are made by themselves; quarters only here.
    """
    from comptoir.chores.banking_statements import make_statements, make_tax_forms
    from comptoir.domain.banking.statements.models import TAX_1099_INT

    period = _period(type, year, month)
    verb = make_tax_forms if period.type == TAX_1099_INT else make_statements
    with desk.opened() as home:
        made = verb(home.shop, period)
    desk.tell({"made": made}, [f"{made} statements made"])


def write(
    desk: Desk,
    folder: Folder,
    year: Year,
    month: Month,
    *,
    type: Type = "Monthly",
    format: Format = "pdf",
    customer: Customer = None,
) -> None:
    """Write the statements of one period into a folder, one file each; a file that is there is written again."""
    from comptoir.domain.banking.statements.queries import get_facts
    from comptoir.papers.statements import ENDINGS, file_name, statement_file

    period = _period(type, year, month)
    kinds = {ending: kind for kind, ending in ENDINGS.items()}
    if format not in kinds:
        desk.refuse(f"{format!r} is none of {', '.join(kinds)}", MISUSED)
    written = 0
    with desk.opened() as home:
        folder.mkdir(parents=True, exist_ok=True)
        for row in _rows(home, period, customer):
            facts = home.shop.read(partial(get_facts, customer_id=row.customer_id, statement_id=row.id))
            path = folder / file_name(row, kinds[format])
            path.write_bytes(statement_file(row, facts, kinds[format]))
            written += 1
    told: dict[str, Any] = {"written": written, "folder": str(folder)}
    desk.tell(told, [f"{written} statements written to {folder}"])


def _period(type: str, year: int, month: int) -> "Period":
    from comptoir.domain.banking.statements.periods import MONTHS, period_of

    known = {word.lower(): word for word in MONTHS}
    return period_of(known.get(type.lower(), type), year, month)


def _rows(home: "ServedShop", period: "Period", customer_id: int | None) -> "Iterator[StatementRow]":
    """The statements of a period, some at a time."""
    from comptoir.domain.banking.statements.queries import list_of_period

    last = 0
    while True:
        rows = home.shop.read(partial(list_of_period, **period._asdict(), after_id=last, limit=PAGE))
        if not rows:
            return
        last = rows[-1].id
        yield from (row for row in rows if customer_id in {None, row.customer_id})
