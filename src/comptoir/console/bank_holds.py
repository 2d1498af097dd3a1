"""Money that is held on accounts because somebody asked for it, on all accounts together."""

from collections.abc import Sequence

from comptoir.console.bank_parts import at, money, to
from comptoir.console.cells import Cell, text
from comptoir.console.filters import choice, exactly, through
from comptoir.console.listing import Listing, newest_first, show_list
from comptoir.console.places import address_of
from comptoir.console.visits import Answer, Gone, Page, Visit
from comptoir.domain.banking.accounts.held import holds_among
from comptoir.domain.banking.accounts.models import BankHold
from comptoir.domain.banking.beside import names_of, places_among
from comptoir.domain.identity.permissions import BANK
from comptoir.domain.ledger.errors import HoldNotFound
from comptoir.domain.ledger.models import ACTIVE, Hold
from comptoir.domain.tx import Tx
from comptoir.storage.reading import Relation

PATH = "/bank/holds"
OF_LEDGER = Relation(Hold, holder=Hold.id, key=BankHold.hold_id)
STATES = {ACTIVE: "held now"}


def around(tx: Tx, ids: Sequence[int]) -> list[list[Cell]]:
    """On which accounts they are, whose those are, how much is held and until when."""
    holds = holds_among(tx, ids)
    places = places_among(tx, [one.account_id for one in holds.values()])
    names = names_of(tx, [one.customer_id for one in holds.values()])
    return [
        [
            money(tx.shop, one.amount_minor, ("hold", one.hold_id, "amount")),
            to("bank_account", one.account_id, places[one.account_id].name),
            to("bank_customer", one.customer_id, names[one.customer_id].text),
            at(tx.shop, one.placed_at),
            at(tx.shop, one.expires_at),
        ]
        for one in (holds[id] for id in ids)
    ]


HOLDS = Listing(
    "bank-holds",
    "Holds",
    PATH,
    BankHold,
    columns=(text("For", BankHold.description),),
    sorts=newest_first(BankHold.hold_id),
    filters=(
        through(choice("state", "State", Hold.state, STATES), OF_LEDGER),
        exactly("account", "Account no.", BankHold.account_id),
    ),
    area=BANK,
    empty="Nothing was held on any account. Money is held on an account's page.",
    more_titles=("Amount", "Account", "Holder", "Placed", "Until"),
    more=around,
)


def show_hold(visit: Visit) -> Answer:
    """The account that it is on, where it is released. Refuses: HoldNotFound."""
    found = holds_among(visit.tx, [visit.id])
    if visit.id not in found:
        raise HoldNotFound(visit.id)
    return Gone(address_of(f"/bank/accounts/{found[visit.id].account_id}"))


PAGES = (Page(PATH, show_list(HOLDS), BANK), Page(f"{PATH}/{{id:digits}}", show_hold, BANK))
