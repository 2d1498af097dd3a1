"""Commands on webhooks and INS messages: who is told, what was sent, and sending it again."""

from datetime import timedelta
from time import monotonic, sleep
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comptoir.cli.desk import MISUSED, Desk, command, operator_at_the_desk

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.tx import Tx
    from comptoir.domain.webhooks.queries import DeliveryRow, EndpointRow

SHOWN = ("id", "kind", "url", "kinds", "is_active", "previous_until", "description")
SENT = ("id", "endpoint_id", "number", "kind", "subject", "subject_id", "state", "attempts", "due_at")
TRIED = ("at", "status", "took_ms", "problem", "answer")
WAIT_SECONDS = 0.1
SECRETS = frozenset({"secret", "previous_secret"})
Endpoint = Annotated[int, typer.Argument(help="The endpoint's number.")]
Delivery = Annotated[int, typer.Argument(help="The delivery's number.")]
Url = Annotated[str, typer.Argument(help="Where messages are sent.")]
Ins = Annotated[bool, typer.Option("--ins", help="Send INS messages instead of signed webhooks.")]
Only = Annotated[
    list[str] | None,
    typer.Option(help="A kind that is told, such as order.placed or refund.* or ORDER_CREATED; repeat it."),
]
Description = Annotated[str | None, typer.Option(help="A note to yourselves.")]
Secret = Annotated[
    str | None, typer.Option(help="The secret that signs, such as whsec_…", show_default="made and shown")
]
NewUrl = Annotated[str | None, typer.Option(help="Where messages are sent from now on.")]
Active = Annotated[bool | None, typer.Option("--active/--inactive", help="Whether it is told anything.")]
Hours = Annotated[int, typer.Option(help="How long the old secret signs as well.", min=0)]
OfEndpoint = Annotated[int | None, typer.Option(help="Only to this endpoint.", show_default="all")]
State = Annotated[str | None, typer.Option(help="pending, delivered or dead.", show_default="all")]
Subject = Annotated[int | None, typer.Option(help="Only of this sale, or other subject.", show_default="all")]
Limit = Annotated[int, typer.Option(help="How many at most.", min=1)]
From = Annotated[
    int, typer.Option("--from", help="The first event, as `comptoir events` numbers them.", min=1)
]
To = Annotated[int, typer.Option("--to", help="The last event.", min=1)]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(
        help="Webhooks and INS messages: who is told, what was sent, sending it again.", no_args_is_help=True
    )
    command(group, "endpoints")(list_all)
    command(group, "add")(add)
    command(group, "change")(change)
    command(group, "rotate")(rotate)
    command(group, "remove")(remove)
    command(group, "deliveries")(list_sent)
    command(group, "attempts")(list_tries)
    command(group, "resend")(resend_one)
    command(group, "replay")(replay_range)
    command(group, "ping")(ping_one)
    app.add_typer(group, name="webhooks")


def list_all(desk: Desk) -> None:
    """Everybody who is told what happens."""
    from comptoir.domain.webhooks.queries import list_endpoints

    with desk.opened() as home:
        rows = [public(row) for row in home.shop.read(list_endpoints)]
    desk.tell_table(rows, SHOWN, "Nobody is told anything: `comptoir webhooks add URL` tells an address.")


def public(row: "EndpointRow") -> dict[str, Any]:
    """An endpoint without its secrets."""
    return {name: value for name, value in row._asdict().items() if name not in SECRETS}


def add(
    desk: Desk,
    *,
    url: Url,
    ins: Ins = False,
    only: Only = None,
    description: Description = None,
    secret: Secret = None,
) -> None:
    """Tell an address what happens from now on."""
    from comptoir.domain.webhooks.endpoints import create_endpoint
    from comptoir.domain.webhooks.models import INS, STANDARD

    made = written(
        desk,
        lambda tx: create_endpoint(
            tx,
            kind=INS if ins else STANDARD,
            url=url,
            kinds=only or (),
            description=description or "",
            secret=secret,
        ),
    )
    shown = [f"  secret  {made.secret} (not shown again)"] if made.secret and not secret else []
    told = {"id": made.id, "url": url} | ({"secret": made.secret} if shown else {})
    desk.tell(told, [f"Endpoint {made.id}: {url}", *shown])


def change(
    desk: Desk,
    *,
    endpoint: Endpoint,
    url: NewUrl = None,
    only: Only = None,
    description: Description = None,
    active: Active = None,
) -> None:
    """Change what is named of an endpoint."""
    from comptoir.domain.webhooks.endpoints import update_endpoint
    from comptoir.domain.webhooks.queries import get_endpoint

    asked: dict[str, Any] = {"url": url, "kinds": only, "description": description, "is_active": active}
    given: Any = {name: value for name, value in asked.items() if value is not None}
    written(desk, lambda tx: update_endpoint(tx, endpoint_id=endpoint, **given))
    with desk.opened() as home:
        row = public(home.shop.read(lambda tx: get_endpoint(tx, endpoint)))
    desk.tell_table([row], SHOWN, "")


def rotate(desk: Desk, endpoint: Endpoint, hours: Hours = 24) -> None:
    """Give an endpoint a new secret; for a while both sign."""
    from comptoir.domain.webhooks.endpoints import rotate_secret

    grace = timedelta(hours=hours)
    secret = written(desk, lambda tx: rotate_secret(tx, endpoint_id=endpoint, grace=grace))
    told = {"id": endpoint, "secret": secret, "hours": hours}
    desk.tell(told, [f"Endpoint {endpoint} has a new secret; the old one signs for {hours} more hours.",
                     f"  secret  {secret} (not shown again)"])  # fmt: skip


def remove(desk: Desk, endpoint: Endpoint) -> None:
    """Tell an address nothing more."""
    from comptoir.domain.webhooks.endpoints import remove_endpoint

    ended = written(desk, lambda tx: remove_endpoint(tx, endpoint_id=endpoint))
    desk.tell(
        {"id": endpoint, "ended": ended},
        [f"Endpoint {endpoint} is removed; {ended} message(s) were waiting."],
    )


def list_sent(
    desk: Desk, endpoint: OfEndpoint = None, state: State = None, subject: Subject = None, limit: Limit = 50
) -> None:
    """What was sent and what waits, the newest first."""
    from comptoir.domain.webhooks.models import DELIVERY_STATES
    from comptoir.domain.webhooks.queries import list_deliveries

    if state is not None and state not in DELIVERY_STATES:
        desk.refuse(f"{state!r} is none of {', '.join(DELIVERY_STATES)}", MISUSED)
    with desk.opened() as home:
        rows = home.shop.read(
            lambda tx: list_deliveries(tx, endpoint_id=endpoint, state=state, subject_id=subject, limit=limit)
        )
    tell_deliveries(desk, rows)


def list_tries(desk: Desk, delivery: Delivery) -> None:
    """Each attempt at a delivery: what was answered, and how long it took."""
    from comptoir.domain.webhooks.queries import list_attempts

    with desk.opened() as home:
        rows = [row._asdict() for row in home.shop.read(lambda tx: list_attempts(tx, delivery))]
    desk.tell_table(rows, TRIED, "It was not tried yet.")


def resend_one(desk: Desk, delivery: Delivery) -> None:
    """Send a message again, now, as it was worded."""
    from comptoir.domain.webhooks.resending import resend

    told_now(desk, lambda tx: resend(tx, delivery_id=delivery))


def replay_range(desk: Desk, endpoint: Endpoint, first: From, last: To) -> None:
    """Send an endpoint again what happened from one event to another; the worker delivers it."""
    from comptoir.domain.webhooks.resending import replay

    count, after = 0, first
    with desk.opened() as home:
        while after:
            page = home.shop.write(
                replaying(replay, endpoint_id=endpoint, first_seq=after, last_seq=last),
                operator_at_the_desk(),
            )
            count, after = count + page.messages, page.next_seq or 0
    desk.tell({"endpoint": endpoint, "queued": count}, [f"{count} message(s) wait for endpoint {endpoint}."])


def replaying(verb: "Callable[..., Any]", **facts: Any) -> "Callable[[Tx], Any]":
    """A verb with its facts, to be done in a transaction."""
    return lambda tx: verb(tx, **facts)


def ping_one(desk: Desk, endpoint: Endpoint) -> None:
    """Send an endpoint a message that says nothing, and tell what it answers."""
    from comptoir.domain.webhooks.resending import ping

    told_now(desk, lambda tx: ping(tx, endpoint_id=endpoint))


def written(desk: Desk, verb: "Callable[[Tx], Any]") -> Any:
    """Do something to the shop that is meant."""
    with desk.opened() as home:
        return home.shop.write(verb, operator_at_the_desk())


def told_now(desk: Desk, verb: "Callable[[Tx], int]") -> None:
    """Queue a delivery, deliver what is due, and tell how it went."""
    with desk.opened() as home:
        delivery_id = home.shop.write(verb, operator_at_the_desk())
        tell_outcome(desk, home, delivery_id)


def tell_outcome(desk: Desk, home: "ServedShop", delivery_id: int) -> None:
    """Deliver what is due, and tell how one of them went."""
    from comptoir.chores.deliveries import deliver_due
    from comptoir.domain.webhooks.queries import get_delivery, list_attempts

    end = monotonic() + home.fetcher.timeout_seconds
    while True:
        deliver_due(home)
        row, attempts = home.shop.read(
            lambda tx: (get_delivery(tx, delivery_id), list_attempts(tx, delivery_id))
        )
        # The worker of a running server may have been quicker, and is still waiting for the answer.
        if attempts or monotonic() > end:
            break
        sleep(WAIT_SECONDS)
    last = attempts[-1] if attempts else None
    answer = f": {last.problem or last.status} ({last.took_ms} ms)" if last else ""
    told = row._asdict() | {"last": last and last._asdict()}
    desk.tell(told, [f"Delivery {row.id} is {row.state}{answer}."])


def tell_deliveries(desk: Desk, rows: "Sequence[DeliveryRow]") -> None:
    """Answer with deliveries; their bodies only in JSON."""
    desk.tell_table([row._asdict() for row in rows], SENT, "Nothing was sent, and nothing waits.")
