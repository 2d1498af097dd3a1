"""Accounts at other banks: listed, taken in, verified by trial deposits, changed, locked, archived."""

from typing import Any

from comptoir.console import kinds
from comptoir.console.bank_accounts import number_of
from comptoir.console.bank_choices import CUSTOMER, TAG, external_type_choices, line
from comptoir.console.bank_parts import (
    AskedForm,
    Button,
    Fact,
    Leaf,
    Section,
    Way,
    at,
    customer_by,
    fact,
    forms,
    masked,
    moment,
    money,
    page,
    state,
    thing,
    to,
    what,
    yes_no,
)
from comptoir.console.bank_tools import PATH as TOOLS
from comptoir.console.bank_tools import routing_at, whose
from comptoir.console.cells import Cell, badge, flag, text, when
from comptoir.console.filters import choice, contains, exactly, spelled
from comptoir.console.filters import flag as flag_filter
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, newest_first, show_list
from comptoir.console.places import address_of
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.domain.banking.beside import list_moves_through, names_of, owners_of_external
from comptoir.domain.banking.external.changing import (
    lock_external_account,
    unlock_external_account,
    update_external_account,
)
from comptoir.domain.banking.external.checking import Details
from comptoir.domain.banking.external.models import EXPIRED as LAPSED
from comptoir.domain.banking.external.models import (
    EXTERNAL_STATUSES,
    UNVERIFIED,
    VERIFIED,
    VERIFY_LOCKED,
    ExternalAccount,
)
from comptoir.domain.banking.external.opening import (
    CUSTOM_FIELDS,
    create_external_account,
    initiate_external_account,
)
from comptoir.domain.banking.external.queries import ExternalAccountRow, get_external_account
from comptoir.domain.banking.external.verifying import resend_verification, verify_external_account
from comptoir.domain.banking.files.routing import bank_of, routing_problem
from comptoir.domain.banking.retiring import archive_external_account
from comptoir.domain.errors import Problems
from comptoir.domain.identity.permissions import BANK

PATH = "/bank/external-accounts"
WAY = [("External accounts", address_of(PATH))]
LOOK_UP = [("Whose is a routing number?", address_of(TOOLS))]
AT_ONCE, BY_TRIALS = "at once", "by trial deposits"
NAMED = (
    Field("nick_name", "Called", line(50)),
    Field("first_name", "Holder's first name", line(50)),
    Field("last_name", "Holder's last name", line(50)),
    Field("business_name", "or business", line(100)),
    Field("tag", "Tag", TAG),
    *(
        Field(one, f"Own field {number}", line(50), group="Own fields")
        for number, one in enumerate(CUSTOM_FIELDS, 1)
    ),
)
NEW = Form(
    "new",
    (
        Field("customer_id", "Customer", CUSTOMER, required=True, hint="Name, e-mail or number at the bank."),
        Field("type", "Type", kinds.choice(external_type_choices), required=True),
        Field("routing_number", "Routing number", line(9, is_optional=True), hint="Nine digits."),
        Field("account_number", "Account number", line(17), required=True),
        *NAMED,
        Field(
            "how", "How it is verified",
            kinds.choice({AT_ONCE: "at once, without proof", BY_TRIALS: "by trial deposits"}), required=True,
        ),
    ),
    "Take it in",
)  # fmt: skip
CHANGE = Form("change", (Field("type", "Type", kinds.choice(external_type_choices), required=True), *NAMED))
VERIFY = Form(
    "verify",
    (
        Field("amount1", "First amount", kinds.AMOUNT, required=True),
        Field("amount2", "Second amount", kinds.AMOUNT, required=True),
    ),
    "Compare the amounts",
)
LOCK = Form("lock", (Field("reason", "Why", line()),), "Lock it")


EXTERNAL = Listing(
    "external-accounts",
    "External accounts",
    PATH,
    ExternalAccount,
    columns=(
        text("Account", ExternalAccount.name),
        text("Called", ExternalAccount.nick_name),
        number_of("Number", ExternalAccount.account_number),
        text("Routing number", ExternalAccount.routing_number),
        badge("Status", ExternalAccount.status),
        flag("Locked", ExternalAccount.is_locked, "locked", ""),
        when("Since", ExternalAccount.created_at),
    ),
    sorts=newest_first(ExternalAccount.id),
    filters=(
        contains("name", "Bank", ExternalAccount.name),
        spelled("tag", "Tag", ExternalAccount.tag),
        choice("status", "Status", ExternalAccount.status, EXTERNAL_STATUSES),
        flag_filter("locked", "Locked", ExternalAccount.is_locked),
        exactly("customer", "Customer no.", ExternalAccount.customer_id),
    ),
    area=BANK,
    make="Take one in",
    ways=(("Whose is a routing number?", TOOLS),),
    more_titles=("Customer",),
    more=customer_by(owners_of_external),
)


def show_new(visit: Visit) -> Answer:
    """The form; `?customer=` says for whom, `?routing=` at which bank."""
    number = visit.asked.said("routing")
    bank = bank_of(number)
    said = {
        "how": BY_TRIALS,
        "customer_id": kinds.record_number(visit.asked.said("customer")),
        "routing_number": number if routing_problem(number) is None else None,
    }
    filled = NEW.filled(visit, address_of(f"{PATH}/new"), said)
    shown = {"title": "Take in an account at another bank", "way": WAY, "filled": filled, "ways": LOOK_UP}
    return Shown("form.html", shown if bank is None else shown | {"about": f"At {whose(bank)}."})


def make(visit: Visit) -> Answer:
    """Take one in, and tell at which bank it is."""
    typed = NEW.read(visit)
    details = Details(**{name: typed[name] for name in Details._fields})
    verb = create_external_account if typed["how"] == AT_ONCE else initiate_external_account
    own = {name: typed[name] for name in CUSTOM_FIELDS}
    made = verb(visit.tx, customer_id=typed["customer_id"], details=details, custom=own)
    bank = bank_of(details.routing_number or "")
    where = "" if bank is None else f" It is at {whose(bank)}."
    return Gone(address_of(f"{PATH}/{made}"), f"The account was taken in.{where}")


def show_external(visit: Visit) -> Answer:
    """One account at another bank."""
    row = get_external_account(visit.tx, visit.id)
    leaf = Leaf(
        f"{row.nick_name or row.name or 'Account'} {masked(row.account_number)}", WAY, facts_of(visit, row)
    )
    leaf.subject = ("external_account", row.id)
    leaf.ways = [Way("Three ways", address_of(f"/three-ways/external_account/{row.id}"))]
    if row.is_locked:
        leaf.warning = f"It is locked: {row.locked_reason or 'no reason was given'}."
    leaf.sections = [moves_section(visit, row)]
    if visit.may(BANK):
        leaf.buttons = buttons_of(row)
        leaf.sections.insert(0, Section("What can be done", forms=forms(visit, *asked_of(row))))
    return page(visit, leaf)


def facts_of(visit: Visit, row: ExternalAccountRow) -> list[Fact]:
    """What is known of it; the amounts of trial deposits are the customer's to tell."""
    shop, bank = visit.shop, bank_of(row.routing_number)
    customer = names_of(visit.tx, [row.customer_id])[row.customer_id]
    return [
        state("Status", row.status),
        thing("Customer", "bank_customer", row.customer_id, customer.text),
        fact("Bank", whose(bank) if bank else row.name),
        fact("Routing number", row.routing_number, routing_at(row.routing_number) if row.routing_number else None),
        fact("Account number", masked(row.account_number)), fact("Type", row.type), fact("Holder", row.holder),
        fact("Called", row.nick_name), fact("Tag", row.tag), yes_no("Locked", row.is_locked),
        fact("Attempts to verify it", row.attempts or ""), moment(shop, "Trial deposits sent", row.verify_sent_at),
        moment(shop, "to be named until", row.verify_expires_at), moment(shop, "Taken in", row.created_at),
        moment(shop, "Status since", row.status_at), fact("Corrected by the other bank", row.noc_code),
        fact("Own fields", ", ".join(filter(None, (getattr(row, name) for name in CUSTOM_FIELDS)))),
    ]  # fmt: skip


def moves_section(visit: Visit, row: ExternalAccountRow) -> Section:
    """The last transfers, with what came back."""
    rows = [
        [
            to("bank_transfer", one.transfer_id, what(one.type_code)),
            money(visit.shop, one.amount_minor, ("transfer", one.transfer_id, "amount")),
            Cell(one.status, "badge"), Cell(one.return_code), at(visit.shop, one.created_at),
        ]
        for one in list_moves_through(visit.tx, row.id)
    ]  # fmt: skip
    more = Way("All transfers", address_of(f"/bank/transfers?external={row.id}"))
    titles = ("Transfer", "Amount", "Status", "Returned with", "When")
    return Section(
        "Last transfers", titles=titles, rows=rows, empty="There were none.", ways=[more] if rows else ()
    )


def buttons_of(row: ExternalAccountRow) -> list[Button]:
    """What a click does."""
    path, found = f"{PATH}/{row.id}", []
    if row.is_locked:
        found.append(Button(f"{path}/unlock", "Unlock"))
    if row.status in {UNVERIFIED, VERIFY_LOCKED, LAPSED}:
        found.append(Button(f"{path}/resend", "Send new trial deposits"))
    if row.is_active:
        confirm = "End this account for good?"
        found.append(Button(f"{path}/archive", "Archive", confirm=confirm, is_danger=True))
    return found


def asked_of(row: ExternalAccountRow) -> list[AskedForm]:
    """What needs to be filled in."""
    path, found = f"{PATH}/{row.id}", list[AskedForm]()
    if row.status == UNVERIFIED:
        found.append(("Verify by the trial deposits", VERIFY, f"{path}/verify", None))
    if row.is_active:
        found.append(("Change", CHANGE, f"{path}/change", row._asdict()))
    if row.status == VERIFIED and not row.is_locked:
        found.append(("Lock", LOCK, f"{path}/lock", None))
    return found


def back(visit: Visit, said: str) -> Gone:
    """Its page."""
    return Gone(address_of(f"{PATH}/{visit.id}"), said)


def which(visit: Visit) -> dict[str, Any]:
    """In whose name something is done, and to which account."""
    row = get_external_account(visit.tx, visit.id)
    return {"customer_id": row.customer_id, "external_account_id": row.id}


def change(visit: Visit) -> Answer:
    """Change what differs."""
    changes = CHANGE.changes(visit, get_external_account(visit.tx, visit.id)._asdict())
    if changes:
        update_external_account(visit.tx, **which(visit), **changes)
    return back(visit, "The account was saved." if changes else "Nothing was changed.")


def verify(visit: Visit) -> Answer:
    """Compare the amounts. A miss counts, so it is told on the account's page and not refused."""
    typed = VERIFY.read(visit)
    wrong = [(name, "must be above zero") for name, minor in typed.items() if minor <= 0]
    if wrong:
        raise Problems(wrong)
    attempt = verify_external_account(visit.tx, **which(visit), amounts=(typed["amount1"], typed["amount2"]))
    if attempt.is_matched:
        return back(visit, "The account is verified.")
    return back(
        visit, f"These are not the amounts of the trial deposits. Attempts left: {attempt.attempts_left}."
    )


def resend(visit: Visit) -> Answer:
    """Send new trial deposits."""
    resend_verification(visit.tx, **which(visit))
    return back(visit, "New trial deposits are on their way.")


def lock(visit: Visit) -> Answer:
    """Let no money through it; only the bank unlocks it then."""
    lock_external_account(visit.tx, **which(visit), **LOCK.read(visit), is_by_bank=True)
    return back(visit, "The account is locked.")


def unlock(visit: Visit) -> Answer:
    """Let money through it again, whoever locked it."""
    unlock_external_account(visit.tx, **which(visit), is_by_bank=True)
    return back(visit, "The account is unlocked.")


def archive(visit: Visit) -> Answer:
    """End it for good."""
    archive_external_account(visit.tx, **which(visit))
    return back(visit, "The account is archived.")


ONE = f"{PATH}/{{id:digits}}"
PAGES = (
    Page(PATH, show_list(EXTERNAL), BANK),
    Page(f"{PATH}/new", show_new, BANK),
    Act(f"{PATH}/new", make, BANK, show_new),
    Page(ONE, show_external, BANK),
    Act(f"{ONE}/change", change, BANK, show_external),
    Act(f"{ONE}/verify", verify, BANK, show_external),
    Act(f"{ONE}/resend", resend, BANK, show_external),
    Act(f"{ONE}/lock", lock, BANK, show_external),
    Act(f"{ONE}/unlock", unlock, BANK, show_external),
    Act(f"{ONE}/archive", archive, BANK, show_external),
)
