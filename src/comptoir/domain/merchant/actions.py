"""Verbs on the merchant's profile and terms."""

from dataclasses import asdict
from typing import Any, NamedTuple, TypedDict, Unpack

from comptoir.domain.identity.texts import refuse
from comptoir.domain.merchant.checks import profile_problems
from comptoir.domain.merchant.models import Merchant
from comptoir.domain.merchant.queries import GET_MERCHANT, MERCHANT_ID, MerchantFacts, get_merchant
from comptoir.domain.tx import Tx

SECRETS = frozenset({"secret_word", "private_key"})
SECRET_WORD_LETTERS = 16
VENDOR_ID_LEAST, VENDOR_ID_COUNT = 100_000_000, 900_000_000


class MerchantChanges(TypedDict, total=False):
    """What may be changed of the merchant; models.py says what each means."""

    vendor_id: int
    level_id: int
    name: str
    url: str
    affiliate_url: str
    site_category: str
    site_description: str
    site_title: str
    soft_descriptor: str
    secret_word: str
    publishable_key: str
    private_key: str
    demo: str
    return_method: int
    return_url: str
    pending_return_url: str
    gateway: str
    fraud_review_minutes: int
    refund_days: int
    service_email: str
    service_phone: str
    service_phone_ext: str
    office_email: str
    office_phone: str
    office_phone_ext: str
    mailing_id: int
    mailing_address1: str
    mailing_address2: str
    mailing_city: str
    mailing_state: str
    mailing_postcode: str
    mailing_country: str
    physical_id: int
    physical_address1: str
    physical_address2: str
    physical_city: str
    physical_state: str
    physical_postcode: str
    physical_country: str
    fee_ppm: int
    fee_fixed_minor: int
    chargeback_fee_minor: int
    reserve_ppm: int
    reserve_days: int
    payout_method: str
    payout_weekday: int
    payout_fee_minor: int
    release_level_minor: int


class MerchantKeys(NamedTuple):
    """The keys of the payment API: the first is public, the second is shown once."""

    publishable_key: str
    private_key: str


def update_merchant(tx: Tx, **changes: Unpack[MerchantChanges]) -> None:
    """Change what is named of the merchant. Refuses: Invalid (each field that cannot be taken)."""
    values: dict[str, Any] = dict(changes)
    refuse(profile_problems(values))
    old = asdict(get_merchant(tx))
    is_new = tx.one(GET_MERCHANT) is None
    changed = {name: value for name, value in values.items() if value != old[name]}
    if is_new:
        tx.insert(Merchant, id=MERCHANT_ID, **old | values)
    else:
        tx.update(Merchant, MERCHANT_ID, **changed)
    if changed or is_new:
        before = {name: old[name] for name in changed}
        tx.note("merchant.changed", "merchant", MERCHANT_ID, before=_told(before), after=_told(changed))


def found_merchant(tx: Tx) -> MerchantFacts:
    """Give a new shop its merchant: a number, a secret word and keys of its own. Kept if it is there."""
    if tx.one(GET_MERCHANT) is None:
        keys = _new_keys(tx)
        update_merchant(
            tx,
            vendor_id=VENDOR_ID_LEAST + int(tx.ids.secret(8), 16) % VENDOR_ID_COUNT,
            secret_word=tx.ids.text(SECRET_WORD_LETTERS),
            publishable_key=keys.publishable_key,
            private_key=keys.private_key,
        )
    return get_merchant(tx)


def rotate_keys(tx: Tx) -> MerchantKeys:
    """Give the merchant new keys for the payment API; the old ones are good for nothing from now on."""
    keys = _new_keys(tx)
    update_merchant(tx, publishable_key=keys.publishable_key, private_key=keys.private_key)
    return keys


def _new_keys(tx: Tx) -> MerchantKeys:
    return MerchantKeys(_key(tx), _key(tx))


def _key(tx: Tx) -> str:
    digits = tx.ids.secret(16).upper()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _told(values: dict[str, Any]) -> dict[str, Any]:
    """What may be written down: of a secret, only that it changed."""
    return {name: "(secret)" if name in SECRETS else value for name, value in values.items()}
