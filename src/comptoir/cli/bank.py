"""Commands on the bank: its program, what it offers, and what it begins with."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

import typer

from comptoir.cli import (
    bank_customers,
    bank_documents,
    bank_ecodes,
    bank_external,
    bank_files,
    bank_statements,
)
from comptoir.cli.desk import MISUSED, Desk, command, operator_at_the_desk

File = Annotated[Path, typer.Argument(help="The program in TOML, as `comptoir bank sample` prints it.")]
Sample = Annotated[str, typer.Argument(help="example1 or prepaid.")]
Type = Annotated[str, typer.Argument(help="Which account of the program, such as ProgramReserve.")]
Amount = Annotated[str, typer.Argument(help="How much, such as 1000.00.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="The bank: its program, and what is done for it by hand.", no_args_is_help=True)
    command(group, "show")(show)
    command(group, "load")(load)
    command(group, "sample")(sample)
    command(group, "fund")(fund)
    bank_customers.register(group)
    bank_documents.register(group)
    bank_ecodes.register(group)
    bank_external.register(group)
    bank_files.register(group)
    bank_statements.register(group)
    app.add_typer(group, name="bank")


def show(desk: Desk) -> None:
    """The program, its products and its own accounts."""
    from comptoir.domain.banking.program.told import told_of

    with desk.opened() as home:
        told = home.shop.read(told_of)
    desk.tell(told, list(_lines(told)))


def load(desk: Desk, file: File) -> None:
    """Make the program as the file has it, or change it to that; all of it or nothing."""
    from comptoir.domain.banking.program.plan import read_plan
    from comptoir.domain.banking.settlement import open_bank

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        desk.refuse(f"{file} cannot be read: {error}", MISUSED)
    plan = read_plan(text)
    with desk.opened() as home:
        home.shop.write(lambda tx: open_bank(tx, plan), operator_at_the_desk())
    desk.tell({"loaded": plan.name}, [f"{plan.name} is the program of this shop"])


def sample(desk: Desk, name: Sample) -> None:
    """Print a sample program, to begin one's own with."""
    from comptoir.domain.banking.program.plan import sample_text

    text = sample_text(name)
    desk.tell({"toml": text}, [text.rstrip()])


def fund(desk: Desk, type: Type, amount: Amount) -> None:
    """Bring money in to an account of the program."""
    from comptoir.domain.banking.program.founding import fund_program_account
    from comptoir.domain.errors import Invalid
    from comptoir.domain.money import exponent_of
    from comptoir.domain.tx import Tx

    def work(tx: Tx) -> None:
        try:
            minor = Decimal(amount).scaleb(exponent_of(tx.shop.currency))
        except InvalidOperation:
            raise Invalid("amount", "is no number") from None
        if not minor.is_finite() or minor != minor.to_integral_value():
            raise Invalid("amount", "has more decimals than the currency")
        fund_program_account(tx, type=type, amount_minor=int(minor))

    with desk.opened() as home:
        home.shop.write(work, operator_at_the_desk())
    desk.tell({"funded": type, "amount": amount}, [f"{amount} brought in to {type}"])


def _lines(told: dict[str, Any]) -> list[str]:
    lines = []
    for name, value in told.items():
        match value:
            case list() if value and isinstance(value[0], dict):
                lines.append(f"{name}:")
                lines.extend("  " + "  ".join(f"{key} {item}" for key, item in row.items()) for row in value)
            case list():
                lines.append(f"{name}: {', '.join(map(str, value)) or '-'}")
            case _:
                lines.append(f"{name}: {value}")
    return lines
