"""Cards that buyers hand over: checked, given to the gateway, and known from then on by a token good once.

The number and the security code are kept nowhere: what stays of a card is its brand, the ends of its number,
its expiry and the gateway's name for it.
"""

import binascii
import hashlib
import hmac
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update

from comptoir.domain.payments.errors import CardRefused, TokenRefused
from comptoir.domain.payments.models import CardToken
from comptoir.domain.payments.port import Card, Gateway
from comptoir.domain.tx import SYSTEM, Actor, OpenShop, Tx

TOKEN_LIFE = timedelta(minutes=30)
# How long a dead token is kept, so that it can be said of one that it was used.
TOKEN_KEPT = timedelta(days=1)
TOKEN_BYTES = 16
NUMBER_LENGTHS = range(12, 20)
FIRST_DIGITS, LAST_DIGITS = 6, 4
MONTHS = range(1, 13)
CENTURY = 2000
YEARS_AHEAD = 50
LUHN_BASE = 10


class Brand(NamedTuple):
    """A brand of cards: its name, its two letters on the wire, how its numbers begin, how long its code is."""

    name: str
    letters: str
    ranges: tuple[tuple[str, str], ...]
    code_length: int = 3


# The ranges that card schemes publish for their issuers, the narrower before the wider.
BRANDS = (
    Brand("amex", "AX", (("34", "34"), ("37", "37")), 4),
    Brand("diners", "DC", (("300", "305"), ("36", "36"), ("38", "39"))),
    Brand("discover", "DI", (("6011", "6011"), ("644", "649"), ("65", "65"))),
    Brand("jcb", "JC", (("3528", "3589"),)),
    Brand("mastercard", "MC", (("51", "55"), ("2221", "2720"))),
    Brand("maestro", "MA", (("50", "50"), ("56", "58"), ("6304", "6304"), ("67", "67"))),
    Brand("unionpay", "UP", (("62", "62"),)),
    Brand("visa", "VS", (("4", "4"),)),
)
UNKNOWN_BRAND = Brand("card", "CC", ())


class CardFacts(NamedTuple):
    """What may be known of a card."""

    brand: str
    letters: str
    first_six: str
    last_four: str
    expiry_month: int
    expiry_year: int

    @property
    def masked(self) -> str:
        """The number as a receipt shows it."""
        return f"XXXX-XXXX-XXXX-{self.last_four}"

    @property
    def last_two(self) -> str:
        """The last two digits."""
        return self.last_four[-2:]


class NewToken(NamedTuple):
    """A token that was just made. `token` is shown now and never again."""

    token: str
    card: CardFacts
    created_at: datetime


class TokenRow(NamedTuple):
    """What a token stands for."""

    id: int
    gateway: str
    method: str
    card_type: str
    first_six: str
    last_four: str
    expiry_month: int
    expiry_year: int
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


FIND_TOKEN = select(*(CardToken.__table__.columns[name] for name in TokenRow._fields)).where(
    CardToken.token_hash == bindparam("token_hash")
)
USE_TOKEN = (
    update(CardToken)
    .where(CardToken.id == bindparam("key"), CardToken.used_at.is_(None))
    .values(used_at=bindparam("at"))
)
FORGET_TOKENS = delete(CardToken).where(CardToken.expires_at < bindparam("before"))


def read_card(*, number: str, expiry_month: str, expiry_year: str, security_code: str) -> Card:
    """A card from what a buyer typed: blanks and hyphens in the number, a year of two digits or four.

    Refuses: CardRefused (number, expiry_month, expiry_year, security_code).
    """
    digits = number.replace(" ", "").replace("-", "")
    if not _is_digits(digits):
        raise CardRefused("number", "is no card number")
    month = _whole("expiry_month", expiry_month)
    year = _whole("expiry_year", expiry_year)
    code = security_code.strip()
    if not _is_digits(code):
        raise CardRefused("security_code", "is no security code")
    return Card(digits, month, year + CENTURY if year < 100 else year, code)


def check_card(card: Card, now: datetime) -> CardFacts:
    """What may be known of a card that can be charged.

    Refuses: CardRefused (number, expiry_month, expiry_year, security_code).
    """
    if not _is_digits(card.number) or len(card.number) not in NUMBER_LENGTHS or not passes_luhn(card.number):
        raise CardRefused("number", "is no card number")
    if card.expiry_month not in MONTHS:
        raise CardRefused("expiry_month", "must be between 1 and 12")
    if (card.expiry_year, card.expiry_month) < (now.year, now.month):
        raise CardRefused("expiry_year", "is past: the card has expired")
    if card.expiry_year > now.year + YEARS_AHEAD:
        raise CardRefused("expiry_year", "is too far ahead")
    brand = brand_of(card.number)
    lengths = {brand.code_length} if brand is not UNKNOWN_BRAND else {3, 4}
    if not _is_digits(card.security_code) or len(card.security_code) not in lengths:
        raise CardRefused("security_code", "is no security code of this card")
    return CardFacts(
        brand.name, brand.letters, card.number[:FIRST_DIGITS], card.number[-LAST_DIGITS:],
        card.expiry_month, card.expiry_year,
    )  # fmt: skip


def brand_of(number: str) -> Brand:
    """The brand that a number belongs to."""
    for brand in BRANDS:
        if any(low <= number[: len(low)] <= high for low, high in brand.ranges):
            return brand
    return UNKNOWN_BRAND


def passes_luhn(number: str) -> bool:
    """Whether the number's last digit checks the others."""
    doubled = (2 * int(digit) for digit in number[-2::-2])
    total = sum(map(int, number[-1::-2])) + sum(value // LUHN_BASE + value % LUHN_BASE for value in doubled)
    return total % LUHN_BASE == 0


def tokenise(
    shop: OpenShop, gateway: Gateway, card: Card, *, secret: bytes, actor: Actor = SYSTEM
) -> NewToken:
    """Hand a card to the gateway, outside any transaction, and give a token for it.

    Refuses: CardRefused, NoCards, GatewaySilent.
    """
    facts = check_card(card, shop.read(lambda tx: tx.now))
    method = gateway.tokenise(card)
    return shop.write(
        lambda tx: keep_token(tx, gateway=gateway.name, method=method, card=facts, secret=secret), actor
    )


def keep_token(tx: Tx, *, gateway: str, method: str, card: CardFacts, secret: bytes) -> NewToken:
    """Make a token for a card that a gateway keeps."""
    token = new_token(tx)
    token_id = tx.ids.next("card_token")
    tx.insert(
        CardToken,
        id=token_id,
        token_hash=hash_token(token, secret),
        gateway=gateway,
        method=method,
        card_type=card.letters,
        first_six=card.first_six,
        last_four=card.last_four,
        expiry_month=card.expiry_month,
        expiry_year=card.expiry_year,
        created_at=tx.now,
        expires_at=tx.now + TOKEN_LIFE,
        used_at=None,
    )
    tx.note("card_token.made", "card_token", token_id, after={"gateway": gateway, "brand": card.brand})
    return NewToken(token, card, tx.now)


def find_token(tx: Tx, token: str, *, secret: bytes) -> TokenRow | None:
    """What a token stands for, whether it is still good or not."""
    row = tx.one(FIND_TOKEN, token_hash=hash_token(token, secret))
    return None if row is None else TokenRow(*row)


def use_token(tx: Tx, token: str, *, secret: bytes) -> TokenRow:
    """What a token stands for; it is used up by this. Refuses: TokenRefused."""
    found = find_token(tx, token, secret=secret)
    if found is None or found.used_at is not None or found.expires_at <= tx.now:
        raise TokenRefused
    if not tx.run(USE_TOKEN, key=found.id, at=tx.now):
        raise TokenRefused
    tx.note("card_token.used", "card_token", found.id)
    return found._replace(used_at=tx.now)


def forget_old_tokens(tx: Tx) -> int:
    """Forget tokens that have been dead for a day, and say how many."""
    return tx.run(FORGET_TOKENS, before=tx.now - TOKEN_KEPT)


def new_token(tx: Tx) -> str:
    """A fresh token: Base64 of a random UUID in small letters (reference 9.1)."""
    return b64encode(str(UUID(hex=tx.ids.secret(TOKEN_BYTES), version=4)).encode()).decode()


def hash_token(token: str, secret: bytes) -> str:
    """The keyed hash by which a token is kept; a token that cannot be one has that of nothing."""
    try:
        plain = b64decode(token.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        plain = b""
    return hmac.new(secret, b"card token:" + plain, hashlib.sha256).hexdigest()


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _whole(field: str, text: str) -> int:
    if not _is_digits(text.strip()) or len(text.strip()) > 4:
        raise CardRefused(field, "is no number")
    return int(text)
