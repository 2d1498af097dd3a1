"""Debit cards: ordering, taking into use, locking, issuing again (reference 3.10)."""

from collections.abc import Callable
from typing import Any

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading, writing
from comptoir.dialects.corepro.card_shown import CARD, shown
from comptoir.dialects.corepro.refusals import Fields, Refusal, Refusals, saying
from comptoir.dialects.corepro.replies import ok
from comptoir.dialects.corepro.shapes import (
    ASKED_DAY,
    COUNT,
    FLAG,
    ID,
    TAG,
    TEXT,
    Taken,
    a_list,
    given,
    needed,
    one_of,
    placed,
    queried,
    text,
)
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.cards import errors
from comptoir.domain.banking.cards.issuing import (
    CardOrder,
    archive_card,
    create_digital_card,
    initiate_card,
    order_plastic,
    update_card,
)
from comptoir.domain.banking.cards.models import NETWORKS, REISSUE_REASONS, TYPE_CODES
from comptoir.domain.banking.cards.pins import reset_pin
from comptoir.domain.banking.cards.queries import find_card_by_tag, get_card, list_cards
from comptoir.domain.banking.cards.reissuing import reissue_card
from comptoir.domain.banking.cards.verifying import Printed, verify_by_code, verify_card
from comptoir.domain.banking.customers.queries import get_customer

NAME_MAX, LAST_NAME_MAX, NICK_NAME_MAX, CODE_MAX = 64, 128, 50, 20
PIN_MAX = 4000
INVALID, INCOMPLETE = 154101, 154102
NO_CARD = "Invalid CardID '{card_id}' or CustomerId '{customer_id}' is not associated with the card."

# What is said of cards wherever a call has no number of its own for it (3.10.3).
REFUSALS: Refusals = {
    errors.CardNotFound: Refusal(INVALID, NO_CARD),
    errors.CardAccessMissing: 63502,
    errors.AccessTooSmall: 150211,
    errors.CardStatusRefuses: 150502,
    errors.CardNotSent: 153008,
    errors.CardLocked: 150502,
    errors.LockedBySystem: 150504,
    errors.LockedByAdministrator: 150502,
    errors.LockedForGood: 150503,
    errors.CardTagTaken: 150204,
    errors.NickNameTaken: 150230,
    errors.HotlistNeeded: 150404,
    errors.ValuesDiffer: 150303,
    errors.HolderNotFound: 150205,
    errors.HolderStatusRefuses: 150206,
    errors.HolderAccessRefuses: 150207,
    errors.CardAccountNotFound: 150208,
    errors.CardAccountStatusRefuses: 150209,
    errors.CategoryRefuses: 150210,
    errors.PhoneMissing: 150231,
    errors.AddressMissing: 150232,
    errors.ResidenceMissing: 150233,
    errors.NoBin: 50902,
    errors.NoNumberLeft: 59103,
    errors.PinUnreadable: 60089,
    errors.PinOutOfRange: 150901,
    errors.NetworkUnknown: 150903,
    errors.NoPinKey: 50904,
    errors.CategoryFull: 150604,
    errors.AlreadyTied: 150606,
    errors.AccountNotTied: 150701,
    errors.PriorityOutOfRange: 150607,
    errors.PrimaryStays: 150702,
    errors.NotPrimaryOwner: 150704,
    errors.IssuanceRefuses: 153005,
}  # fmt: skip
ORDER_FIELDS: Fields = {
    "type_code": 150201, "network": Refusal(150202, "vendorTypeCode {problem}."),
    "name": Refusal(150203, "NameOnCard is a required field."),
    "names": Refusal(150213, "Both FirstName and LastName are required."),
    "primary_account_id": Refusal(150212, "A Primary Account must be specified."),
    "first_name": 150240, "middle_name": 150241, "last_name": 150242,
}  # fmt: skip
VERIFY: Refusals = {
    errors.CardNotFound: 150301, errors.CardAccessMissing: 150301, errors.CardNotSent: 153008,
    errors.CardStatusRefuses: 150302, errors.LockedBySystem: 150502, errors.LockedForGood: 150502,
    errors.CardLocked: 150502,
}  # fmt: skip
UPDATE: Refusals = {
    errors.CardNotFound: 150701, errors.CardStatusRefuses: 150702, errors.CardTagTaken: 150703,
    errors.NotPrimaryOwner: 150704, errors.CardAccessMissing: 150705,
}  # fmt: skip
# The number of the family for an id that is wrong, where something is only read (2.2).
WRONG_ID = 150701
READ: Refusals = {errors.CardNotFound: Refusal(WRONG_ID, NO_CARD)}
ARCHIVE: Refusals = {errors.CardNotFound: 150701, errors.CardStatusRefuses: 150702}
# The numbers of 153004 and 153006 are kept for what is not published (9, #24).
REISSUE: Refusals = {
    errors.CardNotFound: 153001, errors.CardAccessMissing: 153001, errors.CardStatusRefuses: 153002,
    errors.LockedBySystem: 150504, errors.IssuanceRefuses: 153007,
}  # fmt: skip
PIN: Refusals = {
    errors.CardAccessMissing: 150403, errors.CardStatusRefuses: 150502, errors.LockedBySystem: 150502,
    errors.LockedForGood: 150502,
}  # fmt: skip


def ids(asked: Asked, code: int = INCOMPLETE) -> dict[str, int]:
    """Whose card is meant, and which; both must be said."""
    asked.demand("customerId", "cardId", code=code)
    asked.settle()
    return {"customer_id": asked.id("customerId"), "card_id": asked.id("cardId")}


def reply(call: Call, customer_id: int, card_id: int) -> Reply:
    """The card as it is now."""
    return ok(shown(call.tx, [get_card(call.tx, customer_id, card_id)])[0])


def initiate(call: Call, asked: Asked) -> Reply:
    """Order a card."""
    return _made(call, asked, initiate_card)


def create_digital(call: Call, asked: Asked) -> Reply:
    """Make a card without plastic."""
    return _made(call, asked, create_digital_card)


def _made(call: Call, asked: Asked, make: Callable[..., int]) -> Reply:
    customer_id = asked.id("customerId")
    with saying({}, ORDER_FIELDS):
        card_id = make(call.tx, customer_id=customer_id, **_order(asked))
    return reply(call, customer_id, card_id)


def _order(asked: Asked) -> CardOrder:
    network = asked.text("vendorTypeCode", most=CODE_MAX)
    return CardOrder(
        first_name=asked.text("firstName", most=NAME_MAX) or "",
        middle_name=asked.text("middleName", most=NAME_MAX) or "",
        last_name=asked.text("lastName", most=LAST_NAME_MAX) or "",
        nick_name=asked.text("nickName", most=NICK_NAME_MAX) or "",
        tag=asked.tag(),
        type_code=(asked.text("typeCode", most=CODE_MAX) or "").strip().upper(),
        network=(network or "").strip().upper() or None,
        bin_id=asked.find_id("binId"),
        holder_customer_id=asked.find_id("cardHolderCustomerId"),
        primary_account_id=asked.find_id("primaryAccountId"),
        new_pin=asked.text("newPin", most=PIN_MAX) or None,
        is_dual_issuance=asked.flag("isCreateDualIssuanceSinglePAN") or False,
        is_physical_ordered=asked.flag("isPhysicalCardOrdered") is not False,
    )


def verify(call: Call, asked: Asked) -> Reply:
    """Take a card into use by the end of its number and its holder's day of birth."""
    with saying(VERIFY):
        which = ids(asked, 150301)
        birth_date = asked.day("birthDate")
        last_four = asked.text("cardNumberMasked", most=CODE_MAX) or ""
        asked.settle()
        verify_card(call.tx, **which, last_four=last_four, birth_date=birth_date)
    return reply(call, **which)


def verify_by_cvv(call: Call, asked: Asked) -> Reply:
    """Take a card into use by what is printed on it."""
    with saying(VERIFY):
        which = ids(asked, 150301)
        printed = Printed(
            (asked.text("cvv", most=CODE_MAX) or "").strip(),
            asked.whole("expireYear"),
            asked.whole("expireMonth"),
        )
        asked.settle()
        verify_by_code(call.tx, **which, printed=printed)
    return reply(call, **which)


def update(call: Call, asked: Asked) -> Reply:
    """Change what is named of a card."""
    which = ids(asked, 150701)
    values: dict[str, Any] = {
        "nick_name": asked.text("nickName", most=NICK_NAME_MAX),
        "tag": asked.tag(),
        "primary_account_id": asked.find_id("primaryAccountId"),
    }
    changes: Any = {name: value for name, value in values.items() if value is not None}
    asked.settle()
    with saying(UPDATE):
        update_card(call.tx, customer_id=which["customer_id"], card_id=which["card_id"], **changes)
    return reply(call, **which)


def archive(call: Call, asked: Asked) -> Reply:
    """End a card for good."""
    which = ids(asked, 150701)
    with saying(ARCHIVE):
        archive_card(call.tx, **which)
    return reply(call, **which)


def reissue(call: Call, asked: Asked) -> Reply:
    """Issue a card again."""
    which = ids(asked, 153001)
    reason = (asked.text("reissueReasonTypeCode", most=CODE_MAX) or "").strip().upper()
    with saying(
        REISSUE, {"reason_needed": Refusal(153003, "reissueReasonTypeCode is required."), "reason": 153003}
    ):
        reissue_card(call.tx, **which, reason=reason)
    return reply(call, **which)


def change_pin(call: Call, asked: Asked) -> Reply:
    """Give a card another PIN, which is passed on and forgotten."""
    which = ids(asked)
    sealed = asked.text("newPin", most=PIN_MAX) or ""
    with saying(PIN):
        reset_pin(call.tx, **which, new_pin=sealed)
    return reply(call, **which)


def order_physical(call: Call, asked: Asked) -> Reply:
    """Order the plastic of a digital card."""
    which = ids(asked)
    order_plastic(call.tx, **which)
    return reply(call, **which)


def get(call: Call, asked: Asked) -> Reply:
    """One card."""
    customer_id = asked.id_place(0)
    get_customer(call.tx, customer_id)
    with saying(READ):
        return reply(call, customer_id, asked.id_place(1))


def get_by_tag(call: Call, asked: Asked) -> Reply:
    """The card of a tag; nothing where there is none."""
    customer_id = asked.id_place(0)
    get_customer(call.tx, customer_id)
    for tag in asked.spellings("tag", place=1):
        card = find_card_by_tag(call.tx, customer_id, tag)
        if card is not None:
            return ok(shown(call.tx, [card])[0])
    return ok(None)


def show_list(call: Call, asked: Asked) -> Reply:
    """The cards of a customer, or one of them."""
    customer_id = asked.id_place(0)
    get_customer(call.tx, customer_id)
    card_id = asked.find_id_place(1)
    cards = [card for card in list_cards(call.tx, customer_id) if card_id in {None, card.id}]
    return ok(shown(call.tx, cards))


WHICH = (needed("customerId", ID), needed("cardId", ID))
NAMED = (
    needed("firstName", text(NAME_MAX)), given("middleName", text(NAME_MAX)),
    needed("lastName", text(LAST_NAME_MAX)), given("nickName", text(NICK_NAME_MAX)), given("tag", TAG),
    given("typeCode", one_of(TYPE_CODES)), needed("vendorTypeCode", one_of(NETWORKS)), given("binId", ID),
    given("cardHolderCustomerId", ID), needed("primaryAccountId", ID),
    given("newPin", TEXT, "Of Shazam programs: the PIN, encrypted with the program's key, as base64."),
)  # fmt: skip
PLACED: tuple[Taken, ...] = (placed("customerId"),)
CUSTOMER = (60001, 60002, 60003, 60004, 60005)
ORDERED = (
    *CUSTOMER, 50902, 59103, 63502, 150201, 150202, 150203, 150204, 150205, 150206, 150207, 150208, 150209, 150210,
    150211, 150212, 150213, 150230, 150231, 150232, 150240, 150241, 150242,
)  # fmt: skip
# Without any address there is none of residence either.
DIGITAL = (*(code for code in ORDERED if code != 150232), 150233)
PINS = (50904, 60089, 150901)
CALLS = (
    writing(
        "card/initiate", initiate, shows=CARD, codes=(*ORDERED, *PINS), text="Order a card",
        takes=(
            needed("customerId", ID), *NAMED, given("isCreateDualIssuanceSinglePAN", FLAG),
            given("isPhysicalCardOrdered", FLAG, "False: a card of both kinds begins without plastic."),
        ),
    ),
    writing(
        "card/createDigital", create_digital, shows=CARD, codes=DIGITAL, needs="digital_cards",
        takes=(needed("customerId", ID), *NAMED), text="Make a card without plastic",
    ),
    writing(
        "card/verify", verify, shows=CARD, text="Take a card into use",
        takes=(
            *WHICH, needed("cardNumberMasked", TEXT, "The last four digits."),
            given("birthDate", ASKED_DAY, "When its holder was born."),
        ),
        codes=(60001, 150301, 150302, 150303, 150502, 153008),
    ),
    writing(
        "card/verifyByCvv", verify_by_cvv, shows=CARD, text="Take a card into use by what is printed on it",
        takes=(*WHICH, needed("cvv", TEXT), needed("expireMonth", COUNT), needed("expireYear", COUNT)),
        codes=(60001, 150301, 150302, 150303, 150502, 153008),
    ),
    writing(
        "card/update", update, shows=CARD, text="Change what is named of a card",
        takes=(*WHICH, given("nickName", text(NICK_NAME_MAX)), given("tag", TAG), given("primaryAccountId", ID)),
        codes=(60001, 150208, 150230, 150604, 150701, 150702, 150703, 150704, 150705),
    ),
    writing(
        "card/archive", archive, aliases=("card/deactivate",), shows=CARD, takes=WHICH,
        codes=(60001, 150701, 150702, 150704), text="End a card for good",
    ),
    writing(
        "card/reissue", reissue, shows=CARD, text="Issue a card again",
        takes=(*WHICH, needed("reissueReasonTypeCode", one_of(REISSUE_REASONS))),
        codes=(60001, 150504, 153001, 153002, 153003, 153007),
    ),
    writing(
        "card/resetPin", change_pin, shows=CARD, text="Give a card another PIN",
        takes=(*WHICH, needed("newPin", TEXT, "The PIN, encrypted with the program's key, as base64.")),
        codes=(*PINS, 60001, 150403, 150502, 150903, INVALID, INCOMPLETE),
    ),
    writing(
        "card/orderPhysical", order_physical, shows=CARD, takes=WHICH, needs="digital_cards",
        codes=(60001, 150502, 150503, 150504, 150704, 153005, INVALID, INCOMPLETE),
        text="Order the plastic of a digital card",
    ),
    reading(
        "card/get", get, shows=CARD, takes=(*PLACED, placed("cardId")), codes=(60001, WRONG_ID), text="Show one card",
    ),
    reading(
        "card/getByTag", get_by_tag, shows=CARD,
        takes=(*PLACED, placed("tag", TAG, is_required=False), queried("tag", TAG)), codes=(60001,),
        text="Show the card of a tag",
    ),
    reading(
        "card/list", show_list, shows=a_list(CARD), takes=(*PLACED, placed("cardId", is_required=False)),
        codes=(60001,), text="List the cards of a customer",
    ),
)  # fmt: skip
