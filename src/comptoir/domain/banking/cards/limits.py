"""What a card may spend and draw in one of the bank's days (reference 3.10.2, card/limit)."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select

from comptoir.domain.banking.cards.errors import LimitReached
from comptoir.domain.banking.cards.kinds import Kind
from comptoir.domain.banking.cards.models import Card
from comptoir.domain.banking.cards.queries import CardRow, get_card, take_card
from comptoir.domain.banking.customers.queries import CustomerRow, get_customer
from comptoir.domain.banking.movements.models import VOIDED, BankTransfer
from comptoir.domain.banking.program.models import OF_PROGRAM
from comptoir.domain.banking.program.queries import (
    PROGRAM_ID,
    ProgramFacts,
    Range,
    get_program,
    limits_of,
    require_feature,
)
from comptoir.domain.errors import Conflict, Invalid
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

FEATURE = "card_limits"
HIGH_RISK, LOW_RISK, BUSINESS = CLASSIFICATIONS = ("highrisk", "lowrisk", "businesscard")

_USED = (
    select(func.coalesce(func.sum(BankTransfer.amount_minor), 0))
    .where(
        BankTransfer.card_id == bindparam("card_id"),
        BankTransfer.created_at >= bindparam("since"),
        BankTransfer.status != VOIDED,
        among(BankTransfer.type_code, "codes"),
    )
)  # fmt: skip


class LimitRefused(Conflict):
    """A limit cannot be set so; `problem` says why."""

    problem = "the limits are refused"

    def __init__(self) -> None:
        super().__init__(self.problem)


class AboveDefault(LimitRefused):
    """A card of high risk is held below what cards may do."""

    problem = "for highrisk, limits must be lower than the program's default"


class OutsideRaise(LimitRefused):
    """A limit is raised from the default, up to the ceiling."""

    problem = "limits must be lower than the bank's ceiling and higher than the program's default"


class ClassificationMismatch(LimitRefused):
    """Business cards are classified as such, and no others."""

    problem = "the classification is not for this card"


class NoBusinessCard(LimitRefused):
    """This is not for business cards."""

    problem = "the card is not eligible: it is a business card"


class NoLimitsPlanned(LimitRefused):
    """The program does not say what cards may do."""

    problem = "configuration error: the program has no limits for cards"


class Daily(NamedTuple):
    """What may be spent and drawn in a day; None where nobody minds."""

    purchase_minor: int | None = None
    withdrawal_minor: int | None = None


class CardLimits(NamedTuple):
    """Where a card's limits come from, and which are in force."""

    ceiling: Daily
    default: Daily
    override: Daily | None
    temporary: Daily | None

    @property
    def effective(self) -> Daily:
        """What holds today: what is decided for the card, and for the day before all."""
        layers = [layer for layer in (self.temporary, self.override, self.default) if layer is not None]
        return Daily(
            next((layer.purchase_minor for layer in layers if layer.purchase_minor is not None), None),
            next((layer.withdrawal_minor for layer in layers if layer.withdrawal_minor is not None), None),
        )


def get_limits(tx: Tx, *, customer_id: int, card_id: int) -> CardLimits:
    """The limits of a card. Refuses: NotEnabled, CustomerNotFound, CardNotFound."""
    require_feature(get_program(tx), FEATURE)
    get_customer(tx, customer_id)
    return limits_of_card(tx, get_card(tx, customer_id, card_id))


def override_limits(
    tx: Tx, *, customer_id: int, card_id: int, classification: str, daily: Daily
) -> CardLimits:
    """Give a card limits of its own until they are reset.

    Refuses: NotEnabled, CustomerNotFound, CardNotFound, Invalid (limits, limit), Invalid (classification),
    ClassificationMismatch, NoLimitsPlanned, AboveDefault, OutsideRaise.
    """
    customer, card = _taken(tx, customer_id, card_id)
    _check(daily)
    if classification not in CLASSIFICATIONS:
        raise Invalid("classification", f"must be one of {', '.join(CLASSIFICATIONS)}")
    if (classification == BUSINESS) != customer.is_business:
        raise ClassificationMismatch
    limits = limits_of_card(tx, card)
    _refuse_unplanned(limits)
    if classification == HIGH_RISK:
        if any(value >= default for value, default in _pairs(daily, limits.default)):
            raise AboveDefault
    else:
        _refuse_outside(daily, limits)
    decided = {"classification": classification, **daily._asdict()}
    return _decide(tx, card, {**card.limits, "override": decided}, "card.limits_overridden", decided)


def override_limits_today(
    tx: Tx, *, customer_id: int, card_id: int, comment: str, daily: Daily
) -> CardLimits:
    """Raise a card's limits until the bank's day is over.

    Refuses: NotEnabled, CustomerNotFound, CardNotFound, Invalid (limits, limit), Invalid (comment), NoBusinessCard,
    NoLimitsPlanned, OutsideRaise.
    """
    customer, card = _taken(tx, customer_id, card_id)
    _check(daily)
    if not comment.strip():
        raise Invalid("comment", "is a required field")
    if customer.is_business:
        raise NoBusinessCard
    limits = limits_of_card(tx, card)
    _refuse_unplanned(limits)
    _refuse_outside(daily, limits)
    ends_at = day_of(tx, get_program(tx)) + timedelta(days=1)
    decided = {**daily._asdict(), "comment": comment, "ends_at": ends_at.isoformat()}
    return _decide(tx, card, {**card.limits, "temporary": decided}, "card.limits_raised", decided)


def reset_limits(tx: Tx, *, customer_id: int, card_id: int) -> CardLimits:
    """Let a card have the program's limits again; what holds for today only stays until its end.

    Refuses: NotEnabled, CustomerNotFound, CardNotFound, NoBusinessCard.
    """
    customer, card = _taken(tx, customer_id, card_id)
    if customer.is_business:
        raise NoBusinessCard
    kept = {name: value for name, value in card.limits.items() if name != "override"}
    return _decide(tx, card, kept, "card.limits_reset", {})


def limits_of_card(tx: Tx, card: CardRow) -> CardLimits:
    """The limits of a card that is at hand."""
    planned = limits_of(tx, OF_PROGRAM, PROGRAM_ID)

    def daily(name: str) -> Daily:
        return Daily(
            planned.get(f"card_{name}_purchase", Range()).maximum_minor,
            planned.get(f"card_{name}_withdrawal", Range()).maximum_minor,
        )

    temporary = card.limits.get("temporary")
    if temporary is not None and datetime.fromisoformat(temporary["ends_at"]) <= tx.now:
        temporary = None
    return CardLimits(daily("ceiling"), daily("daily"), _kept(card.limits.get("override")), _kept(temporary))


def refuse_beyond(tx: Tx, program: ProgramFacts, card: CardRow, kind: Kind, amount_minor: int) -> None:
    """Refuses: LimitReached, when an amount is more than what is left of the day's limit; the card is locked."""
    effective = limits_of_card(tx, card).effective
    most = effective.withdrawal_minor if kind is Kind.CASH else effective.purchase_minor
    if most is None:
        return
    kinds = [Kind.CASH] if kind is Kind.CASH else [Kind.PURCHASE, Kind.TRANSFER]
    since = day_of(tx, program)

    def used(codes: list[str]) -> int:
        return int(tx.value(_USED, card_id=card.id, since=since, codes=codes))

    spent = used([code for each in kinds for code in (each.value.authorised, each.value.posted)])
    given_back = used([each.value.reversed for each in kinds])
    if max(spent - given_back, 0) + amount_minor > most:
        raise LimitReached(card.id, "the daily limit is exceeded")


def day_of(tx: Tx, program: ProgramFacts) -> datetime:
    """When the bank's present day began."""
    return tx.now.astimezone(program.zone).replace(hour=0, minute=0, second=0, microsecond=0)


def _taken(tx: Tx, customer_id: int, card_id: int) -> tuple[CustomerRow, CardRow]:
    require_feature(get_program(tx), FEATURE)
    customer = get_customer(tx, customer_id)
    return customer, take_card(tx, customer_id, card_id)


def _check(daily: Daily) -> None:
    given = [value for value in daily if value is not None]
    if not given:
        raise Invalid("limits", "must be given: at least one of purchase and withdrawal")
    if min(given) < 0:
        raise Invalid("limit", "cannot be less than 0")


def _refuse_unplanned(limits: CardLimits) -> None:
    if None in {*limits.default, *limits.ceiling}:
        raise NoLimitsPlanned


def _refuse_outside(daily: Daily, limits: CardLimits) -> None:
    is_low = any(value <= default for value, default in _pairs(daily, limits.default))
    if is_low or any(value > ceiling for value, ceiling in _pairs(daily, limits.ceiling)):
        raise OutsideRaise


def _pairs(daily: Daily, others: Daily) -> list[tuple[int, int]]:
    return [
        (value, other)
        for value, other in zip(daily, others, strict=True)
        if value is not None and other is not None
    ]


def _kept(layer: dict[str, Any] | None) -> Daily | None:
    return None if layer is None else Daily(layer["purchase_minor"], layer["withdrawal_minor"])


def _decide(tx: Tx, card: CardRow, limits: dict[str, Any], kind: str, decided: dict[str, Any]) -> CardLimits:
    tx.update(Card, card.id, limits=limits, updated_at=tx.now)
    tx.note(kind, "card", card.id, after=decided)
    return limits_of_card(tx, card._replace(limits=limits))
