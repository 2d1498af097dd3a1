"""What is done to cards, in their customer's name: taken into use, changed, locked, limited, ruled, issued again."""

from typing import Any

from comptoir.console import kinds
from comptoir.console.bank_choices import TAG, account_choices, line
from comptoir.console.forms import Field, Form
from comptoir.console.places import address_of
from comptoir.console.visits import Answer, Gone, Visit
from comptoir.domain.banking.beside import owner_of_card
from comptoir.domain.banking.cards.controls import (
    ENTRY_METHODS,
    Rule,
    archive_control,
    create_control,
    get_control,
)
from comptoir.domain.banking.cards.errors import CardNotFound
from comptoir.domain.banking.cards.issuing import archive_card, order_plastic, update_card
from comptoir.domain.banking.cards.limits import (
    CLASSIFICATIONS,
    Daily,
    override_limits,
    override_limits_today,
    reset_limits,
)
from comptoir.domain.banking.cards.locking import hotlist_card, lock_card, unlock_card
from comptoir.domain.banking.cards.queries import CardRow, get_card
from comptoir.domain.banking.cards.reissuing import reissue_card
from comptoir.domain.banking.cards.renewing import OVERRIDES, override_renewal
from comptoir.domain.banking.cards.ties import add_account, prioritise_account, remove_account
from comptoir.domain.banking.cards.verifying import verify_card
from comptoir.domain.errors import Invalid

PATH = "/bank/cards"
WAY = [("Cards", address_of(PATH))]
LOCKS = {"UNK": "unknown", "FRD": "fraud", "DMG": "damaged", "TMP": "for a while"}
LOSSES = {"LST": "lost", "STL": "stolen", "FRD": "fraud"}
ANEW = {
    "DMG": "damaged", "REN": "renewal", "FRD": "fraud", "LST": "lost", "STL": "stolen", "NCN": "another name",
    "CMP": "compromised",
}  # fmt: skip
PLACES = {"domestic": "at home", "international": "abroad"}
RENEWALS = dict(zip(OVERRIDES, ("renew it", "do not renew it"), strict=True))
METHODS = dict(
    zip(ENTRY_METHODS, ("card present", "digital, present", "card not present", "in an app"), strict=True)
)


def accounts_of(visit: Visit) -> list[tuple[str, str]]:
    """The accounts that the card may draw on."""
    return account_choices(visit, owner_of_card(visit.tx, visit.id))


ACCOUNT = kinds.choice(accounts_of, kinds.INTEGER)
VERIFY = Form(
    "verify",
    (
        Field("last_four", "Last four digits of the card", line(4), required=True),
        Field("birth_date", "Its holder was born on", kinds.DAY),
    ),
    "Take it into use",
)
CHANGE = Form(
    "change",
    (
        Field("nick_name", "Called", line(50)),
        Field("tag", "Tag", line()),
        Field("primary_account_id", "Draws on first", ACCOUNT, required=True),
    ),
)
LOCK = Form("lock", (Field("reason", "Why", kinds.choice(LOCKS), required=True),), "Lock the card")
HOTLIST = Form(
    "hotlist", (Field("reason", "Why", kinds.choice(LOSSES), required=True),), "Take it out of use for good"
)
REISSUE = Form("reissue", (Field("reason", "Why", kinds.choice(ANEW), required=True),), "Issue it again")
TIE = Form(
    "tie",
    (
        Field("account_id", "Account", ACCOUNT, required=True),
        Field("priority", "Place among those of its category", kinds.INTEGER),
    ),
    "Let it draw on it",
)
DAILY = (
    Field("purchase_minor", "Purchases a day", kinds.AMOUNT),
    Field("withdrawal_minor", "Cash a day", kinds.AMOUNT),
)
LIMITS = Form(
    "limits",
    (Field("classification", "Kind of card", kinds.choice(CLASSIFICATIONS), required=True), *DAILY),
    "Set its limits",
)  # fmt: skip
TODAY = Form("today", (*DAILY, Field("comment", "Why", line(), required=True)), "Raise them for today")
CONTROL = Form(
    "control",
    (
        Field("entry_methods", "Used how", kinds.many(METHODS), hint="None marked: however it is used."),
        Field("where", "Where", kinds.choice(PLACES), hint="Empty: everywhere."),
        Field("mccs", "Merchants' categories", line(), hint="Four digits each, with blanks between. Empty: all."),
        Field("merchant_groups", "Groups of merchants", line(), hint="With blanks between. Empty: all."),
        Field("states", "States", line(), hint="Two letters each, with blanks between. Empty: all."),
        Field("limit_minor", "Up to", kinds.AMOUNT, hint="0 declines; empty allows any amount."),
        Field("tag", "Tag", TAG),
    ),
    "Lay the rule on the card",
)  # fmt: skip
RENEWAL = Form(
    "renewal",
    (
        Field("override", "When it ends", kinds.choice(RENEWALS), required=True),
        Field("reason", "Why", line(), required=True),
    ),
    "Decide",
)


def card_of(visit: Visit) -> CardRow:
    """The card of the page. Refuses: CardNotFound."""
    return get_card(visit.tx, owner_of_card(visit.tx, visit.id), visit.id)


def which(visit: Visit) -> dict[str, Any]:
    """In whose name something is done, and to which card."""
    return {"customer_id": owner_of_card(visit.tx, visit.id), "card_id": visit.id}


def back(visit: Visit, said: str) -> Gone:
    """The card's page."""
    return Gone(address_of(f"{PATH}/{visit.id}"), said)


def verify(visit: Visit) -> Answer:
    """Take it into use."""
    verify_card(visit.tx, **which(visit), **VERIFY.read(visit))
    return back(visit, "The card can be used.")


def change(visit: Visit) -> Answer:
    """Change what differs."""
    changes: Any = CHANGE.changes(visit, card_of(visit)._asdict())
    if changes:
        update_card(visit.tx, **which(visit), **changes)
    return back(visit, "The card was saved." if changes else "Nothing was changed.")


def lock(visit: Visit) -> Answer:
    """Lock it."""
    lock_card(visit.tx, **which(visit), **LOCK.read(visit))
    return back(visit, "The card is locked.")


def unlock(visit: Visit) -> Answer:
    """Unlock it."""
    unlock_card(visit.tx, **which(visit))
    return back(visit, "The card is unlocked.")


def hotlist(visit: Visit) -> Answer:
    """Take it out of use for good."""
    hotlist_card(visit.tx, **which(visit), **HOTLIST.read(visit))
    return back(visit, "The card is out of use.")


def reissue(visit: Visit) -> Answer:
    """Issue it again."""
    reissue_card(visit.tx, **which(visit), **REISSUE.read(visit))
    return back(visit, "The card is issued again.")


def plastic(visit: Visit) -> Answer:
    """Order the plastic of a digital card."""
    order_plastic(visit.tx, **which(visit))
    return back(visit, "The plastic is ordered.")


def archive(visit: Visit) -> Answer:
    """End it for good."""
    archive_card(visit.tx, **which(visit))
    return back(visit, "The card is archived.")


def tie(visit: Visit) -> Answer:
    """Let it draw on another account."""
    add_account(visit.tx, **which(visit), **TIE.read(visit))
    return back(visit, "The card draws on it now.")


def numbered(visit: Visit, name: str) -> int:
    """A number that a button sends along. Refuses: Invalid."""
    number = kinds.record_number(visit.asked.posted(name))
    if number is None:
        raise Invalid(name, "is none of this card")
    return number


def untie(visit: Visit) -> Answer:
    """Let it draw on an account no longer."""
    remove_account(visit.tx, **which(visit), account_id=numbered(visit, "account"))
    return back(visit, "The card draws on it no more.")


def put_first(visit: Visit) -> Answer:
    """Let it draw on an account before the others of its category."""
    prioritise_account(visit.tx, **which(visit), account_id=numbered(visit, "account"), priority=1)
    return back(visit, "The card draws on it first.")


def limits(visit: Visit) -> Answer:
    """Give it limits of its own."""
    typed = LIMITS.read(visit)
    daily = Daily(typed["purchase_minor"], typed["withdrawal_minor"])
    override_limits(visit.tx, **which(visit), classification=typed["classification"], daily=daily)
    return back(visit, "The limits were set.")


def raise_today(visit: Visit) -> Answer:
    """Raise them for today."""
    typed = TODAY.read(visit)
    daily = Daily(typed["purchase_minor"], typed["withdrawal_minor"])
    override_limits_today(visit.tx, **which(visit), comment=typed["comment"], daily=daily)
    return back(visit, "The limits are raised until the bank's day is over.")


def reset(visit: Visit) -> Answer:
    """Let it have the program's limits again."""
    reset_limits(visit.tx, **which(visit))
    return back(visit, "The program's limits hold again.")


def control(visit: Visit) -> Answer:
    """Lay a rule on it."""
    typed = CONTROL.read(visit)
    rule = Rule(
        domestic=True if typed["where"] == "domestic" else None,
        international=True if typed["where"] == "international" else None,
        entry_methods=list(typed["entry_methods"]),
        mccs=typed["mccs"].split(),
        merchant_groups=typed["merchant_groups"].split(),
        states=typed["states"].upper().split(),
        limit_minor=typed["limit_minor"],
        source="Program",
    )
    create_control(visit.tx, **which(visit), rules=[rule], tag=typed["tag"])
    return back(visit, "The rule holds.")


def drop_control(visit: Visit) -> Answer:
    """Take a rule from it. Refuses: CardNotFound, and what the verb does."""
    found = get_control(visit.tx, numbered(visit, "control"))
    if found.card_id != visit.id:
        raise CardNotFound(visit.id, 0)
    archive_control(visit.tx, customer_id=owner_of_card(visit.tx, visit.id), control=found)
    return back(visit, "The rule holds no more.")


def renewal(visit: Visit) -> Answer:
    """Decide whether it is renewed."""
    override_renewal(visit.tx, **which(visit), **RENEWAL.read(visit))
    return back(visit, "It was decided.")
