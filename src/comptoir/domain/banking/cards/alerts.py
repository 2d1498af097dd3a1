"""Fraud on a card: whether its holder is told by text message, and how risky its use is held to be."""

import re
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.cards.errors import CardStatusRefuses
from comptoir.domain.banking.cards.models import (
    DIGITAL_INITIATED,
    DIGITAL_PENDING,
    REISSUED,
    VERIFIED,
    VISA,
    Card,
)
from comptoir.domain.banking.cards.queries import CardRow, get_card, take_card
from comptoir.domain.banking.customers.models import BankPhone
from comptoir.domain.banking.customers.queries import require_customer
from comptoir.domain.banking.program.queries import get_program, require_feature
from comptoir.domain.errors import Conflict, Invalid
from comptoir.domain.tx import Tx

FEATURE = "card_alerts"
FACTOR = re.compile(r"[A-Za-z0-9]{1,10}", re.ASCII)
# Factors that Visa keeps for itself.
RESTRICTED = re.compile(r"VIP.*", re.ASCII | re.IGNORECASE)
RISK_STATUSES = frozenset({VERIFIED, REISSUED, DIGITAL_INITIATED, DIGITAL_PENDING})
REST = timedelta(hours=24)

MOBILE = select(BankPhone.number).where(
    BankPhone.customer_id == bindparam("customer_id"),
    BankPhone.phone_type == "Mobile",
    BankPhone.is_active.is_(True),
)


class MobileMissing(Conflict):
    """The holder has no mobile phone."""

    def __init__(self, customer_id: int) -> None:
        super().__init__(f"mobile number does not exist for customer {customer_id}")


class NetworkRefuses(Conflict):
    """This is for Visa cards only."""

    def __init__(self) -> None:
        super().__init__("this is only valid for Visa cards")


class FactorRestricted(Conflict):
    """The factor is not for programs to set."""

    def __init__(self, factor: str) -> None:
        super().__init__(f"risk factor {factor} is restricted")


class FactorApplied(Conflict):
    """The same factor was set less than a day ago."""

    def __init__(self, factor: str) -> None:
        super().__init__(f"risk factor {factor} is already applied")


class Risk(NamedTuple):
    """How risky a card's use is held to be, always and between two times."""

    base: str
    override: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def is_opted_out(tx: Tx, *, customer_id: int, card_id: int) -> bool:
    """Whether fraud is not told by text. Refuses: NotEnabled, CardNotFound, NetworkRefuses, MobileMissing."""
    require_feature(get_program(tx), FEATURE)
    return bool(_alerted(tx, get_card(tx, customer_id, card_id)).details.get("is_opted_out", False))


def opt_out(tx: Tx, *, customer_id: int, card_id: int) -> CardRow:
    """Tell fraud on a card by text no longer.

    Refuses: NotEnabled, as require_customer, CardNotFound, NetworkRefuses, MobileMissing.
    """
    require_feature(get_program(tx), FEATURE)
    require_customer(tx, customer_id)
    card = _alerted(tx, take_card(tx, customer_id, card_id))
    _detail(tx, card, "is_opted_out", value=True, kind="card.alerts_stopped")
    return card


def get_risk(tx: Tx, *, customer_id: int, card_id: int) -> Risk | None:
    """The risk factors of a card, None when none were set. Refuses: NotEnabled, CardNotFound, NetworkRefuses."""
    require_feature(get_program(tx), FEATURE)
    card = get_card(tx, customer_id, card_id)
    _refuse_other_networks(card)
    kept = card.details.get("risk")
    if kept is None:
        return None
    times = {name: datetime.fromisoformat(kept[name]) for name in ("starts_at", "ends_at") if kept[name]}
    return Risk(kept["base"], kept["override"], **times)


def set_risk(tx: Tx, *, customer_id: int, card_id: int, risk: Risk) -> None:
    """Say how risky a card's use is; an override needs the two times between which it holds.

    Refuses: NotEnabled, as require_customer, CardNotFound, NetworkRefuses, Invalid (factor), FactorRestricted,
    CardStatusRefuses, Invalid (starts_at, dates), FactorApplied.
    """
    require_feature(get_program(tx), FEATURE)
    require_customer(tx, customer_id)
    card = take_card(tx, customer_id, card_id)
    _refuse_other_networks(card)
    for factor in (risk.base, *([risk.override] if risk.override else [])):
        if not FACTOR.fullmatch(factor):
            raise Invalid("factor", "must be 1 to 10 letters and digits")
        if RESTRICTED.fullmatch(factor):
            raise FactorRestricted(factor)
    if card.status not in RISK_STATUSES:
        raise CardStatusRefuses(card_id, card.status)
    if risk.override:
        _check_times(tx, risk)
    kept = card.details.get("risk")
    same = {"base": risk.base, "override": risk.override}
    if (
        kept is not None
        and same.items() <= kept.items()
        and tx.now - datetime.fromisoformat(kept["at"]) < REST
    ):
        raise FactorApplied(risk.override or risk.base)
    times = {
        name: at.isoformat() if at is not None and risk.override else ""
        for name, at in (("starts_at", risk.starts_at), ("ends_at", risk.ends_at))
    }
    _detail(tx, card, "risk", value={**same, **times, "at": tx.now.isoformat()}, kind="card.risk_set")


def _check_times(tx: Tx, risk: Risk) -> None:
    if risk.starts_at is None or risk.ends_at is None or risk.starts_at > risk.ends_at:
        raise Invalid("dates", "must both be given, the end not before the start")
    if risk.starts_at < tx.now:
        raise Invalid("starts_at", "is before now")


def _alerted(tx: Tx, card: CardRow) -> CardRow:
    _refuse_other_networks(card)
    if tx.one(MOBILE, customer_id=card.holder_customer_id) is None:
        raise MobileMissing(card.holder_customer_id)
    return card


def _refuse_other_networks(card: CardRow) -> None:
    if card.network != VISA:
        raise NetworkRefuses


def _detail(tx: Tx, card: CardRow, name: str, *, value: Any, kind: str) -> None:
    tx.update(Card, card.id, details={**card.details, name: value}, updated_at=tx.now)
    tx.note(kind, "card", card.id, after={name: value})
