"""Who has a part in an account, who is to have it one day, its own limits, and cheques that are not to be paid."""

from collections.abc import Sequence
from typing import Any

from comptoir.console import kinds
from comptoir.console.bank_account_acts import (
    LIMIT,
    SHARE,
    back,
    drop_limit,
    holder,
    limit,
    numbered,
    share,
    told,
)
from comptoir.console.bank_accounts import PATH, WAY, tabs_of, title_of
from comptoir.console.bank_entitlements import (
    change_grant,
    entitlements_section,
    grant,
    is_entitling,
    take_grant,
)
from comptoir.console.bank_parts import Button, Leaf, Section, at, forms, money, page, to
from comptoir.console.cells import Cell
from comptoir.console.forms import Field, Form
from comptoir.console.rendering import in_words
from comptoir.console.visits import Act, Answer, Page, Visit
from comptoir.domain.banking.accounts.errors import StopRefused
from comptoir.domain.banking.accounts.inheriting import list_heirs, replace_heirs
from comptoir.domain.banking.accounts.queries import BankAccountRow, get_bank_account
from comptoir.domain.banking.accounts.restricting import list_limits
from comptoir.domain.banking.accounts.sharing import list_access
from comptoir.domain.banking.accounts.stopping import expire_stop, list_stops, stop_payment
from comptoir.domain.banking.customers.beneficiaries import list_beneficiaries
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.identity.permissions import BANK

STOPS = "stop_pay"


def beneficiary_choices(visit: Visit) -> list[tuple[str, str]]:
    """The holder's beneficiaries."""
    account = get_bank_account(visit.tx, visit.id)
    return [
        (str(one.id), f"{one.first_name} {one.last_name}")
        for one in list_beneficiaries(visit.tx, account.customer_id)
        if one.is_active
    ]


HEIRS = Form(
    "heirs",
    (
        Field(
            "beneficiary_ids", "Beneficiaries of this account", kinds.many(beneficiary_choices, kinds.INTEGER)
        ),
    ),
    "Name these and no others",
)
STOP = Form(
    "stop",
    (
        Field("number_minimum", "Cheques from number", kinds.INTEGER, required=True),
        Field("number_maximum", "to number", kinds.INTEGER, required=True),
        Field("amount_minimum", "of amounts from", kinds.AMOUNT, required=True),
        Field("amount_maximum", "to", kinds.AMOUNT, required=True),
    ),
    "Do not pay them",
)


STOPPING = {
    **{field.name: (field.name, "must be above zero") for field in STOP.fields},
    "order": ("number_maximum", "and the amounts must not end below where they begin"),
    "number_high": ("number_maximum", "is too large"),
}


def show_rules(visit: Visit) -> Answer:
    """The page."""
    account = get_bank_account(visit.tx, visit.id)
    may = visit.may(BANK) and not account.is_closed
    leaf = Leaf(title_of(account), WAY, tabs=tabs_of(account.account_id, "/rules"))
    leaf.sections = [
        holders_section(visit, account, may=may),
        heirs_section(visit, account, may=may),
        limits_section(visit, account, may=may),
    ]
    if is_entitling(visit, account):
        leaf.sections.insert(1, entitlements_section(visit, account, may=may))
    if not account.is_closed and STOPS in get_program(visit.tx).features:
        leaf.sections.append(stops_section(visit, account, may=may))
    return page(visit, leaf)


def holders_section(visit: Visit, account: BankAccountRow, *, may: bool) -> Section:
    """Everybody with a part in it, the owner first."""
    path = f"{PATH}/{account.account_id}"
    rows = [
        [
            to("bank_customer", one.customer_id, f"{one.first_name} {one.last_name}".strip()),
            Cell(one.access_type, "badge"),
            Cell(str(one.priority), "number"),
            Cell(one.email),
        ]
        for one in list_access(visit.tx, account.account_id)
    ]
    asked = forms(visit, ("Give access, change it or take it", SHARE, f"{path}/share", None)) if may else ()
    return Section("Holders", titles=("Customer", "Access", "Priority", "E-mail"), rows=rows, forms=asked)


def heirs_section(visit: Visit, account: BankAccountRow, *, may: bool) -> Section:
    """Who is to have what is on it one day."""
    heirs = list_heirs(visit.tx, customer_id=account.customer_id, account_id=account.account_id)
    rows = [
        [
            Cell(f"{one.beneficiary.first_name} {one.beneficiary.last_name}"),
            Cell(one.beneficiary.distribution),
            Cell("named" if one.is_active else "no more", "badge"),
        ]
        for one in heirs
    ]
    named: Sequence[str] = [str(one.beneficiary.id) for one in heirs if one.is_active]
    asked = ("Name beneficiaries", HEIRS, f"{PATH}/{account.account_id}/heirs", {"beneficiary_ids": named})
    return Section(
        "Beneficiaries",
        titles=("Name", "Share", "State"),
        rows=rows,
        empty="Nobody is named.",
        forms=forms(visit, asked) if may else (),
    )


def limits_section(visit: Visit, account: BankAccountRow, *, may: bool) -> Section:
    """Its own limits."""
    shop, path = visit.shop, f"{PATH}/{account.account_id}"
    limits = list_limits(visit.tx, account.account_id)
    rows = [
        [
            Cell(str(one.id)),
            Cell(in_words(one.name)),
            money(shop, one.minimum_minor),
            money(shop, one.maximum_minor),
            at(shop, one.effective_at),
            at(shop, one.expires_at),
        ]
        for one in limits
    ]
    drops = [Button(f"{path}/drop", f"Drop limit {one.id}", values={"limit": str(one.id)}) for one in limits]
    return Section(
        "Limits of this account",
        titles=("No.", "Limit", "Least", "Most", "From", "Until"),
        rows=rows,
        empty="Only those of its product and of the program.",
        forms=forms(visit, ("Set a limit", LIMIT, f"{path}/limit", None)) if may else (),
        buttons=drops if may else (),
    )


def stops_section(visit: Visit, account: BankAccountRow, *, may: bool) -> Section:
    """Cheques that are not to be paid, of the last thirty days."""
    shop, path, now = visit.shop, f"{PATH}/{account.account_id}", visit.tx.now
    stops = list_stops(visit.tx, customer_id=account.customer_id, account_id=account.account_id)
    rows = [
        [
            Cell(str(one.id)),
            Cell(f"{one.number_minimum} to {one.number_maximum}"),
            money(shop, one.amount_minimum_minor),
            money(shop, one.amount_maximum_minor),
            at(shop, one.created_at),
            at(shop, one.expires_at),
        ]
        for one in stops
    ]
    open_ = [one for one in stops if one.expires_at is None or one.expires_at > now]
    ends = [
        Button(f"{path}/unstop", f"Pay those of {one.id} again", values={"stop": str(one.id)})
        for one in open_
    ]
    return Section(
        "Cheques that are not to be paid",
        titles=("No.", "Numbers", "Amounts from", "to", "Since", "Until"),
        rows=rows,
        empty="There are none of the last thirty days.",
        forms=forms(visit, ("Stop cheques", STOP, f"{path}/stop", None)) if may else (),
        buttons=ends if may else (),
    )


def name_heirs(visit: Visit) -> Answer:
    """Name these beneficiaries and no others."""
    replace_heirs(visit.tx, **holder(visit), **HEIRS.read(visit))
    return back(visit, "The beneficiaries were named.", "/rules")


def stop(visit: Visit) -> Answer:
    """Let cheques not be paid."""
    typed: dict[str, Any] = STOP.read(visit)
    numbers = (typed["number_minimum"], typed["number_maximum"])
    amounts = (typed["amount_minimum"], typed["amount_maximum"])
    try:
        stop_payment(visit.tx, **holder(visit), numbers=numbers, amounts=amounts)
    except StopRefused as error:
        raise told(error, STOPPING) from error
    return back(visit, "These cheques are not paid.", "/rules")


def unstop(visit: Visit) -> Answer:
    """Let them be paid again."""
    expire_stop(visit.tx, **holder(visit), stop_id=numbered(visit, "stop"))
    return back(visit, "They may be paid again.", "/rules")


ONE = f"{PATH}/{{id:digits}}"
PAGES = (
    Page(f"{ONE}/rules", show_rules, BANK),
    Act(f"{ONE}/share", share, BANK, show_rules),
    Act(f"{ONE}/entitle", grant, BANK, show_rules),
    Act(f"{ONE}/entitlement", change_grant, BANK, show_rules),
    Act(f"{ONE}/disentitle", take_grant, BANK, show_rules),
    Act(f"{ONE}/limit", limit, BANK, show_rules),
    Act(f"{ONE}/drop", drop_limit, BANK, show_rules),
    Act(f"{ONE}/heirs", name_heirs, BANK, show_rules),
    Act(f"{ONE}/stop", stop, BANK, show_rules),
    Act(f"{ONE}/unstop", unstop, BANK, show_rules),
)
