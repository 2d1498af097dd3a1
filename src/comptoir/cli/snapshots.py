"""Commands on snapshots: a shop as it was at one moment."""

import sys
from typing import Annotated

import typer

from comptoir.cli.desk import MISUSED, REFUSED, Desk, command

COLUMNS = ("name", "created_at", "engine", "last_seq", "byte_size", "path")
Name = Annotated[str | None, typer.Argument(help="What to call it.", show_default="the time")]
Wanted = Annotated[str, typer.Argument(help="The snapshot, as `comptoir snapshot list` shows it.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(help="Snapshots of a shop: create, list, restore, remove.", no_args_is_help=True)
    command(group, "create")(create)
    command(group, "list")(list_all)
    command(group, "restore")(restore)
    command(group, "remove")(remove)
    app.add_typer(group, name="snapshot")


def create(desk: Desk, name: Name = None) -> None:
    """Make a snapshot of the shop, database and files; it may be open meanwhile.

    To keep one elsewhere, copy its folder.
    """
    from comptoir.snapshots import create_snapshot, folder_of

    with desk.opened() as home:
        made = create_snapshot(desk.settings, home, name)
        place = str(folder_of(desk.settings, home.shop.name, made.name).absolute())
    said = f"Snapshot {made.name}, after event {made.last_seq}, {made.byte_size:,} bytes, in {place}."
    desk.tell({**made._asdict(), "path": place}, [said])


def list_all(desk: Desk) -> None:
    """The shop's snapshots, oldest first, with their sizes and the folders where they lie."""
    from comptoir.opening import shop_named
    from comptoir.snapshots import folder_of, list_snapshots

    shop = shop_named(desk.settings, desk.shop_name)
    found = list_snapshots(desk.settings, shop)
    rows = [
        {**one._asdict(), "path": str(folder_of(desk.settings, shop, one.name).absolute())} for one in found
    ]
    desk.tell_table(rows, COLUMNS, "There are no snapshots: `comptoir snapshot create` makes one.")


def restore(desk: Desk, name: Wanted, yes: Yes = False) -> None:
    """Let a snapshot take the shop's place. What happened since is lost; the server must be stopped."""
    from comptoir.opening import shop_named
    from comptoir.snapshots import restore_snapshot

    shop = shop_named(desk.settings, desk.shop_name)
    if not yes:
        if not sys.stdin.isatty():
            desk.refuse("what happened since the snapshot would be lost: say --yes if that is meant", MISUSED)
        typer.confirm(f"Everything that happened in {shop!r} since the snapshot is lost. Go on?", abort=True)
    problems = restore_snapshot(desk.settings, shop, name)
    desk.tell(
        {"shop": shop, "snapshot": name, "balanced": not problems, "problems": problems},
        [f"The shop {shop!r} is as it was at {name}.", *(problems or ["Its books balance."])],
    )
    if problems:
        raise typer.Exit(REFUSED)


def remove(desk: Desk, name: Wanted, yes: Yes = False) -> None:
    """Remove a snapshot for good. The shop stays as it is."""
    from comptoir.opening import shop_named
    from comptoir.snapshots import about_of, remove_snapshot

    shop = shop_named(desk.settings, desk.shop_name)
    about = about_of(desk.settings, shop, name)
    if not yes:
        if not sys.stdin.isatty():
            desk.refuse("the snapshot would be gone for good: say --yes if that is meant", MISUSED)
        typer.confirm(f"The snapshot {name!r} of {shop!r} is gone for good. Go on?", abort=True)
    remove_snapshot(desk.settings, shop, name)
    told = {"shop": shop, "snapshot": name, "byte_size": about.byte_size}
    desk.tell(told, [f"The snapshot {name} is removed, {about.byte_size:,} bytes."])
