"""Ordering cards, in plastic or digital, and changing what they are called."""

import re
from typing import Any, TypedDict, Unpack

from sqlalchemy import bindparam, select

from comptoir.domain.banking.cards.errors import (
    AddressMissing,
    CardStatusRefuses,
    CardTagTaken,
    HolderAccessRefuses,
    HolderNotFound,
    HolderStatusRefuses,
    IssuanceRefuses,
    NickNameTaken,
    NotPrimaryOwner,
    PhoneMissing,
    ResidenceMissing,
)
from comptoir.domain.banking.cards.locking import require_unlocked
from comptoir.domain.banking.cards.models import (
    ARCHIVED,
    DEBIT,
    DIGITAL_INITIATED,
    DIGITAL_PENDING,
    ENDED_STATUSES,
    IN_USE_STATUSES,
    INITIATED,
    NETWORKS,
    PENDING_VERIFICATION,
    TYPE_CODES,
    UNLOCKED,
    VERIFIED,
    Card,
    CardAccount,
)
from comptoir.domain.banking.cards.numbers import (
    SHAZAM,
    VALID_YEARS,
    Expiry,
    choose_bin,
    draw_last_four,
)
from comptoir.domain.banking.cards.pins import read_pin
from comptoir.domain.banking.cards.queries import CARD_TAGGED, NICK_NAMED, CardRow, take_card
from comptoir.domain.banking.cards.ties import account_for_card, make_primary
from comptoir.domain.banking.customers.errors import CustomerNotFound
from comptoir.domain.banking.customers.models import (
    ACCT,
    CARD,
    FULL,
    MANUAL_REVIEW,
    BankAddress,
    BankPhone,
)
from comptoir.domain.banking.customers.models import INITIATED as CUSTOMER_INITIATED
from comptoir.domain.banking.customers.models import VERIFIED as CUSTOMER_VERIFIED
from comptoir.domain.banking.customers.queries import CustomerRow, get_customer, require_customer
from comptoir.domain.banking.program.queries import BinRow, ProgramFacts, get_program
from comptoir.domain.errors import Problems
from comptoir.domain.tx import Tx

HOLDER_STATUSES = frozenset({CUSTOMER_INITIATED, MANUAL_REVIEW, CUSTOMER_VERIFIED})
HOLDER_ACCESS = frozenset({FULL, ACCT, CARD})
PHONES = frozenset({"Mobile", "Home"})
RESIDENCE = "Residence"
ADDRESSES = frozenset({"Mailing", RESIDENCE})
# What can be printed on a card by everybody (3.10.3: 150240 to 150242).
PRINTABLE = re.compile(r"[A-Za-z0-9 .,'&/-]*", re.ASCII)
NAMES = ("first_name", "middle_name", "last_name")

PHONE_TYPES = select(BankPhone.phone_type).where(
    BankPhone.customer_id == bindparam("customer_id"), BankPhone.is_active.is_(True)
)
ADDRESS_TYPES = select(BankAddress.address_type).where(
    BankAddress.customer_id == bindparam("customer_id"), BankAddress.is_active.is_(True)
)


class CardOrder(TypedDict, total=False):
    """What may be said of a card that is ordered."""

    first_name: str
    middle_name: str
    last_name: str
    nick_name: str
    tag: str | None
    type_code: str
    network: str | None
    bin_id: int | None
    holder_customer_id: int | None
    primary_account_id: int | None
    new_pin: str | None
    is_dual_issuance: bool
    is_physical_ordered: bool


class CardChanges(TypedDict, total=False):
    """What may be changed of a card."""

    nick_name: str
    tag: str
    primary_account_id: int


def initiate_card(tx: Tx, *, customer_id: int, **order: Unpack[CardOrder]) -> int:
    """Order a card and give its id; it can be used once its holder says that it has come.

    One that is digital and plastic with one number is of use at once. A sandbox sends nothing: what is ordered
    can be verified at once.
    Refuses: as require_customer, Problems (type_code, network, name, first_name, middle_name, last_name,
    primary_account_id), CardTagTaken, HolderNotFound, HolderStatusRefuses, HolderAccessRefuses, as
    account_for_card, NickNameTaken, PhoneMissing, AddressMissing, NoBin, NoNumberLeft, as read_pin.
    """
    if order.get("is_dual_issuance"):
        is_ordered = order.get("is_physical_ordered", True)
        status = VERIFIED if not is_ordered else _on_its_way(tx, DIGITAL_INITIATED, DIGITAL_PENDING)
        return _order(tx, customer_id, order, status, is_digital=not is_ordered)
    return _order(tx, customer_id, order, _on_its_way(tx, INITIATED, PENDING_VERIFICATION), is_digital=False)


def create_digital_card(tx: Tx, *, customer_id: int, **order: Unpack[CardOrder]) -> int:
    """Make a card without plastic, of use at once, and give its id.

    Refuses: as initiate_card; ResidenceMissing.
    """
    return _order(tx, customer_id, order, VERIFIED, is_digital=True)


def order_plastic(tx: Tx, *, customer_id: int, card_id: int) -> CardRow:
    """Order the plastic of a card that was digital only.

    Refuses: as require_customer, CardNotFound, NotPrimaryOwner, LockedBySystem, LockedForGood, CardLocked,
    CardStatusRefuses, IssuanceRefuses.
    """
    require_customer(tx, customer_id)
    card = take_card(tx, customer_id, card_id)
    _refuse_strangers(card, customer_id)
    require_unlocked(card)
    if card.status != VERIFIED:
        raise CardStatusRefuses(card_id, card.status)
    if not card.is_digital_only:
        raise IssuanceRefuses(card_id)
    status = _on_its_way(tx, DIGITAL_INITIATED, DIGITAL_PENDING)
    tx.update(Card, card_id, status=status, is_digital_only=False, requested_at=tx.now, updated_at=tx.now)
    tx.note(
        "card.plastic_ordered", "card", card_id, before={"status": card.status}, after={"status": status}
    )  # fmt: skip
    return card


def update_card(tx: Tx, *, customer_id: int, card_id: int, **changes: Unpack[CardChanges]) -> CardRow:
    """Change what is named of a card; another primary account is tied to it if it was not.

    Refuses: as require_customer, CardNotFound, CardStatusRefuses, NotPrimaryOwner, CardTagTaken, NickNameTaken,
    as account_for_card, CategoryFull.
    """
    customer = require_customer(tx, customer_id)
    card = take_card(tx, customer_id, card_id)
    if card.status in ENDED_STATUSES:
        raise CardStatusRefuses(card_id, card.status)
    _refuse_strangers(card, customer_id)
    tag, nick_name = changes.get("tag"), changes.get("nick_name")
    values: dict[str, Any] = {}
    if tag is not None or nick_name is not None:
        # Whoever holds the counter is alone in giving tags and names.
        tx.ids.reach("card", card_id)
    if tag is not None and tag != card.tag:
        _refuse_taken_tag(tx, tag)
        values["tag"] = tag
    if nick_name is not None and nick_name != card.nick_name:
        _refuse_taken_name(tx, customer_id, nick_name)
        values["nick_name"] = nick_name
    account_id = changes.get("primary_account_id")
    if account_id is not None and account_id != card.primary_account_id:
        make_primary(tx, customer, card, account_id)
        values["primary_account_id"] = account_id
    if values:
        tx.update(Card, card_id, **values, updated_at=tx.now)
        before = {name: getattr(card, name) for name in values}
        tx.note("card.updated", "card", card_id, before=before, after=values)
    return card


def archive_card(tx: Tx, *, customer_id: int, card_id: int) -> CardRow:
    """End a card for good. Refuses: as require_customer, CardNotFound, CardStatusRefuses, NotPrimaryOwner."""
    require_customer(tx, customer_id)
    card = take_card(tx, customer_id, card_id)
    if card.status in ENDED_STATUSES:
        raise CardStatusRefuses(card_id, card.status)
    _refuse_strangers(card, customer_id)
    tx.update(Card, card_id, status=ARCHIVED, archived_at=tx.now, updated_at=tx.now)
    tx.note("card.archived", "card", card_id, before={"status": card.status}, after={"status": ARCHIVED})
    return card


def expiry_of(tx: Tx, program: ProgramFacts) -> Expiry:
    """The last month of a card that is made now."""
    today = tx.now.astimezone(program.zone)
    return Expiry(today.year + VALID_YEARS, today.month)


def _on_its_way(tx: Tx, ordered: str, arrived: str) -> str:
    return arrived if tx.shop.is_sandbox else ordered


def _order(tx: Tx, customer_id: int, order: CardOrder, status: str, *, is_digital: bool) -> int:
    customer = require_customer(tx, customer_id)
    chosen, problems = _chosen(tx, order), _problems(order)
    if chosen is not None and chosen.name.lower().startswith(SHAZAM):
        problems += _unprintable(order)
    if problems:
        raise Problems(problems)
    # Whoever holds the counter is alone in giving tags and names.
    card_id = tx.ids.next("card")
    tag = order.get("tag")
    if tag is not None:
        _refuse_taken_tag(tx, tag)
    holder_id = _holder(tx, order.get("holder_customer_id") or customer_id)
    account_id = order.get("primary_account_id") or 0
    _, category = account_for_card(tx, customer, account_id)
    _refuse_taken_name(tx, customer_id, order.get("nick_name", ""))
    _refuse_unreachable(tx, customer, is_digital=is_digital)
    bin_row = chosen or choose_bin(tx, order.get("bin_id"), order.get("network"))
    pin = order.get("new_pin")
    if pin is not None:
        read_pin(tx, bin_row.network, pin)
    _write(
        tx, order, bin_row,
        id=card_id, customer_id=customer_id, holder_customer_id=holder_id, primary_account_id=account_id,
        status=status, is_digital_only=is_digital,
    )  # fmt: skip
    tx.insert(CardAccount, card_id=card_id, account_id=account_id, category=category, priority=1)
    after = {"customer_id": customer_id, "account_id": account_id, "status": status, "tag": tag}
    tx.note("card.initiated", "card", card_id, after=after)
    return card_id


def _write(tx: Tx, order: CardOrder, chosen: BinRow, **values: Any) -> None:
    expiry = expiry_of(tx, get_program(tx))
    tx.insert(
        Card,
        **values,
        bin_id=chosen.id,
        tag=order.get("tag"),
        nick_name=order.get("nick_name", ""),
        first_name=order.get("first_name", ""),
        middle_name=order.get("middle_name", ""),
        last_name=order.get("last_name", ""),
        type_code=order.get("type_code") or DEBIT,
        network=chosen.network,
        last_four=draw_last_four(tx, chosen),
        expire_month=expiry.month,
        expire_year=expiry.year,
        lock_type=UNLOCKED,
        lock_reason="",
        reissue_reason="",
        is_dual_issuance=order.get("is_dual_issuance", False),
        limits={},
        details={},
        pin_set_at=None if order.get("new_pin") is None else tx.now,
        requested_at=tx.now,
        verified_at=tx.now if values["status"] in IN_USE_STATUSES else None,
        reissued_at=None,
        archived_at=None,
        denied_at=None,
        expired_at=None,
        created_at=tx.now,
        updated_at=tx.now,
    )


def _chosen(tx: Tx, order: CardOrder) -> BinRow | None:
    """The BIN of the order, None when its network cannot be meant. Refuses: NoBin."""
    network = order.get("network")
    bin_id = order.get("bin_id")
    if network not in NETWORKS and (network is not None or bin_id is None):
        return None
    return choose_bin(tx, bin_id, network)


def _problems(order: CardOrder) -> list[tuple[str, str]]:
    """What cannot be taken of an order, all of it at once."""
    problems = []
    type_code = order.get("type_code")
    if type_code and type_code not in TYPE_CODES:
        problems.append(("type_code", f"{type_code} is not valid: must be one of {', '.join(TYPE_CODES)}"))
    network = order.get("network")
    if network not in NETWORKS and (network is not None or order.get("bin_id") is None):
        said = f"{network} is not valid" if network else "is required"
        problems.append(("network", f"{said}: must be one of {', '.join(NETWORKS)}"))
    names = [bool(name.strip()) for name in (order.get("first_name", ""), order.get("last_name", ""))]
    if not any(names):
        problems.append(("name", "is a required field"))
    elif not all(names):
        problems.append(("names", "must both be given"))
    if not order.get("primary_account_id"):
        problems.append(("primary_account_id", "must be specified"))
    return problems


def _unprintable(order: CardOrder) -> list[tuple[str, str]]:
    texts: dict[str, Any] = dict(order)
    return [
        (name, "contains characters that cannot be printed")
        for name in NAMES
        if not PRINTABLE.fullmatch(texts.get(name, ""))
    ]


def _holder(tx: Tx, customer_id: int) -> int:
    try:
        holder = get_customer(tx, customer_id)
    except CustomerNotFound:
        raise HolderNotFound(customer_id) from None
    if holder.status not in HOLDER_STATUSES:
        raise HolderStatusRefuses(customer_id, holder.status)
    if holder.access_type not in HOLDER_ACCESS:
        raise HolderAccessRefuses(customer_id, holder.access_type)
    return customer_id


def _refuse_taken_tag(tx: Tx, tag: str) -> None:
    if tx.one(CARD_TAGGED, tag=tag) is not None:
        raise CardTagTaken(tag)


def _refuse_taken_name(tx: Tx, customer_id: int, nick_name: str) -> None:
    if nick_name and tx.one(NICK_NAMED, customer_id=customer_id, nick_name=nick_name) is not None:
        raise NickNameTaken(nick_name, customer_id)


def _refuse_unreachable(tx: Tx, customer: CustomerRow, *, is_digital: bool) -> None:
    """Somebody who gets a card can be called and written to."""
    customer_id = customer.customer_id
    phones = {row[0] for row in tx.all(PHONE_TYPES, customer_id=customer_id)}
    if not phones & PHONES:
        raise PhoneMissing(customer_id)
    addresses = {row[0] for row in tx.all(ADDRESS_TYPES, customer_id=customer_id)}
    if is_digital and RESIDENCE not in addresses:
        raise ResidenceMissing(customer_id)
    if not addresses & ADDRESSES:
        raise AddressMissing(customer_id)


def _refuse_strangers(card: CardRow, customer_id: int) -> None:
    if customer_id != card.customer_id:
        raise NotPrimaryOwner(customer_id, card.id)
