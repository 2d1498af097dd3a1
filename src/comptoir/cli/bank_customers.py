"""Commands on customers of the bank: what only the bank itself decides."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from comptoir.cli.desk import MISUSED, Desk, command, operator_at_the_desk

if TYPE_CHECKING:
    from comptoir.domain.banking.customers.persons import PersonFacts

CustomerId = Annotated[int, typer.Argument(help="The customer's number.")]
Verified = Annotated[bool, typer.Option("--verified", help="They are who they say.")]
Denied = Annotated[bool, typer.Option("--denied", help="They are not taken on.")]
Deceased = Annotated[bool, typer.Option("--deceased", help="They have died.")]
Reason = Annotated[str, typer.Option(help="Why, as the customer is shown with it.")]
Limit = Annotated[int, typer.Option(help="How many at most.", min=1)]
COLUMNS = (
    "id",
    "status",
    "first_name",
    "last_name",
    "tag",
    "tax_id",
    "is_business",
    "is_locked",
    "created_at",
)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="Customers of the bank: list, show, decide, lock, unlock.", no_args_is_help=True)
    command(group, "list")(list_all)
    command(group, "show")(show)
    command(group, "decide")(decide)
    command(group, "lock")(lock)
    command(group, "unlock")(unlock)
    app.add_typer(group, name="customers")


def list_all(desk: Desk, limit: Limit = 200) -> None:
    """Customers of the bank by name, of every status."""
    from comptoir.domain.banking.customers.searching import list_people

    with desk.opened() as home:
        found = home.shop.read(lambda tx: list_people(tx, limit=limit, offset=0))
    desk.tell_table([_told(one) for one in found.page], COLUMNS, "Nobody banks here yet.")


def show(desk: Desk, customer_id: CustomerId) -> None:
    """A customer of the bank; of numbers that identify them, the last four characters."""
    from comptoir.domain.banking.customers.persons import get_person

    with desk.opened() as home:
        told = _told(home.shop.read(lambda tx: get_person(tx, customer_id)))
    desk.tell(told, [f"{name:<17} {value}" for name, value in told.items()])


def decide(
    desk: Desk,
    customer_id: CustomerId,
    *,
    verified: Verified = False,
    denied: Denied = False,
    deceased: Deceased = False,
) -> None:
    """Say what the bank decided of somebody who waits, or that a customer has died; it stays so."""
    from comptoir.domain.banking.customers.models import DECEASED, DENIED, VERIFIED
    from comptoir.domain.banking.customers.verifying import decide as decide_on

    said = {VERIFIED: verified, DENIED: denied, DECEASED: deceased}
    chosen = [status for status, is_said in said.items() if is_said]
    if len(chosen) != 1:
        desk.refuse("say one of --verified, --denied and --deceased", MISUSED)
    with desk.opened() as home:
        home.shop.write(
            lambda tx: decide_on(tx, customer_id=customer_id, status=chosen[0]), operator_at_the_desk()
        )
    desk.tell({"id": customer_id, "status": chosen[0]}, [f"Customer {customer_id} is {chosen[0]}."])


def lock(desk: Desk, customer_id: CustomerId, reason: Reason = "") -> None:
    """Let a customer do nothing until they are unlocked."""
    from comptoir.domain.banking.customers.attending import lock_customer

    with desk.opened() as home:
        home.shop.write(
            lambda tx: lock_customer(tx, customer_id=customer_id, reason=reason), operator_at_the_desk()
        )
    desk.tell({"id": customer_id, "is_locked": True}, [f"Customer {customer_id} is locked."])


def unlock(desk: Desk, customer_id: CustomerId) -> None:
    """Let a customer act again."""
    from comptoir.domain.banking.customers.attending import unlock_customer

    with desk.opened() as home:
        home.shop.write(lambda tx: unlock_customer(tx, customer_id=customer_id), operator_at_the_desk())
    desk.tell({"id": customer_id, "is_locked": False}, [f"Customer {customer_id} is unlocked."])


def _told(person: "PersonFacts") -> dict[str, Any]:
    return {
        "id": person.customer_id,
        "status": person.status,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "tag": person.tag,
        "tax_id": None if person.tax_id is None else f"******{person.tax_id[-4:]}",
        "is_business": person.is_business,
        "is_locked": person.is_locked,
        "locked_reason": person.locked_reason,
        "created_at": person.created_at,
        "verified_at": person.verified_at,
        "manual_review_at": person.manual_review_at,
    }
