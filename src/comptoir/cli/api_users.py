"""Commands on API users: programs that say a name and a password, as 2Checkout and CorePro have them."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

import typer

from comptoir.cli.desk import Desk, command, operator_at_the_desk


class Dialect(StrEnum):
    """The dialects whose programs say a name and a password."""

    TWOCHECKOUT = "twocheckout"
    COREPRO = "corepro"


COLUMNS = ("id", "name", "operator_name", "scopes", "networks", "created_at", "last_used_at")
Name = Annotated[str, typer.Argument(help="The user name that the program says.")]
Operator = Annotated[
    str | None,
    typer.Option(help="The e-mail address of the operator it acts for.", show_default="the first active one"),
]
Updating = Annotated[
    bool, typer.Option("--updating/--read-only", help="With API Updating, or with API Access alone.")
]
Password = Annotated[str | None, typer.Option(help="The password.", show_default="made and shown")]
Spoken = Annotated[
    Dialect, typer.Option("--dialect", help="What it speaks; of CorePro, the key and its secret.")
]
Network = Annotated[
    list[str] | None,
    typer.Option(help="From where, such as 10.0.0.0/8; may be repeated.", show_default="anywhere"),
]
Hours = Annotated[int, typer.Option(help="How many hours the old password stays good.", min=0)]


def register(group: typer.Typer) -> None:
    """Add these commands to the group of users."""
    own = typer.Typer(
        help="API users, of the 2Checkout API and of CorePro: create, list, password, revoke.",
        no_args_is_help=True,
    )
    command(own, "create")(create)
    command(own, "list")(list_all)
    command(own, "password")(set_password)
    command(own, "revoke")(revoke)
    group.add_typer(own, name="api")


def create(
    desk: Desk,
    name: Name,
    *,
    dialect: Spoken = Dialect.TWOCHECKOUT,
    updating: Updating = True,
    password: Password = None,
    operator: Operator = None,
    network: Network = None,
) -> None:
    """Let a program in; its password is shown once."""
    from comptoir.cli.people import made_password, operator_called
    from comptoir.domain.identity.api_users import create_api_user

    with desk.opened() as home:
        made = home.shop.write(
            lambda tx: create_api_user(
                tx,
                operator_id=operator_called(tx, operator).id,
                name=name,
                password=password or made_password(),
                dialect=dialect,
                may_update=updating,
                networks=network or [],
                secret=home.secret,
            ),
            operator_at_the_desk(),
        )
    _tell(desk, made.id, made.name, None if password else made.password)


def list_all(desk: Desk, *, dialect: Spoken = Dialect.TWOCHECKOUT) -> None:
    """The API users that can come in."""
    from comptoir.domain.identity.api_users import list_api_users

    with desk.opened() as home:
        rows = [row._asdict() for row in home.shop.read(lambda tx: list_api_users(tx, dialect=dialect))]
    desk.tell_table(rows, COLUMNS, "There are no API users: `comptoir users api create` makes one.")


def set_password(
    desk: Desk,
    name: Name,
    *,
    dialect: Spoken = Dialect.TWOCHECKOUT,
    password: Password = None,
    grace_hours: Hours = 0,
) -> None:
    """Give an API user another password, which is shown once."""
    from comptoir.cli.people import made_password
    from comptoir.domain.identity.api_users import set_api_password

    with desk.opened() as home:
        made = home.shop.write(
            lambda tx: set_api_password(
                tx,
                name=name,
                password=password or made_password(),
                dialect=dialect,
                secret=home.secret,
                grace=timedelta(hours=grace_hours),
            ),
            operator_at_the_desk(),
        )
    _tell(desk, made.id, made.name, None if password else made.password)


def revoke(desk: Desk, name: Name, *, dialect: Spoken = Dialect.TWOCHECKOUT) -> None:
    """Keep an API user out at once."""
    from comptoir.domain.identity.api_users import get_api_user
    from comptoir.domain.identity.keys import revoke_key

    with desk.opened() as home:
        home.shop.write(
            lambda tx: revoke_key(tx, key_id=get_api_user(tx, name=name, dialect=dialect).id),
            operator_at_the_desk(),
        )
    desk.tell({"name": name, "revoked": True}, [f"API user {name} is kept out."])


def _tell(desk: Desk, key_id: int, name: str, password: str | None) -> None:
    told = {"id": key_id, "name": name} | ({} if password is None else {"password": password})
    shown = [] if password is None else [f"  password  {password} (not shown again)"]
    desk.tell(told, [f"API user {key_id}: {name}", *shown])
