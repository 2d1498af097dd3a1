"""Transfers at the bank: listed, and each with its ends, its postings and what came of it."""

from collections.abc import Sequence

from comptoir.console import kinds
from comptoir.console.bank_entries import entry_facts
from comptoir.console.bank_parts import (
    AskedForm,
    Button,
    Fact,
    Leaf,
    Section,
    Way,
    amount,
    at,
    day,
    fact,
    forms,
    moment,
    money,
    page,
    state,
    thing,
    to,
    what,
    yes_no,
)
from comptoir.console.bank_transactions import TYPES, name_of, place_link
from comptoir.console.cells import Cell, Column, badge, minor, text, when
from comptoir.console.filters import amounts, choice, days, exactly, spelled
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, Sort, newest_first, show_list
from comptoir.console.places import address_of, link_to
from comptoir.console.rendering import in_words
from comptoir.console.visits import Act, Answer, Gone, Page, Visit
from comptoir.domain.banking.accounts.queries import find_bank_account
from comptoir.domain.banking.beside import (
    MovementRow,
    Place,
    ends_of,
    get_movement,
    list_family,
    list_fees_of,
    names_of,
    places_among,
)
from comptoir.domain.banking.movements.errors import TransactionNotFound
from comptoir.domain.banking.movements.models import (
    DELAYED,
    INITIATED,
    TRANSACTION_STATUSES,
    VOIDED,
    BankTransfer,
)
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.banking.transfers.availability import SET_AVAILABLE_DATE, set_available_date
from comptoir.domain.banking.transfers.finding import find_posting
from comptoir.domain.banking.transfers.returning import return_movement
from comptoir.domain.banking.transfers.type_codes import CPDEP, CPWTH, type_text
from comptoir.domain.banking.transfers.voiding import SET_STATUS, set_transfer_status, void_transfer_of
from comptoir.domain.errors import Conflict
from comptoir.domain.explaining.money_rows import postings_of_transfer
from comptoir.domain.identity.permissions import BANK, BOOKS, SEE
from comptoir.domain.tx import Tx

PATH = "/bank/transfers"
WAY = [("Transfers", address_of(PATH))]
RETURN_CODES = {
    "R01": "R01 insufficient funds",
    "R02": "R02 account closed",
    "R03": "R03 no account",
    "R04": "R04 invalid account number",
    "R05": "R05 unauthorised debit",
    "R07": "R07 authorisation revoked",
    "R08": "R08 payment stopped",
    "R10": "R10 customer says it is not authorised",
    "R16": "R16 account frozen",
    "R20": "R20 no transaction account",
}
RETURN = Form(
    "return", (Field("code", "Why", kinds.choice(RETURN_CODES), required=True),), "Let it come back"
)
AVAILABLE = Form(
    "available",
    (Field("day", "Available from the beginning of", kinds.DAY, required=True),),
    "Set the day",
)


class NotASandbox(Conflict):
    """Only other banks return transfers; in a sandbox one may play them."""

    def __init__(self) -> None:
        super().__init__("This shop is no sandbox: other banks return transfers with their files.")


def ends_shown(tx: Tx, ids: Sequence[int]) -> list[list[Cell]]:
    """Where the money came from, and where it went."""
    ends = ends_of(tx, ids)
    places = places_among(tx, [one for pair in ends.values() for one in pair])
    return [[end_cell(places, ends[one][0]), end_cell(places, ends[one][1])] for one in ids]


def end_cell(places: dict[int, Place], id: int | None) -> Cell:
    """An end of a transfer as a cell."""
    place = None if id is None else places.get(id)
    return Cell("" if place is None else name_of(place), link=None if place is None else place_link(place))


TRANSFERS = Listing(
    "bank-transfers",
    "Transfers",
    PATH,
    BankTransfer,
    columns=(
        when("When", BankTransfer.created_at),
        Column("Type", lambda row, _shop: Cell(what(row[0])), (BankTransfer.type_code,)),
        minor("Amount", BankTransfer.amount_minor, explain=("transfer", "amount", BankTransfer.transfer_id)),
        badge("Status", BankTransfer.status),
        text("Description", BankTransfer.description),
        text("Returned", BankTransfer.return_code),
    ),
    sorts=(
        *newest_first(BankTransfer.transfer_id),
        Sort("largest", "largest first", BankTransfer.amount_minor, falls=True),
    ),
    filters=(
        choice("status", "Status", BankTransfer.status, TRANSACTION_STATUSES),
        choice("type", "Type", BankTransfer.type_code, TYPES),
        amounts("amount", "Amount", BankTransfer.amount_minor),
        days("made", "Made", BankTransfer.created_at),
        spelled("tag", "Tag", BankTransfer.tag),
        exactly("external", "External account no.", BankTransfer.external_account_id),
        exactly("card", "Card no.", BankTransfer.card_id),
        exactly("file", "Bank file no.", BankTransfer.file_id),
    ),
    area=BANK,
    make="New transfer",
    more_titles=("From", "To"),
    more=ends_shown,
)


def show_transfer(visit: Visit) -> Answer:
    """One transfer with all that belongs to it."""
    row = get_movement(visit.tx, visit.id)
    title = f"{what(row.type_code)} {row.transfer_id}"
    leaf = Leaf(title, WAY, facts_of(visit, row), subject=("bank_transfer", row.transfer_id))
    leaf.warning = f"Another bank returned it with {row.return_code}." if row.return_code else ""
    if visit.may(BOOKS, SEE):
        leaf.ways = [
            Way("In the books", link_to("transfer", row.transfer_id) or ""),
            Way("Three ways", address_of(f"/three-ways/transfer/{row.transfer_id}")),
        ]
    leaf.sections = [postings_section(visit, row), family_section(visit, row), fees_section(visit, row)]
    if visit.may(BANK):
        leaf.buttons = buttons_of(visit, row)
        asked = asked_of(visit, row)
        if asked:
            leaf.sections.append(Section("What can be done", forms=forms(visit, *asked)))
    return page(visit, leaf)


def facts_of(visit: Visit, row: MovementRow) -> list[Fact]:
    """What is known of it."""
    shop = visit.shop
    places = places_among(visit.tx, [row.from_id, row.to_id])
    source, target = (places.get(one or 0) for one in (row.from_id, row.to_id))
    names = names_of(visit.tx, [row.customer_id, row.requesting_customer_id])
    asker = names.get(row.requesting_customer_id or 0)
    return [
        amount(shop, "Amount", row.amount_minor, ("transfer", row.transfer_id, "amount")),
        state("Status", row.status),
        Fact("From", name_of(source), None if source is None else place_link(source)),
        Fact("To", name_of(target), None if target is None else place_link(target)),
        thing("Customer", "bank_customer", row.customer_id, names[row.customer_id].text)
        if row.customer_id in names and row.customer_id is not None else Fact("Customer", ""),
        Fact("Asked for by", asker.text) if asker else Fact("Asked for by", ""),
        fact("What it is", f"{type_text(row.type_code).friendly} ({row.type_code})"),
        fact("Description", row.description),
        fact("Purpose", row.purpose_code),
        fact("Tag", row.tag), fact("Tag of who receives", row.to_tag),
        fact("Card", row.card_id, link_to("card", row.card_id)),
        moment(shop, "Made", row.created_at), day("Settles on", row.settles_on),
        moment(shop, "Settled", row.settled_at), moment(shop, "Available from", row.available_at),
        moment(shop, "Voided", row.voided_at),
        yes_no("Same day", row.is_same_day) if row.settles_on else Fact("Same day", ""),
        fact("Bank file", row.file_id, link_to("bank_file", row.file_id)),
        fact("Trace number", row.trace_number),
        *details_of(row),
    ]  # fmt: skip


def details_of(row: MovementRow) -> list[Fact]:
    """What only some kinds have: a merchant, a wire's words, an entry's class."""
    found = entry_facts(row.details)
    for name in ("merchant", "wire"):
        told = row.details.get(name)
        if isinstance(told, dict):
            found.append(fact(name.capitalize(), ", ".join(str(one) for one in told.values() if one)))
    return found


def postings_section(visit: Visit, row: MovementRow) -> Section:
    """The postings, with both sides."""
    rows = [
        [
            to("account", one.account_id, one.name), Cell(one.code),
            money(visit.shop, one.amount_minor if one.amount_minor > 0 else None, ("posting", one.id, "amount")),
            money(visit.shop, -one.amount_minor if one.amount_minor < 0 else None, ("posting", one.id, "amount")),
        ]
        for one in postings_of_transfer(visit.tx, row.transfer_id)
    ]  # fmt: skip
    note = (
        ""
        if row.state == "posted"
        else f"They are {in_words(row.state)}: they do not count yet, or never did."
    )
    return Section("Postings", titles=("Account", "Code", "Debit", "Credit"), rows=rows, note=note)


def family_section(visit: Visit, row: MovementRow) -> Section:
    """What belongs together: an authorisation and its completion, a withdrawal and its return."""
    rows = [
        [
            to("bank_transfer", one.transfer_id, what(one.type_code)),
            money(visit.shop, one.amount_minor, ("transfer", one.transfer_id, "amount")),
            Cell(one.status, "badge"), Cell(one.return_code), at(visit.shop, one.created_at),
        ]
        for one in list_family(visit.tx, row.master_id)
        if one.transfer_id != row.transfer_id
    ]  # fmt: skip
    return Section(
        "What belongs to it",
        titles=("Transfer", "Amount", "Status", "Code", "When"),
        rows=rows,
        empty="Nothing else.",
    )


def fees_section(visit: Visit, row: MovementRow) -> Section:
    """What was charged for it."""
    rows = [
        [
            to("applied_fee", one.id, one.name),
            money(visit.shop, one.amount_minor, ("transfer", one.transfer_id, "amount")),
            to("bank_account", one.account_id, f"account {one.account_id}"), at(visit.shop, one.created_at),
        ]
        for one in list_fees_of(visit.tx, row.master_id)
    ]  # fmt: skip
    return Section("Fees", titles=("Fee", "Amount", "Paid by", "When"), rows=rows, empty="None was charged.")


def buttons_of(visit: Visit, row: MovementRow) -> list[Button]:
    """What a click does: undo, delay, go on."""
    path, found = f"{PATH}/{row.transfer_id}", []
    if row.status == INITIATED and row.customer_id is not None:
        found.append(Button(f"{path}/void", "Void", confirm="Undo this transfer?", is_danger=True))
    if row.type_code == CPWTH and SET_STATUS in get_program(visit.tx).features:
        if row.status == INITIATED:
            found.append(Button(f"{path}/delay", "Delay"))
        if row.status == DELAYED:
            found.append(Button(f"{path}/go-on", "Let it go on"))
    return found


def asked_of(visit: Visit, row: MovementRow) -> list[AskedForm]:
    """What needs to be filled in: a day, a return."""
    path, found = f"{PATH}/{row.transfer_id}", list[AskedForm]()
    has_date = SET_AVAILABLE_DATE in get_program(visit.tx).features
    if has_date and row.type_code == CPDEP and row.status != VOIDED:
        found.append(("Say when it is available", AVAILABLE, f"{path}/available", None))
    is_returnable = row.external_account_id is not None and not row.return_code and row.status != VOIDED
    if visit.shop.is_sandbox and is_returnable and "returns" not in row.details:
        found.append(("Let the other bank return it (sandbox)", RETURN, f"{path}/return", None))
    return found


def back(visit: Visit, said: str) -> Gone:
    """The transfer's page."""
    return Gone(address_of(f"{PATH}/{visit.id}"), said)


def transaction_of(visit: Visit, row: MovementRow) -> tuple[int, int]:
    """In whose name something is done, and to which transaction. Refuses: TransactionNotFound."""
    for account_id in (row.from_id, row.to_id):
        account = find_bank_account(visit.tx, account_id)
        if account is None:
            continue
        found = find_posting(visit.tx, transfer_id=row.transfer_id, account_id=account.account_id)
        if found is not None:
            return row.customer_id or account.customer_id, found
    raise TransactionNotFound(row.transfer_id)


def void(visit: Visit) -> Answer:
    """Undo it."""
    customer_id, transaction_id = transaction_of(visit, get_movement(visit.tx, visit.id))
    void_transfer_of(visit.tx, customer_id=customer_id, transaction_id=transaction_id)
    return back(visit, "The transfer is void: nothing was moved.")


def delay(visit: Visit) -> Answer:
    """Let it wait."""
    return _become(visit, DELAYED, "The transfer waits until it is let go on.")


def go_on(visit: Visit) -> Answer:
    """Let it go on."""
    return _become(visit, INITIATED, "The transfer goes on.")


def _become(visit: Visit, status: str, said: str) -> Answer:
    customer_id, transaction_id = transaction_of(visit, get_movement(visit.tx, visit.id))
    set_transfer_status(visit.tx, customer_id=customer_id, transaction_id=transaction_id, status=status)
    return back(visit, said)


def make_available(visit: Visit) -> Answer:
    """Say from which day on a deposit may be spent."""
    customer_id, transaction_id = transaction_of(visit, get_movement(visit.tx, visit.id))
    typed = AVAILABLE.read(visit)
    set_available_date(visit.tx, customer_id=customer_id, transaction_id=transaction_id, day=typed["day"])
    return back(visit, "The day was set.")


def come_back(visit: Visit) -> Answer:
    """Play the other bank, which returns it.

    Refuses: NotASandbox, TransactionNotFound, AlreadyReturned, TransactionLocked.
    """
    if not visit.shop.is_sandbox:
        raise NotASandbox
    row = get_movement(visit.tx, visit.id)
    if row.external_account_id is None or "returns" in row.details:
        raise TransactionNotFound(visit.id)
    made = return_movement(visit.tx, visit.id, RETURN.read(visit)["code"])
    said = (
        "It came back before it had settled." if made == visit.id else f"It came back with transfer {made}."
    )
    return back(visit, said)


ONE = f"{PATH}/{{id:digits}}"
PAGES = (
    Page(PATH, show_list(TRANSFERS), BANK),
    Page(ONE, show_transfer, BANK),
    Act(f"{ONE}/void", void, BANK, show_transfer),
    Act(f"{ONE}/delay", delay, BANK, show_transfer),
    Act(f"{ONE}/go-on", go_on, BANK, show_transfer),
    Act(f"{ONE}/available", make_available, BANK, show_transfer),
    Act(f"{ONE}/return", come_back, BANK, show_transfer),
)
