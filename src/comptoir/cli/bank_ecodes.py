"""Commands on gift codes: what the program sells."""

from pathlib import Path
from typing import Annotated

import typer

from comptoir.cli.desk import MISUSED, Desk, command, operator_at_the_desk

File = Annotated[
    Path, typer.Argument(help="What is sold, in TOML as `comptoir bank ecodes sample` prints it.")
]
COLUMNS = ("id", "product_code", "name", "minimum", "maximum", "percent_to_customer")
PERCENT_PLACES = 2


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="Gift codes: list, offer, sample.", no_args_is_help=True)
    command(group, "list")(list_all)
    command(group, "offer")(offer)
    command(group, "sample")(sample)
    app.add_typer(group, name="ecodes")


def list_all(desk: Desk) -> None:
    """The gift codes that are sold now."""
    from decimal import Decimal

    from comptoir.domain.banking.ecodes.queries import list_ecode_products
    from comptoir.domain.money import decimal_of_minor

    with desk.opened() as home:
        rows, currency = home.shop.read(lambda tx: (list_ecode_products(tx), tx.shop.currency))
    told = [
        {
            "id": row.id,
            "product_code": row.product_code,
            "name": next(iter(row.names.values()), ""),
            "names": row.names,
            "minimum": decimal_of_minor(row.minimum_minor, currency),
            "maximum": decimal_of_minor(row.maximum_minor, currency),
            "percent_to_customer": Decimal(row.percent_to_customer_e2).scaleb(-PERCENT_PLACES),
        }
        for row in rows
    ]
    desk.tell_table(told, COLUMNS, "No gift codes are sold.")


def offer(desk: Desk, file: File) -> None:
    """Sell exactly what the file says; what it does not say is sold no longer."""
    from comptoir.domain.banking.ecodes.offering import offer_ecodes, read_offer

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        desk.refuse(f"{file} cannot be read: {error}", MISUSED)
    offered = read_offer(text)
    with desk.opened() as home:
        home.shop.write(lambda tx: offer_ecodes(tx, offered), operator_at_the_desk())
    codes = [product.code for product in offered.products]
    desk.tell({"offered": codes}, [f"{len(codes)} gift codes are sold."])


def sample(desk: Desk) -> None:
    """Print a sample file, to begin one's own with."""
    from comptoir.domain.banking.ecodes.offering import sample_text

    text = sample_text()
    desk.tell({"toml": text}, [text.rstrip()])
