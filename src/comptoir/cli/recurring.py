"""Commands on recurring line items: what the vendor's staff does by hand (2Checkout reference 6.6)."""

from typing import Annotated

import typer

from comptoir.cli.desk import Desk, command, operator_at_the_desk

LineitemId = Annotated[int, typer.Argument(help="The line item's number: that of the newest installment.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="Recurring line items: stop, restart.", no_args_is_help=True)
    command(group, "stop")(stop)
    command(group, "restart")(restart)
    app.add_typer(group, name="recurring")


def stop(desk: Desk, lineitem_id: LineitemId) -> None:
    """Bill a line item no more."""
    from comptoir.domain.subscriptions.recurring import stop_recurring

    with desk.opened() as home:
        home.shop.write(lambda tx: stop_recurring(tx, order_line_id=lineitem_id), operator_at_the_desk())
    told = {"lineitem_id": lineitem_id, "is_active": False}
    desk.tell(told, [f"Line item {lineitem_id} is billed no more."])


def restart(desk: Desk, lineitem_id: LineitemId) -> None:
    """Bill a line item again that was stopped, or given up after declines; from its next billing day on."""
    from comptoir.domain.subscriptions.recurring import restart_recurring

    with desk.opened() as home:
        home.shop.write(lambda tx: restart_recurring(tx, order_line_id=lineitem_id), operator_at_the_desk())
    told = {"lineitem_id": lineitem_id, "is_active": True}
    desk.tell(told, [f"Line item {lineitem_id} is billed again."])
