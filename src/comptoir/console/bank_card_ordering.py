"""Cards that are ordered: of plastic, digital, or both, for a customer or for somebody else on their account."""

from typing import Any

from comptoir.console import kinds
from comptoir.console.bank_card_acts import PATH, WAY
from comptoir.console.bank_card_pins import UNKEPT, digits, pin_of
from comptoir.console.bank_choices import CUSTOMER, TAG, Choices, line
from comptoir.console.forms import Field, Form
from comptoir.console.places import address_of
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.domain.banking.cards.issuing import create_digital_card, initiate_card
from comptoir.domain.banking.cards.models import NETWORKS
from comptoir.domain.banking.cards.pins import PIN_DIGITS_MAX
from comptoir.domain.banking.program.queries import list_bins
from comptoir.domain.identity.permissions import BANK

PLASTIC, DIGITAL, BOTH, LATER = "plastic", "digital", "both", "later"
HOWS = {
    PLASTIC: "plastic",
    DIGITAL: "digital only",
    BOTH: "digital and plastic with one number",
    LATER: "digital now, plastic with the same number later",
}


def bin_choices(visit: Visit) -> Choices:
    """What the cards of the program begin with."""
    return [(str(one.id), f"{one.prefix} {one.name}") for one in list_bins(visit.tx) if one.is_active]


NEW = Form(
    "new",
    (
        Field("customer_id", "Customer", CUSTOMER, required=True, hint="Name, e-mail or number at the bank."),
        Field("primary_account_id", "Draws on", kinds.INTEGER, required=True, hint="The number of the account."),
        Field("holder_customer_id", "Holder", CUSTOMER, hint="Another customer, when the card is for them."),
        Field("first_name", "First name on it", line(50), required=True),
        Field("middle_name", "Middle name on it", line(50)),
        Field("last_name", "Last name on it", line(50), required=True),
        Field("nick_name", "Called", line(50)),
        Field("network", "Network", kinds.choice(NETWORKS)),
        Field("bin_id", "Begins with", kinds.choice(bin_choices, kinds.INTEGER), hint="Empty: the network's first."),
        Field("how", "Made as", kinds.choice(HOWS), required=True),
        Field("tag", "Tag", TAG),
        Field("pin", "PIN", digits(PIN_DIGITS_MAX), hint=f"{UNKEPT} It can be set later.", group="PIN"),
        Field("again", "The same again", digits(PIN_DIGITS_MAX), group="PIN"),
    ),
    "Order the card",
)  # fmt: skip


def show_new(visit: Visit) -> Answer:
    """The form; `?customer=` says for whom."""
    customer = kinds.record_number(visit.asked.said("customer"))
    start = {"how": PLASTIC, "network": NETWORKS[0], "customer_id": customer}
    filled = NEW.filled(visit, address_of(f"{PATH}/new"), start)
    return Shown("form.html", {"title": "Order a card", "way": WAY, "filled": filled})


def make(visit: Visit) -> Answer:
    """Order one. Refuses: Invalid (pin, again), and what the verbs do."""
    typed: dict[str, Any] = NEW.read(visit)
    how, pin, again = (typed.pop(name) for name in ("how", "pin", "again"))
    order: Any = {name: value for name, value in typed.items() if value not in {None, ""}} | {
        "type_code": "DBT"
    }
    if pin or again:
        order["new_pin"] = pin_of(visit, pin, again)
    if how == DIGITAL:
        card_id = create_digital_card(visit.tx, **order)
    else:
        order |= {"is_dual_issuance": how in {BOTH, LATER}, "is_physical_ordered": how != LATER}
        card_id = initiate_card(visit.tx, **order)
    return Gone(address_of(f"{PATH}/{card_id}"), "The card was ordered.")


PAGES: tuple[Page | Act, ...] = (
    Page(f"{PATH}/new", show_new, BANK),
    Act(f"{PATH}/new", make, BANK, show_new),
)
