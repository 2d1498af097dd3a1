"""Fraud on a card: whether its holder is told by text message, and how risky its use is held to be."""

from comptoir.console import kinds
from comptoir.console.bank_card_acts import PATH, back, which
from comptoir.console.bank_choices import line
from comptoir.console.bank_parts import Button, Fact, Section, fact, forms, moment
from comptoir.console.forms import Field, Form
from comptoir.console.visits import Answer, Visit
from comptoir.domain.banking.cards.alerts import (
    FACTOR,
    FEATURE,
    RISK_STATUSES,
    FactorApplied,
    FactorRestricted,
    MobileMissing,
    Risk,
    get_risk,
    is_opted_out,
    opt_out,
    set_risk,
)
from comptoir.domain.banking.cards.models import ENDED_STATUSES, VISA
from comptoir.domain.banking.cards.queries import CardRow
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.permissions import BANK

FACTOR_LETTERS = 10
RISK = Form(
    "risk",
    (
        Field(
            "base", "Risk factor", line(FACTOR_LETTERS), required=True, hint="Up to ten letters and digits."
        ),
        Field("override", "Another for a while", line(FACTOR_LETTERS)),
        Field("starts_at", "from", kinds.MOMENT),
        Field("ends_at", "until", kinds.MOMENT),
    ),
    "Set the factors",
)
TOLD, STOPPED, NO_PHONE = (
    "yes", "no: it was stopped", "no: the holder has no mobile telephone",
)  # fmt: skip


def is_alerting(visit: Visit, card: CardRow) -> bool:
    """Whether fraud on the card is told at all: of Visa cards, where the program has it."""
    return card.network == VISA and FEATURE in get_program(visit.tx).features


def told_by_text(visit: Visit) -> str:
    """Whether fraud is told by text message, and why not."""
    try:
        return STOPPED if is_opted_out(visit.tx, **which(visit)) else TOLD
    except MobileMissing:
        return NO_PHONE


def alerts_section(visit: Visit, card: CardRow) -> Section:
    """How fraud on it is watched for."""
    told, risk, path = told_by_text(visit), get_risk(visit.tx, **which(visit)), f"{PATH}/{card.id}"
    may = visit.may(BANK) and card.status not in ENDED_STATUSES
    asked = ("Set risk factors", RISK, f"{path}/risk", None if risk is None else risk._asdict())
    is_told = may and told == TOLD
    confirm = "Stop the text messages? They cannot be switched on again here."
    return Section(
        "Fraud",
        facts=[fact("Told by text message", told), *risk_facts(visit, risk)],
        forms=forms(visit, asked) if may and card.status in RISK_STATUSES else (),
        buttons=[Button(f"{path}/alerts", "Tell it by text no longer", confirm=confirm)] if is_told else (),
    )  # fmt: skip


def risk_facts(visit: Visit, risk: Risk | None) -> list[Fact]:
    """How risky its use is held to be."""
    if risk is None:
        return [fact("Risk factor", "none was set")]
    return [
        fact("Risk factor", risk.base),
        fact("Another for a while", risk.override),
        moment(visit.shop, "from", risk.starts_at),
        moment(visit.shop, "until", risk.ends_at),
    ]


def stop_alerts(visit: Visit) -> Answer:
    """Tell fraud by text no longer."""
    opt_out(visit.tx, **which(visit))
    return back(visit, "Fraud on this card is told by text no longer.")


def set_factors(visit: Visit) -> Answer:
    """Say how risky its use is. Refuses: Invalid (beside the field), and what the verb does."""
    typed = RISK.read(visit)
    if not typed["override"] and (typed["starts_at"] or typed["ends_at"]):
        raise Invalid("override", "must be filled in, as there is a time for it")
    try:
        set_risk(visit.tx, **which(visit), risk=Risk(**typed))
    except Invalid as error:
        field = {"factor": "override" if FACTOR.fullmatch(typed["base"]) else "base", "dates": "ends_at"}
        raise Invalid(field.get(error.field, error.field), error.problem) from error
    except (FactorRestricted, FactorApplied) as error:
        raise Invalid("override" if typed["override"] else "base", plain(error)) from error
    return back(visit, "The risk factors were set.")


def plain(error: FactorRestricted | FactorApplied) -> str:
    """Why a factor is refused."""
    if isinstance(error, FactorRestricted):
        return "begins with VIP, which is the network's own"
    return "was set less than a day ago"
