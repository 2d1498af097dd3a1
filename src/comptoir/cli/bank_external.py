"""Commands on accounts at other banks: what only the bank itself does to them."""

from typing import Annotated

import typer

from comptoir.cli.desk import Desk, command, operator_at_the_desk

CustomerId = Annotated[int, typer.Argument(help="The customer's number.")]
ExternalId = Annotated[int, typer.Argument(help="The external account's number.")]
Reason = Annotated[str, typer.Option(help="Why, as the account is shown with it.")]
COLUMNS = ("id", "status", "type", "number", "name", "nick_name", "tag", "is_locked", "noc_code", "status_at")
SHOWN_DIGITS = 4


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="Accounts at other banks: list, lock, unlock.", no_args_is_help=True)
    command(group, "list")(list_all)
    command(group, "lock")(lock)
    command(group, "unlock")(unlock)
    app.add_typer(group, name="external")


def list_all(desk: Desk, customer_id: CustomerId) -> None:
    """A customer's accounts at other banks; of their numbers, the last four characters."""
    from comptoir.domain.banking.customers.queries import get_customer
    from comptoir.domain.banking.external.queries import list_external_accounts

    with desk.opened() as home:
        rows = home.shop.read(
            lambda tx: list_external_accounts(tx, get_customer(tx, customer_id).customer_id)
        )
    told = [
        {
            **{name: getattr(row, name) for name in COLUMNS if name != "number"},
            "number": f"******{row.account_number[-SHOWN_DIGITS:]}",
        }
        for row in rows
    ]
    desk.tell_table(told, COLUMNS, "The customer has none.")


def lock(desk: Desk, external_account_id: ExternalId, reason: Reason = "") -> None:
    """Let no money through an account at another bank; only the bank unlocks it then."""
    from comptoir.domain.banking.external.changing import lock_external_account
    from comptoir.domain.banking.external.queries import get_external_account

    with desk.opened() as home:
        home.shop.write(
            lambda tx: lock_external_account(
                tx,
                customer_id=get_external_account(tx, external_account_id).customer_id,
                external_account_id=external_account_id,
                reason=reason,
                is_by_bank=True,
            ),
            operator_at_the_desk(),
        )
    told = {"id": external_account_id, "is_locked": True}
    desk.tell(told, [f"External account {external_account_id} is locked."])


def unlock(desk: Desk, external_account_id: ExternalId) -> None:
    """Let money through it again, whoever locked it."""
    from comptoir.domain.banking.external.changing import unlock_external_account
    from comptoir.domain.banking.external.queries import get_external_account

    with desk.opened() as home:
        home.shop.write(
            lambda tx: unlock_external_account(
                tx,
                customer_id=get_external_account(tx, external_account_id).customer_id,
                external_account_id=external_account_id,
                is_by_bank=True,
            ),
            operator_at_the_desk(),
        )
    told = {"id": external_account_id, "is_locked": False}
    desk.tell(told, [f"External account {external_account_id} is unlocked."])
