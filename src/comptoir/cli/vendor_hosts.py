"""The command that shows how clients of the vendors find this server: hosts file, authority, trust."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comptoir.cli.desk import MISUSED, Desk, command

if TYPE_CHECKING:
    from comptoir.settings import Settings

Write = Annotated[Path | None, typer.Option(help="Put the lines into this hosts file.", show_default=False)]
Remove = Annotated[
    Path | None, typer.Option(help="Take the lines out of this hosts file again.", show_default=False)
]
Authority = Annotated[
    bool, typer.Option("--authority", help="Print the path of the certificate that clients have to trust.")
]
Trust = Annotated[
    str | None,
    typer.Option(
        help="Print how it is trusted: python, node, php, ruby, java, dotnet, perl, curl, or all.",
        show_default=False,
    ),
]


def register(app: typer.Typer) -> None:
    """Add this command."""
    command(app, "vendor-hosts")(vendor_hosts)


def vendor_hosts(
    desk: Desk, write: Write = None, remove: Remove = None, authority: Authority = False, trust: Trust = None
) -> None:
    """Print the hosts file's lines for the vendors' names, or what is asked for instead.

    Nothing but the file named with --write or --remove is changed; the certificates are made once, in the data
    folder, when they are first asked for.
    """
    asked = [bool(write), bool(remove), authority, trust is not None]
    if sum(asked) > 1:
        desk.refuse("say one of --write, --remove, --authority and --trust at a time", MISUSED)
    if write or remove:
        _change(desk, write, remove)
    elif authority or trust is not None:
        _vouch(desk, trust)
    else:
        from comptoir.vendor_hosts.hosts_file import hosts_lines

        lines = hosts_lines()
        desk.tell({"lines": lines}, lines)


def _change(desk: Desk, write: Path | None, remove: Path | None) -> None:
    """Change the hosts file that was named."""
    from comptoir.vendor_hosts.hosts_file import remove_lines, write_lines

    if write is not None:
        file, is_changed = write, write_lines(write)
        said = "leads the vendors' names to this machine" + ("" if is_changed else " already")
    else:
        assert remove is not None
        file, is_changed = remove, remove_lines(remove)
        said = "has the lines no more" if is_changed else "had no such lines"
    desk.tell({"file": str(file), "changed": is_changed}, [f"{file} {said}."])


def _vouch(desk: Desk, trust: str | None) -> None:
    """Print where the authority's certificate lies, or how it is trusted."""
    from comptoir.vendor_hosts.keeping import vouchers
    from comptoir.vendor_hosts.trust import ways_to_trust

    language = None if trust == "all" else trust
    if trust is not None:
        ways_to_trust(Path(), language)  # an unknown language is refused before anything is made
    file = vouchers(desk.settings.data_dir).authority.absolute()
    if trust is None:
        desk.tell({"authority": str(file)}, [str(file)])
        return
    ways = ways_to_trust(file, language)
    desk.tell(
        {"authority": str(file), "trust": ways}, _trust_lines(ways) if language is None else ways[trust]
    )


def guidance(settings: "Settings") -> tuple[dict[str, Any], list[str]]:
    """What is told about the vendors' names when they are served: as values, and as lines for people."""
    from comptoir.vendor_hosts.hosts_file import hosts_lines
    from comptoir.vendor_hosts.keeping import authority_file
    from comptoir.vendor_hosts.trust import ways_to_trust

    authority, hosts = authority_file(settings.data_dir).absolute(), hosts_lines()
    ways = ways_to_trust(authority)
    told = {"port": settings.vendor_port, "lines": hosts, "authority": str(authority), "trust": ways}
    lines = [
        f"and on port {settings.vendor_port}, over TLS, for the vendors' own names, once the hosts file says",
        *(f"  {line}" for line in hosts),
        f"and the client trusts {authority}:",
        *_trust_lines(ways),
    ]
    return told, lines


def _trust_lines(ways: dict[str, list[str]]) -> list[str]:
    from comptoir.vendor_hosts.trust import title_of

    return [
        f"  {title_of(name) if place == 0 else '':<8}{line}"
        for name, commands in ways.items()
        for place, line in enumerate(commands)
    ]
