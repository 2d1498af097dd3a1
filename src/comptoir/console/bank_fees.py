"""Fees that were charged to accounts, by hand or by a rule: listed, found by their tag, and shown one by one."""

from collections.abc import Sequence

from comptoir.console.bank import BANK_WAY
from comptoir.console.bank_parts import Leaf, amount, fact, moment, page, thing, to
from comptoir.console.cells import Cell, minor, text, when
from comptoir.console.filters import exactly, spelled
from comptoir.console.listing import Listing, newest_first, show_list
from comptoir.console.places import address_of
from comptoir.console.visits import Answer, Page, Visit
from comptoir.domain.banking.beside import names_of, places_among
from comptoir.domain.banking.movements.models import AppliedFee
from comptoir.domain.banking.transfers.fees import charged_among, fee_words, get_fee
from comptoir.domain.identity.permissions import BANK
from comptoir.domain.tx import Tx

PATH = "/bank/fees"
WAY = [BANK_WAY, ("Charged fees", address_of(PATH))]


def what_and_whom(tx: Tx, ids: Sequence[int]) -> list[list[Cell]]:
    """Which fees they are, and who paid them from which account."""
    charged = charged_among(tx, ids)
    accounts = places_among(tx, [one.account_id for one in charged.values()])
    names = names_of(tx, [one.customer_id for one in charged.values()])
    return [
        [
            Cell(fee_words(one.code) or one.code),
            to("bank_account", one.account_id, accounts[one.account_id].name),
            to("bank_customer", one.customer_id, names[one.customer_id].text),
        ]
        for one in (charged[id] for id in ids)
    ]


FEES = Listing(
    "bank-fees",
    "Charged fees",
    PATH,
    AppliedFee,
    columns=(
        minor("Amount", AppliedFee.amount_minor, explain=("transfer", "amount", AppliedFee.transfer_id)),
        text("Tag", AppliedFee.tag),
        when("When", AppliedFee.created_at),
    ),
    sorts=newest_first(AppliedFee.id),
    filters=(
        spelled("tag", "Tag", AppliedFee.tag),
        exactly("account", "Account no.", AppliedFee.account_id),
    ),
    area=BANK,
    empty="None was charged yet. A fee is charged by hand on an account's page, or by a rule of the program.",
    more_titles=("Fee", "Account", "Customer"),
    more=what_and_whom,
    more_leads=True,
)


def show_fee(visit: Visit) -> Answer:
    """One fee that was charged. Refuses: FeeNotFound."""
    one, shop = get_fee(visit.tx, visit.id), visit.shop
    account = places_among(visit.tx, [one.account_id])[one.account_id]
    name = names_of(visit.tx, [one.customer_id])[one.customer_id]
    leaf = Leaf(fee_words(one.code) or f"Fee {one.code}", WAY, subject=("applied_fee", one.id))
    leaf.facts = [
        fact("Code", one.code),
        amount(shop, "Amount", one.amount_minor, ("transfer", one.transfer_id, "amount")),
        thing("Account", "bank_account", one.account_id, account.name),
        thing("Customer", "bank_customer", one.customer_id, name.text), fact("Tag", one.tag),
        thing("Transfer", "bank_transfer", one.transfer_id, str(one.transfer_id)),
        moment(shop, "Charged", one.created_at),
    ]  # fmt: skip
    return page(visit, leaf)


PAGES = (Page(PATH, show_list(FEES), BANK), Page(f"{PATH}/{{id:digits}}", show_fee, BANK))
