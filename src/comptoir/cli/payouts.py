"""Commands on payouts: what the merchant is paid, and why."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comptoir.cli.desk import MISUSED, Desk, command, operator_at_the_desk, table

if TYPE_CHECKING:
    from comptoir.domain.payouts.amounts import Parts
    from comptoir.domain.payouts.queries import Explained

PayoutId = Annotated[int, typer.Argument(help="The payout's number.")]
Now = Annotated[bool, typer.Option("--now", help="Pay at once, whatever day of the week it is.")]
Amount = Annotated[
    str, typer.Argument(help="What to add, such as 12.50; after `--`, what to take: -- -12.50.")
]
Memo = Annotated[str, typer.Option(help="What for.")]
Kind = Annotated[str, typer.Option(help="adjustment, commission or outgoing_commission.")]
Saved = Annotated[Path, typer.Argument(help="A list_payments document, saved as JSON.")]
Limit = Annotated[int, typer.Option(help="How many entries at most.", min=1)]
COLUMNS = ("id", "identifier", "state", "amount", "currency", "paid_at", "voided_at", "reserve_released_at")
ENTRY_COLUMNS = ("id", "kind", "order_id", "amount", "at", "transfer_id", "memo")


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="Payouts: list, show, pending, run, void, adjust, load.", no_args_is_help=True)
    command(group, "list")(list_all)
    command(group, "show")(show)
    command(group, "pending")(pending)
    command(group, "run")(run)
    command(group, "void")(void)
    command(group, "adjust")(adjust)
    command(group, "load")(load)
    app.add_typer(group, name="payouts")


def list_all(desk: Desk) -> None:
    """Every payout that ended, the newest first."""
    from comptoir.domain.payouts.queries import list_ended

    with desk.opened() as home:
        found, currency = home.shop.read(lambda tx: (list_ended(tx), tx.shop.currency))
    desk.tell_table([_told(one, currency) for one in found], COLUMNS, "Nothing was paid out yet.")


def show(desk: Desk, payout_id: PayoutId, limit: Limit = 1000) -> None:
    """A payout with its parts and entries."""
    from comptoir.domain.payouts.queries import explain_payout, list_entries

    with desk.opened() as home:
        found, entries, currency = home.shop.read(
            lambda tx: (
                explain_payout(tx, payout_id), list_entries(tx, payout_id, limit=limit), tx.shop.currency,
            )
        )  # fmt: skip
    rows = [one._asdict() | {"amount": _amount(one.amount_minor, currency)} for one in entries]
    told = _told(found, currency) | {"entries": rows}
    lines = [f"{name:<21} {told[name]}" for name in (*COLUMNS, *found.parts._fields)]
    desk.tell(told, [*lines, "", *(table(rows, ENTRY_COLUMNS) if rows else ["no entries"])])


def pending(desk: Desk) -> None:
    """What the next payout would be if it left now."""
    from comptoir.domain.merchant.queries import get_merchant
    from comptoir.domain.payouts.queries import find_pending

    with desk.opened() as home:
        found, currency = home.shop.read(lambda tx: (find_pending(tx, get_merchant(tx)), tx.shop.currency))
    told = {"id": found.id, "amount": _amount(found.parts.payable_minor, currency), "currency": currency}
    told |= _parts(found.parts, currency)
    desk.tell(told, [f"{name:<21} {value}" for name, value in told.items()])


def run(desk: Desk, *, now: Now = False) -> None:
    """Gather what waits, and pay out if a payday has begun."""
    from comptoir.chores.payouts import gather
    from comptoir.domain.payouts.paying import pay_out, run_payouts

    with desk.opened() as home:
        gathered = gather(home)
        if now:
            paid = int(home.shop.write(pay_out, operator_at_the_desk()) is not None)
        else:
            paid = home.shop.write(run_payouts, operator_at_the_desk())
    desk.tell({"gathered": gathered, "paid": paid}, [f"{gathered} gathered, {paid} paid out"])


def void(desk: Desk, payout_id: PayoutId) -> None:
    """Call a payout back; its money is brought forward to the next."""
    from comptoir.domain.payouts.paying import void_payout

    with desk.opened() as home:
        home.shop.write(lambda tx: void_payout(tx, payout_id=payout_id), operator_at_the_desk())
    desk.tell({"id": payout_id, "state": "void"}, [f"Payout {payout_id} is void."])


def adjust(desk: Desk, amount: Amount, memo: Memo, kind: Kind = "adjustment") -> None:
    """Add something to the next payout, or take it from there."""
    from comptoir.domain.merchant.wording import read_as, read_money
    from comptoir.domain.payouts.paying import adjust_balance

    with desk.opened() as home:
        currency = home.shop.read(lambda tx: tx.shop.currency)
        minor = read_as("amount", lambda: read_money(amount, currency))
        home.shop.write(
            lambda tx: adjust_balance(tx, amount_minor=minor, memo=memo, kind=kind), operator_at_the_desk()
        )
    desk.tell({"kind": kind, "amount": amount, "memo": memo}, [f"{kind} of {amount} {currency}: {memo}"])


def load(desk: Desk, file: Saved) -> None:
    """Take over the payouts of another platform, with their numbers; all or none."""
    from comptoir.dialects.twocheckout.saved_payments import take_payments
    from comptoir.domain.exchange.codecs import decode_json

    try:
        document = decode_json(file.read_bytes())
    except (OSError, ValueError) as error:
        desk.refuse(f"{file} cannot be read: {error}", MISUSED)
    if not isinstance(document, dict):
        desk.refuse(f"{file} holds no document", MISUSED)
    with desk.opened() as home:
        count = home.shop.write(lambda tx: take_payments(tx, document), operator_at_the_desk())
    desk.tell({"created": count}, [f"payouts: {count} created"])


def _told(one: "Explained", currency: str) -> dict[str, Any]:
    row = one.payout._asdict() | {"amount": _amount(one.payout.amount_minor, currency), "currency": currency}
    return row | _parts(one.parts, currency)


def _parts(parts: "Parts", currency: str) -> dict[str, str]:
    return {name: _amount(minor, currency) for name, minor in parts._asdict().items()}


def _amount(minor: int, currency: str) -> str:
    from comptoir.domain.money import decimal_of_minor

    return f"{decimal_of_minor(minor, currency):f}"
