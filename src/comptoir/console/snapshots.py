"""Snapshots: the shop as it was at one moment, made, put back, downloaded and removed."""

from comptoir.console import kinds
from comptoir.console.forms import Field, Form
from comptoir.console.places import address_of
from comptoir.console.ports import Snapshots
from comptoir.console.visits import Act, Answer, Gone, Page, Sent, Shown, Visit
from comptoir.domain.errors import ComptoirError
from comptoir.domain.identity.permissions import CHANGE, PEOPLE, SANDBOX, require

PATH = "/snapshots"
MAKE = Form(
    "new",
    (
        Field(
            "name", "Name", kinds.LINE, hint="Letters, digits, dots, - and _; the time, unless one is given."
        ),
    ),
    button="Make a snapshot",
)


class NoSnapshots(ComptoirError):
    """The shop is served in a way that knows no snapshots."""

    def __init__(self) -> None:
        super().__init__("snapshots are made by `comptoir snapshot create` here")


def port_of(visit: Visit) -> Snapshots:
    """What makes snapshots and puts them back. Refuses: NoSnapshots."""
    if visit.ports.snapshots is None:
        raise NoSnapshots
    return visit.ports.snapshots


def show_snapshots(visit: Visit) -> Answer:
    """All of them, the newest first."""
    port = visit.ports.snapshots
    if port is None:
        return Shown(
            "snapshots.html",
            {"rows": [], "why_not": str(NoSnapshots()), **dict.fromkeys(("may", "may_download"), False)},
        )
    return Shown(
        "snapshots.html",
        {
            "rows": port.rows(visit.home),
            "why_not": port.why_not_served(visit.home, visit.shop),
            "may": visit.may(SANDBOX),
            "may_download": visit.may(SANDBOX) and visit.may(PEOPLE),
            "make": MAKE.filled(visit, address_of(f"{PATH}/new"), {}),
        },
    )


def make(visit: Visit) -> Answer:
    """Make one. Refuses: Problems, NoSnapshots, SnapshotRefused."""
    made = port_of(visit).create(visit.home, visit.actor, MAKE.read(visit)["name"])
    return Gone(address_of(PATH), f"The snapshot {made.name} was made.")


def restore(visit: Visit) -> Answer:
    """Put one back. Refuses: NoSnapshots, SnapshotRefused."""
    name = visit.asked.posted("name")
    port_of(visit).restore(visit.home, visit.actor, name)
    return Gone(address_of(PATH), f"The shop is as it was at {name}.")


def download(visit: Visit) -> Answer:
    """Hand one over as a file. It holds everything: only who may change people and keys gets it.

    Refuses: ScopeMissing, NoSnapshots, SnapshotRefused.
    """
    require(visit.actor, SANDBOX, CHANGE)
    name = visit.asked.posted("name")
    pieces = port_of(visit).pack(visit.home, visit.actor, name)
    return Sent("application/x-tar", pieces, f"{visit.home.shop.name}-{name}.tar")


def remove(visit: Visit) -> Answer:
    """Remove one for good. Refuses: NoSnapshots, SnapshotRefused."""
    name = visit.asked.posted("name")
    port_of(visit).remove(visit.home, visit.actor, name)
    return Gone(address_of(PATH), f"The snapshot {name} was removed.")


PAGES = (
    Page(PATH, show_snapshots, SANDBOX),
    Act(f"{PATH}/new", make, SANDBOX, show_snapshots, alone=True),
    Act(f"{PATH}/restore", restore, SANDBOX, show_snapshots, alone=True),
    Act(f"{PATH}/download", download, PEOPLE, show_snapshots, alone=True),
    Act(f"{PATH}/remove", remove, SANDBOX, show_snapshots, alone=True),
)
