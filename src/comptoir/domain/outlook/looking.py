"""What would happen if the sandbox's clock were moved to a later time."""

from datetime import datetime

from comptoir.domain.banking.program.errors import NoProgram
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.outlook import banking, selling
from comptoir.domain.outlook.due import Ahead, Look, gathered
from comptoir.domain.tx import Tx

IN_THE_SHOP: tuple[tuple[str, Look], ...] = (
    ("renewals", selling.renewals),
    ("reviews", selling.reviews),
    ("captures", selling.captures),
    ("deposits", selling.deposits),
    ("lapses", selling.lapses),
    ("paydays", selling.paydays),
    ("holds", banking.holds),
    ("deliveries", selling.deliveries),
)
AT_THE_BANK: tuple[tuple[str, Look], ...] = (
    ("files", banking.files),
    ("settlements", banking.settlements),
    ("interest", banking.interest),
    ("statements", banking.statements),
    ("authorisations", banking.authorisations),
    ("registrations", banking.registrations),
    ("verifications", banking.verifications),
)


def look_ahead(tx: Tx, *, until: datetime) -> list[Ahead]:
    """What falls due until a time, of each kind that there is anything of. Refuses: Invalid (until)."""
    try:
        get_program(tx)
    except NoProgram:
        return gathered(tx, IN_THE_SHOP, until=until)
    return gathered(tx, (*IN_THE_SHOP, *AT_THE_BANK), until=until)
