"""Gift codes: bought for customers with money from their accounts, replaced, and told only when that is asked for."""

from collections.abc import Sequence
from typing import Any

from comptoir.console import kinds
from comptoir.console.bank_choices import Choices, account_choices
from comptoir.console.bank_parts import (
    Button,
    Fact,
    Leaf,
    Section,
    Way,
    amount,
    at,
    fact,
    forms,
    masked,
    moment,
    money,
    page,
    state,
    thing,
    to,
)
from comptoir.console.cells import Cell, badge, minor, text, when
from comptoir.console.filters import choice, days, exactly
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, newest_first, show_list
from comptoir.console.places import address_of, link_to
from comptoir.console.rendering import written_minor
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.domain.banking.beside import list_family, names_of, places_among
from comptoir.domain.banking.ecodes.buying import GIVEN_BACK, buy_ecode, reissue_ecode, tell_ecode
from comptoir.domain.banking.ecodes.errors import AmountRefused
from comptoir.domain.banking.ecodes.models import ECode
from comptoir.domain.banking.ecodes.queries import (
    ACTIVE,
    REPLACED,
    ECodeRow,
    ProductRow,
    bought_among,
    get_ecode,
    get_ecode_product,
    list_ecode_products,
    list_latest,
    owner_of_ecode,
)
from comptoir.domain.banking.program.queries import get_program, require_feature
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.permissions import BANK
from comptoir.domain.ledger.errors import InsufficientFunds
from comptoir.domain.tx import Tx

FEATURE, PATH = "ecodes", "/bank/gift-codes"
WAY = [("Gift codes", address_of(PATH))]
STATUSES = {ACTIVE: "active", REPLACED: "replaced"}


def product_choices(visit: Visit) -> Choices:
    """What is sold now, with the amounts that it is sold for."""
    found = list_ecode_products(visit.tx)
    return [(str(one.id), f"{one.product_code}, {span(visit, one)}") for one in found]


def span(visit: Visit, product: ProductRow) -> str:
    """For which amounts a product is sold."""
    least, most = (
        written_minor(one, visit.shop.currency) for one in (product.minimum_minor, product.maximum_minor)
    )
    return f"from {least} to {most}"


def accounts(visit: Visit) -> Choices:
    """The customer's accounts."""
    return account_choices(visit, visit.id)


ACCOUNT = kinds.choice(accounts, kinds.INTEGER)
BUY = Form(
    "gift-code",
    (
        Field("product_id", "Gift code", kinds.choice(product_choices, kinds.INTEGER), required=True),
        Field("amount_minor", "Amount", kinds.AMOUNT, required=True),
        Field("from_account_id", "Paid from", ACCOUNT, required=True),
        Field("boost_account_id", "What comes back goes to", ACCOUNT, hint="Empty: nothing comes back."),
    ),
    "Buy it",
)


def who_and_what(tx: Tx, ids: Sequence[int]) -> list[list[Cell]]:
    """Who bought them, and of which product they are."""
    bought = bought_among(tx, ids)
    names = names_of(tx, (one.customer_id for one in bought.values()))
    return [
        [
            to("bank_customer", one.customer_id, names[one.customer_id].text),
            to("ecode_product", one.product_id, one.product_code),
        ]
        for one in (bought[id] for id in ids)
    ]


CODES = Listing(
    "gift-codes",
    "Gift codes",
    PATH,
    ECode,
    columns=(
        text("Order", ECode.order_number),
        minor("Amount", ECode.amount_minor, explain=("transfer", "amount", ECode.transfer_id)),
        badge("Status", ECode.status),
        when("Bought", ECode.purchased_at),
    ),
    sorts=newest_first(ECode.id),
    filters=(
        exactly("customer", "Customer no.", ECode.customer_id),
        exactly("product", "Product no.", ECode.product_id),
        choice("status", "Status", ECode.status, STATUSES),
        days("bought", "Bought", ECode.purchased_at),
    ),
    area=BANK,
    empty="Nobody bought one yet. One is bought on a bank customer's page, under Money.",
    ways=(("What is sold", f"{PATH}/offer"),),
    more_titles=("Customer", "Product"),
    more=who_and_what,
)


def gift_codes_section(visit: Visit, customer_id: int, *, may: bool) -> Section:
    """What a customer bought last, and the form to buy one."""
    found = list_latest(visit.tx, customer_id)
    rows = [
        [
            to("ecode", one.id, one.product_code), Cell(one.status, "badge"),
            money(visit.shop, one.amount_minor, ("transfer", one.transfer_id, "amount")),
            at(visit.shop, one.purchased_at),
        ]
        for one in found
    ]  # fmt: skip
    path = f"/bank/customers/{customer_id}/gift-code"
    return Section(
        "Gift codes", titles=("Gift code", "Status", "Amount", "Bought"), rows=rows,
        forms=forms(visit, ("Buy a gift code", BUY, path, None)) if may and list_ecode_products(visit.tx) else (),
        ways=[Way("All of theirs", address_of(f"{PATH}?customer={customer_id}"))] if rows else (),
    )  # fmt: skip


def buy(visit: Visit) -> Answer:
    """Buy one for the customer. Refuses: NotEnabled, and what the verb does."""
    require_feature(get_program(visit.tx), FEATURE)
    typed = BUY.read(visit)
    try:
        bought = buy_ecode(visit.tx, customer_id=visit.id, **typed)
    except AmountRefused as error:
        sold = get_ecode_product(visit.tx, typed["product_id"])
        raise Invalid("amount_minor", f"must be {span(visit, sold)}") from error
    except InsufficientFunds as error:
        raise Invalid("amount_minor", "is more than is available on the account") from error
    return Gone(address_of(f"{PATH}/{bought.id}"), "The gift code was bought.")


def ecode_of(visit: Visit) -> ECodeRow:
    """The gift code of the page. Refuses: ECodeNotFound."""
    return get_ecode(visit.tx, owner_of_ecode(visit.tx, visit.id), visit.id)


def show_code(visit: Visit) -> Answer:
    """One gift code; of what it is spent with only the end is shown."""
    one, path = ecode_of(visit), f"{PATH}/{visit.id}"
    leaf = Leaf(f"Gift code {one.product_code}", WAY, facts_of(visit, one), subject=("ecode", one.id))
    if one.status != ACTIVE:
        leaf.warning = "It was replaced by another, and is worth nothing any more."
    if visit.may(BANK) and one.status == ACTIVE:
        leaf.buttons = [Button(f"{path}/tell", "Show the code")]
        if get_ecode_product(visit.tx, one.product_id).is_reissue_supported:
            confirm = "Replace this code? The old one is worth nothing then."
            leaf.buttons.append(Button(f"{path}/reissue", "Replace it", confirm=confirm, is_danger=True))
    return page(visit, leaf)


def facts_of(visit: Visit, one: ECodeRow) -> list[Fact]:
    """What is known of it."""
    shop, name = visit.shop, names_of(visit.tx, [one.customer_id])[one.customer_id].text
    accounts_ = places_among(visit.tx, [one.from_account_id, one.boost_account_id])
    facts = [
        state("Status", one.status), thing("Customer", "bank_customer", one.customer_id, name),
        thing("Product", "ecode_product", one.product_id, one.product_code), fact("Code", masked(one.code)),
        amount(shop, "Amount", one.amount_minor, ("transfer", one.transfer_id, "amount")),
        thing("Paid from", "bank_account", one.from_account_id, accounts_[one.from_account_id].name),
        fact("Order", one.order_number), thing("Transfer", "bank_transfer", one.transfer_id, str(one.transfer_id)),
        moment(shop, "Bought", one.purchased_at),
    ]  # fmt: skip
    if one.boost_account_id is not None:
        facts += [
            amount(shop, "Came back", one.boost_minor, came_back_by(visit, one)),
            thing("to", "bank_account", one.boost_account_id, accounts_[one.boost_account_id].name),
        ]
    if one.reissues_id is not None:
        facts.append(
            Fact("In the place of", f"gift code {one.reissues_id}", link_to("ecode", one.reissues_id))
        )
    return facts


def came_back_by(visit: Visit, one: ECodeRow) -> tuple[str, int, str] | None:
    """The transfer by which a part of the price came back."""
    found = (each for each in list_family(visit.tx, one.transfer_id) if each.type_code == GIVEN_BACK)
    return next((("transfer", each.transfer_id, "amount") for each in found), None)


def tell(visit: Visit) -> Answer:
    """Show what it is spent with, for the customer; that it was shown is written down."""
    one = tell_ecode(visit.tx, customer_id=owner_of_ecode(visit.tx, visit.id), ecode_id=visit.id)
    here = address_of(f"{PATH}/{one.id}")
    values: dict[str, Any] = {
        "title": f"Gift code {one.product_code}",
        "way": [*WAY, (f"Gift code {one.id}", here)],
        "about": "Whoever has these can spend it: they are for the customer alone.",
        "secrets": [("Code", one.code), ("Access code", one.access_code), ("Challenge", one.challenge)],
        "examples": [],
        "onward": here,
    }
    return Shown("shown_once.html", values)


def reissue(visit: Visit) -> Answer:
    """Give another for one that was lost. Refuses: NotEnabled, and what the verb does."""
    require_feature(get_program(visit.tx), FEATURE)
    made = reissue_ecode(visit.tx, customer_id=owner_of_ecode(visit.tx, visit.id), ecode_id=visit.id)
    return Gone(address_of(f"{PATH}/{made.id}"), "This gift code takes the place of the one that was lost.")


ONE = f"{PATH}/{{id:digits}}"
PAGES: tuple[Page | Act, ...] = (
    Page(PATH, show_list(CODES), BANK),
    Page(ONE, show_code, BANK),
    Act(f"{ONE}/tell", tell, BANK, show_code),
    Act(f"{ONE}/reissue", reissue, BANK, show_code),
)
