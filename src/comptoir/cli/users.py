"""Commands on operators: those who work in the shop."""

from typing import Annotated

import typer

from comptoir.cli import api_users
from comptoir.cli.desk import Desk, command, operator_at_the_desk
from comptoir.cli.people import made_password, operator_called

COLUMNS = ("id", "email", "name", "role", "is_active", "created_at")
SESSIONS = ("id", "created_at", "seen_at", "expires_at", "address", "agent")
Email = Annotated[str, typer.Argument(help="The operator's e-mail address.")]
Name = Annotated[
    str | None, typer.Option(help="The operator's name.", show_default="the front of the address")
]
Role = Annotated[str, typer.Option(help="owner, manager, support, accountant or read-only.")]
NewRole = Annotated[str, typer.Argument(help="owner, manager, support, accountant or read-only.")]
End = Annotated[bool, typer.Option("--end", help="End them all.")]
Password = Annotated[str | None, typer.Option(help="The password.", show_default="made and shown")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(
        help="Operators: who they are, what they may do, how they sign in; and API users.",
        no_args_is_help=True,
    )
    command(group, "create")(create)
    command(group, "list")(list_all)
    command(group, "password")(set_password_of)
    command(group, "role")(set_role_of)
    command(group, "totp-off")(take_factor_off)
    command(group, "sessions")(sessions_of)
    command(group, "deactivate")(deactivate_one)
    command(group, "activate")(activate_one)
    api_users.register(group)
    app.add_typer(group, name="users")


def create(
    desk: Desk, email: Email, name: Name = None, role: Role = "owner", password: Password = None
) -> None:
    """Let somebody in."""
    from comptoir.domain.identity.actions import create_operator
    from comptoir.domain.identity.passwords import Passwords

    chosen = password or made_password()
    with desk.opened() as home:
        operator_id = home.shop.write(
            lambda tx: create_operator(
                tx,
                email=email,
                name=name or email.partition("@")[0],
                role=role,
                password=chosen,
                passwords=Passwords(),
            ),
            operator_at_the_desk(),
        )
    told = {"id": operator_id, "email": email} | ({} if password else {"password": chosen})
    shown = [] if password else [f"  password  {chosen} (not shown again)"]
    desk.tell(told, [f"Operator {operator_id}: {email}", *shown])


def list_all(desk: Desk) -> None:
    """All operators."""
    from comptoir.domain.identity.queries import list_operators

    with desk.opened() as home:
        rows = [row._asdict() for row in home.shop.read(list_operators)]
    desk.tell_table(rows, COLUMNS, "There are no operators: `comptoir users create` lets one in.")


def set_password_of(desk: Desk, email: Email, password: Password = None) -> None:
    """Give an operator another password, as when it was forgotten; the sessions of the console end."""
    from comptoir.domain.identity.actions import set_password
    from comptoir.domain.identity.passwords import Passwords

    chosen = password or made_password()
    with desk.opened() as home:
        home.shop.write(
            lambda tx: set_password(
                tx, operator_id=operator_called(tx, email).id, password=chosen, passwords=Passwords()
            ),
            operator_at_the_desk(),
        )
    told = {"email": email} | ({} if password else {"password": chosen})
    shown = [] if password else [f"  password  {chosen} (not shown again)"]
    desk.tell(told, [f"{email} has another password.", *shown])


def set_role_of(desk: Desk, email: Email, role: NewRole) -> None:
    """Let an operator, and the keys that act for the operator, do more or less."""
    from comptoir.domain.identity.actions import update_operator

    with desk.opened() as home:
        home.shop.write(
            lambda tx: update_operator(tx, operator_id=operator_called(tx, email).id, role=role),
            operator_at_the_desk(),
        )
    desk.tell({"email": email, "role": role}, [f"{email} is {role} now."])


def take_factor_off(desk: Desk, email: Email) -> None:
    """Ask an operator for the password alone again, as when the authenticator is lost."""
    from comptoir.domain.identity.second_factor import remove_totp

    with desk.opened() as home:
        home.shop.write(
            lambda tx: remove_totp(tx, operator_id=operator_called(tx, email).id), operator_at_the_desk()
        )
    desk.tell({"email": email, "totp": False}, [f"{email} signs in with the password alone."])


def sessions_of(desk: Desk, email: Email, *, end: End = False) -> None:
    """Where an operator is signed in to the console; or sign the operator out everywhere."""
    from comptoir.domain.identity.sessions import end_sessions_of, list_sessions

    with desk.opened() as home:
        if end:
            ended = home.shop.write(
                lambda tx: end_sessions_of(tx, operator_id=operator_called(tx, email).id),
                operator_at_the_desk(),
            )
            desk.tell({"email": email, "ended": ended}, [f"{email} is signed out of {ended} sessions."])
            return
        rows = home.shop.read(lambda tx: list_sessions(tx, operator_id=operator_called(tx, email).id))
    desk.tell_table([row._asdict() for row in rows], SESSIONS, f"{email} is signed in nowhere.")


def deactivate_one(desk: Desk, email: Email) -> None:
    """Keep an operator out; sessions end, and the operator's keys speak for nobody."""
    from comptoir.domain.identity.actions import deactivate

    with desk.opened() as home:
        home.shop.write(
            lambda tx: deactivate(tx, operator_id=operator_called(tx, email).id), operator_at_the_desk()
        )
    desk.tell({"email": email, "is_active": False}, [f"{email} is kept out."])


def activate_one(desk: Desk, email: Email) -> None:
    """Let an operator in again, whose keys speak again."""
    from comptoir.domain.identity.actions import activate

    with desk.opened() as home:
        home.shop.write(
            lambda tx: activate(tx, operator_id=operator_called(tx, email).id), operator_at_the_desk()
        )
    desk.tell({"email": email, "is_active": True}, [f"{email} is let in."])
