"""Commands on the books: prove them, show them."""

from decimal import Decimal
from typing import Annotated, Any

import typer

from comptoir.cli.desk import REFUSED, Desk, command

Order = Annotated[
    int | None, typer.Option(help="What was posted for this order.", show_default="all accounts")
]
COLUMNS = ("currency", "code", "name", "kind", "debit", "credit")
POSTING_COLUMNS = ("transfer_id", "kind", "state", "posted_at", "account_code", "amount", "currency")


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="The ledger: check, show.", no_args_is_help=True)
    command(group, "check")(check)
    command(group, "show")(show)
    app.add_typer(group, name="books")


def check(desk: Desk) -> None:
    """Prove the books: every cent, from the postings themselves. Ends with 1 when they do not balance."""
    from comptoir.domain.proof import prove_books

    with desk.opened() as home:
        problems = home.shop.read(prove_books)
    desk.tell(
        {"balanced": not problems, "problems": problems},
        [*problems, f"The books do not balance: {len(problems)} problem(s)."]
        if problems
        else ["The books balance."],
    )
    if problems:
        raise typer.Exit(REFUSED)


def show(desk: Desk, order: Order = None) -> None:
    """The trial balance, or what was posted for one order."""
    from comptoir.domain.ledger.queries import list_postings_of_subject, trial_balance

    with desk.opened() as home:
        if order is None:
            accounts = home.shop.read(trial_balance)
            rows = [_sides(row._asdict()) for row in accounts]
            desk.tell_table(rows, COLUMNS, "There are no accounts yet.")
            return
        postings = home.shop.read(lambda tx: list_postings_of_subject(tx, subject="order", subject_id=order))
    rows = [row._asdict() | {"amount": _amount(row.amount_minor, row.currency)} for row in postings]
    desk.tell_table(rows, POSTING_COLUMNS, f"Nothing was posted for order {order}.")


def _sides(row: dict[str, Any]) -> dict[str, Any]:
    sides = {side: _amount(row[f"{side}_minor"], row["currency"]) for side in ("debit", "credit")}
    return row | sides


def _amount(minor: int, currency: str) -> str:
    from comptoir.domain.money import DEFAULT_EXPONENT, EXPONENTS

    places = EXPONENTS.get(currency, DEFAULT_EXPONENT)
    return f"{Decimal(minor).scaleb(-places):,.{places}f}"
