"""Commands on API keys."""

from datetime import timedelta
from typing import Annotated

import typer

from comptoir.cli.desk import Desk, command, operator_at_the_desk

COLUMNS = (
    "id", "operator_name", "name", "dialect", "hint", "scopes", "networks", "expires_at", "revoked_at",
    "last_used_at",
)  # fmt: skip
KeyId = Annotated[int, typer.Argument(help="The key's number, as `comptoir keys list` shows it.")]
Email = Annotated[
    str | None, typer.Option(help="The operator it acts for.", show_default="the first active one")
]
Name = Annotated[str, typer.Option(help="What the key is for.")]
Dialect = Annotated[str, typer.Option(help="The API that it speaks.")]
Scope = Annotated[
    list[str] | None,
    typer.Option(help="Such as read or sales:change; may be repeated.", show_default="*"),
]
Network = Annotated[
    list[str] | None,
    typer.Option(help="From where, such as 10.0.0.0/8; may be repeated.", show_default="anywhere"),
]
Days = Annotated[int | None, typer.Option(help="After how many days it ends.", show_default="never", min=1)]
Hours = Annotated[int, typer.Option(help="How many hours the old key stays good.", min=0)]
Value = Annotated[
    str | None,
    typer.Option("--key", help="The key itself, when clients hold one already.", show_default="made"),
]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="API keys: create, list, rotate, revoke.", no_args_is_help=True)
    command(group, "create")(create)
    command(group, "list")(list_all)
    command(group, "rotate")(rotate)
    command(group, "revoke")(revoke)
    app.add_typer(group, name="keys")


def create(
    desk: Desk,
    *,
    operator: Email = None,
    name: Name = "made at the command line",
    dialect: Dialect = "coredna",
    scope: Scope = None,
    network: Network = None,
    days: Days = None,
    value: Value = None,
) -> None:
    """Create a key, which is shown once."""
    from comptoir.cli.people import operator_called
    from comptoir.domain.identity.keys import create_key

    with desk.opened() as home:
        made = home.shop.write(
            lambda tx: create_key(
                tx,
                operator_id=operator_called(tx, operator).id,
                name=name,
                dialect=dialect,
                scopes=scope or ["*"],
                networks=network or [],
                expires_at=None if days is None else tx.now + timedelta(days=days),
                secret=home.secret,
                key=value,
            ),
            operator_at_the_desk(),
        )
    desk.tell(made._asdict(), [f"Key {made.id}, shown now and never again:", f"  {made.key}"])


def list_all(desk: Desk) -> None:
    """All keys, without the keys themselves."""
    from comptoir.domain.identity.queries import list_keys

    with desk.opened() as home:
        rows = [row._asdict() for row in home.shop.read(list_keys)]
    desk.tell_table(rows, COLUMNS, "There are no keys: `comptoir keys create` makes one.")


def rotate(desk: Desk, key_id: KeyId, grace_hours: Hours = 0) -> None:
    """Create a key in the place of another, which ends at once or after some hours."""
    from comptoir.domain.identity.keys import rotate_key

    with desk.opened() as home:
        made = home.shop.write(
            lambda tx: rotate_key(tx, key_id=key_id, secret=home.secret, grace=timedelta(hours=grace_hours)),
            operator_at_the_desk(),
        )
    ends = f"ends in {grace_hours} hours" if grace_hours else "is revoked"
    desk.tell(
        made._asdict(), [f"Key {made.id}, shown now and never again; key {key_id} {ends}:", f"  {made.key}"]
    )


def revoke(desk: Desk, key_id: KeyId) -> None:
    """End a key at once."""
    from comptoir.domain.identity.keys import revoke_key

    with desk.opened() as home:
        home.shop.write(lambda tx: revoke_key(tx, key_id=key_id), operator_at_the_desk())
    desk.tell({"id": key_id, "revoked": True}, [f"Key {key_id} is revoked."])
