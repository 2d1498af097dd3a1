"""Fraud told by text message, risk factors, renewal against the rule; cards for wallets (reference 3.10.2)."""

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading, writing
from comptoir.dialects.corepro.card_shown import CARD, number_shown
from comptoir.dialects.corepro.cards import CODE_MAX, INCOMPLETE, INVALID, READ, WHICH, WRONG_ID, ids, reply
from comptoir.dialects.corepro.refusals import Refusal, Refusals, saying
from comptoir.dialects.corepro.replies import moment, ok
from comptoir.dialects.corepro.shapes import (
    COUNT,
    FLAG,
    ID,
    MOMENT,
    TEXT,
    a_list,
    an_object,
    given,
    needed,
    one_of,
    placed,
    text,
)
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.cards import alerts, renewing, wallets
from comptoir.domain.banking.cards.alerts import Risk
from comptoir.domain.banking.cards.errors import CardNotFound, CardStatusRefuses
from comptoir.domain.banking.customers.queries import get_customer
from comptoir.domain.banking.program.queries import get_program

# What the published pages of these routes say; they have no line in 3.10.3.
REFUSALS: Refusals = {
    alerts.MobileMissing: 192901,
    alerts.NetworkRefuses: 192903,
    alerts.FactorRestricted: 193002,
    alerts.FactorApplied: 193008,
    renewing.RenewalTooEarly: 198100,
    renewing.RenewalDone: 198101,
    renewing.RenewalTooLate: 198102,
    renewing.RenewalMissed: 198108,
}
RISK: Refusals = {CardNotFound: 159004, alerts.NetworkRefuses: 193001, CardStatusRefuses: 193006}
WALLET: Refusals = {
    CardStatusRefuses: Refusal(
        157004, "Card is in {status} status and must be in use to be brought into a wallet."
    )
}
TEXT_MAX = 20_000
CERTIFICATES_MAX = 20

ALERT = an_object({"cardId": ID, "customerId": ID, "isOptedOut": FLAG}, always=("cardId", "isOptedOut"))
RISKS = an_object(
    {
        "baseRiskFactor": TEXT, "cardId": ID, "customerId": ID, "endDate": MOMENT, "overrideRiskFactor": TEXT,
        "startDate": MOMENT,
    },
    always=("cardId",),
)  # fmt: skip
DETAIL = an_object(
    {
        "cardId": ID, "cardNumberMasked": TEXT, "customerId": ID, "expireMonth": COUNT, "expireYear": COUNT,
        "firstName": TEXT, "lastName": TEXT, "status": TEXT, "vendorTypeCode": TEXT,
    },
    always=("cardId", "cardNumberMasked"),
)  # fmt: skip
APPLE = an_object(
    {"activationData": TEXT, "encryptedPassData": TEXT, "ephemeralPublicKey": TEXT},
    always=("activationData", "encryptedPassData", "ephemeralPublicKey"),
)
GOOGLE = an_object({"opaquePaymentCard": TEXT}, always=("opaquePaymentCard",))


def _placed(asked: Asked) -> dict[str, int]:
    return {"customer_id": asked.id_place(0), "card_id": asked.id_place(1)}


def get_alert(call: Call, asked: Asked) -> Reply:
    """Whether fraud on a card is told by text."""
    which = _placed(asked)
    get_customer(call.tx, which["customer_id"])
    with saying(READ):
        return _alert(which, is_opted_out=alerts.is_opted_out(call.tx, **which))


def opt_out(call: Call, asked: Asked) -> Reply:
    """Tell fraud by text no longer."""
    which = ids(asked)
    alerts.opt_out(call.tx, **which)
    return _alert(which, is_opted_out=True)


def _alert(which: dict[str, int], *, is_opted_out: bool) -> Reply:
    return ok({"cardId": which["card_id"], "customerId": which["customer_id"], "isOptedOut": is_opted_out})


def get_risk(call: Call, asked: Asked) -> Reply:
    """How risky a card's use is held to be."""
    which = _placed(asked)
    get_customer(call.tx, which["customer_id"])
    return _risk(call, which)


def set_risk(call: Call, asked: Asked) -> Reply:
    """Say how risky a card's use is."""
    which = ids(asked)
    risk = Risk(
        asked.text("baseRiskFactor", most=CODE_MAX) or "",
        asked.text("overrideRiskFactor", most=CODE_MAX) or "",
        asked.moment("startDate"),
        asked.moment("endDate"),
    )
    asked.settle()
    with saying(RISK, {"factor": 193003, "starts_at": 193005, "dates": 193007}):
        alerts.set_risk(call.tx, **which, risk=risk)
    return _risk(call, which)


def _risk(call: Call, which: dict[str, int]) -> Reply:
    with saying(RISK):
        risk = alerts.get_risk(call.tx, **which) or Risk("")
    zone = get_program(call.tx).zone
    return ok(
        {
            "baseRiskFactor": risk.base or None,
            "cardId": which["card_id"],
            "customerId": which["customer_id"],
            "endDate": moment(risk.ends_at, zone),
            "overrideRiskFactor": risk.override or None,
            "startDate": moment(risk.starts_at, zone),
        }
    )


def override_renewal(call: Call, asked: Asked) -> Reply:
    """Decide whether a card is renewed."""
    which = ids(asked, 198104)
    words = {word.lower(): word for word in renewing.OVERRIDES}
    said = (asked.text("renewalOverride", most=CODE_MAX) or "").strip()
    reason = (asked.text("renewalOverrideReason") or "").strip()
    asked.settle()
    with saying({CardStatusRefuses: 198103}, {"override": 198106, "reason": 198107}):
        renewing.override_renewal(
            call.tx,
            customer_id=which["customer_id"],
            card_id=which["card_id"],
            override=words.get(said.lower(), said),
            reason=reason,
        )
    return reply(call, **which)


def card_detail(call: Call, asked: Asked) -> Reply:
    """What an app shows of a card: the number itself is the producer's."""
    which = ids(asked)
    with saying(WALLET):
        card = wallets.get_card_for_wallet(call.tx, **which)
    return ok(
        {
            "cardId": card.id,
            "cardNumberMasked": number_shown(call.tx, card),
            "customerId": which["customer_id"],
            "expireMonth": card.expire_month,
            "expireYear": card.expire_year,
            "firstName": card.first_name,
            "lastName": card.last_name,
            "status": card.status,
            "vendorTypeCode": card.network,
        }
    )


def apple_pay(call: Call, asked: Asked) -> Reply:
    """A card's data for Apple's wallet."""
    which = ids(asked)
    certificates = asked.texts("certificates", most=TEXT_MAX)[:CERTIFICATES_MAX]
    nonce = asked.text("nonceBase64", most=TEXT_MAX) or ""
    signature = asked.text("nonceSignatureBase64", most=TEXT_MAX) or ""
    asked.settle()
    with saying(WALLET):
        made = wallets.seal_for_apple(
            call.tx,
            customer_id=which["customer_id"],
            card_id=which["card_id"],
            certificates=certificates,
            nonce=nonce,
            signature=signature,
        )
    return ok(
        {
            "activationData": made.activation_data,
            "encryptedPassData": made.encrypted_pass_data,
            "ephemeralPublicKey": made.ephemeral_public_key,
        }
    )


def google_pay(call: Call, asked: Asked) -> Reply:
    """A card's data for Google's wallet."""
    which = ids(asked)
    wallet = asked.text("walletAccountId", most=TEXT_MAX) or ""
    device = asked.text("deviceId", most=TEXT_MAX) or ""
    asked.settle()
    with saying(WALLET):
        made = wallets.seal_for_google(
            call.tx,
            customer_id=which["customer_id"],
            card_id=which["card_id"],
            wallet_account_id=wallet,
            device_id=device,
        )
    return ok({"opaquePaymentCard": made})


_PLACED = (placed("customerId"), placed("cardId"))
_WALLET_CODES = (60001, 157004, INVALID, INCOMPLETE)
CALLS = (
    reading(
        "card/fraudTextAlert/get", get_alert, shows=ALERT, takes=_PLACED, needs=alerts.FEATURE,
        codes=(60001, 192901, 192903, WRONG_ID), text="Tell whether fraud is told by text",
    ),
    writing(
        "card/fraudTextAlert/optOut", opt_out, shows=ALERT, takes=WHICH, needs=alerts.FEATURE,
        codes=(60001, 192901, 192903, INVALID, INCOMPLETE), text="Tell fraud by text no longer",
    ),
    reading(
        "card/riskFactor/get", get_risk, shows=RISKS, takes=_PLACED, needs=alerts.FEATURE,
        codes=(60001, 159004, 193001), text="Show the risk factors of a card",
    ),
    writing(
        "card/riskFactor/set", set_risk, shows=RISKS, needs=alerts.FEATURE, text="Set the risk factors of a card",
        takes=(
            *WHICH, needed("baseRiskFactor", text(10)), given("overrideRiskFactor", text(10)),
            given("startDate", MOMENT), given("endDate", MOMENT),
        ),
        codes=(60001, 159004, 193001, 193002, 193003, 193005, 193006, 193007, 193008, INCOMPLETE),
    ),
    writing(
        "card/renewalOverride", override_renewal, shows=CARD, needs="renewal_override",
        takes=(
            *WHICH, needed("renewalOverride", one_of(renewing.OVERRIDES)), needed("renewalOverrideReason", text(20)),
        ),
        codes=(60001, INVALID, 198100, 198101, 198102, 198103, 198104, 198106, 198107, 198108),
        text="Decide whether a card is renewed",
    ),
    writing(
        "card/provision/cardDetail", card_detail, shows=DETAIL, takes=WHICH, needs=wallets.FEATURE,
        codes=_WALLET_CODES, text="Show what an app shows of a card",
    ),
    writing(
        "card/provision/applePay", apple_pay, shows=APPLE, needs=wallets.FEATURE, codes=(59956, *_WALLET_CODES),
        takes=(
            *WHICH, needed("certificates", a_list(TEXT), "X.509, as base64, the reader's first."),
            needed("nonceBase64", TEXT), needed("nonceSignatureBase64", TEXT),
        ),
        text="Bring a card into Apple's wallet",
    ),
    writing(
        "card/provision/googlePay", google_pay, shows=GOOGLE, needs=wallets.FEATURE, codes=(59956, *_WALLET_CODES),
        takes=(*WHICH, needed("walletAccountId", TEXT), needed("deviceId", TEXT)),
        text="Bring a card into Google's wallet",
    ),
)  # fmt: skip
