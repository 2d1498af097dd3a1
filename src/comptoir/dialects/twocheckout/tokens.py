"""The card token service, as a buyer's browser asks it: with the published key alone, in JSON (reference 9.1)."""

import binascii
import hashlib
import hmac
import re
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import unquote

import msgspec

from comptoir.dialects.edge import ServedShop
from comptoir.domain.errors import ComptoirError
from comptoir.domain.identity.answers import Answer
from comptoir.domain.merchant.queries import MerchantFacts, get_merchant
from comptoir.domain.payments.cards import NewToken, read_card, tokenise
from comptoir.domain.payments.errors import CardRefused, GatewaySilent
from comptoir.domain.payments.token_keys import TokenKey
from comptoir.domain.tx import Actor

JSON = "application/json; charset=utf-8"
SCRIPT = "application/javascript; charset=utf-8"
BUYER = Actor(name="buyer", dialect="twocheckout")
CALLBACK = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*){0,7}", re.ASCII)
CALLBACK_LETTERS_MAX = 128
PAYLOAD_BYTES_MAX = 8192
PRE_TOKEN_LIFE = timedelta(minutes=30)
MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TokenRefusal(ComptoirError):
    """What the service says when there will be no token: its code, the status it names, and its words."""

    def __init__(self, code: str, status: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.message = message


UNAUTHORIZED = TokenRefusal("300", "401", "Unauthorized")
UNREADABLE = TokenRefusal("400", "400", "Bad request - parameter error")
UNANSWERED = TokenRefusal("200", "503", "Unable to process the request, please try again")
NO_TOKEN = ("900", "400")


class Asked(NamedTuple):
    """What a browser sent: the seller in the path, the payload and the callback."""

    seller: str
    payload: str
    callback: str


@dataclass(frozen=True, slots=True)
class Home:
    """The shop that a seller's number means, with its merchant and time."""

    shop: ServedShop
    merchant: MerchantFacts
    now: datetime


# ------------------------------------------------------------------------------------------------ calls


def public_key(key: TokenKey) -> Answer:
    """The key that cards are sealed with, as a line of script."""
    modulus, exponent = (b64encode(number).decode() for number in key.public)
    return Answer(200, SCRIPT, f"publicKey={{'m':'{modulus}','e':'{exponent}'}};".encode())


def pre_token(homes: Sequence[ServedShop], asked: Asked) -> Answer:
    """The first of two calls: whoever knows the published key gets a word that is good for half an hour."""
    return _answered(asked, lambda: _pre_token(homes, asked))


def token(homes: Sequence[ServedShop], asked: Asked) -> Answer:
    """The second call: a sealed card for a token."""
    return _answered(asked, lambda: _token(homes, asked))


def _pre_token(homes: Sequence[ServedShop], asked: Asked) -> dict[str, Any]:
    """Refuses: TokenRefusal."""
    payload = _payload(asked)
    home = _home(homes, asked, payload)
    published = _decoded(payload.get("publicKey"))
    if not _is_published(home.merchant, published.decode("latin-1")):
        raise UNAUTHORIZED
    return {"type": "PreTokenResponse", "preToken": _new_pre_token(home)}


def _token(homes: Sequence[ServedShop], asked: Asked) -> dict[str, Any]:
    """Refuses: TokenRefusal."""
    payload = _payload(asked)
    home = _home(homes, asked, payload)
    opened = home.shop.token_key.open(_decoded(_decoded(payload.get("paymentMethod")).decode("latin-1")))
    inside = _members(opened)
    if not _is_published(home.merchant, inside.get("pubAccessKey")):
        raise UNAUTHORIZED
    if not _is_good_pre_token(home, inside.get("preToken")):
        raise UNAUTHORIZED
    return _shown(_made(home, inside.get("paymentMethod")))


def _made(home: Home, method: Any) -> NewToken:
    """Refuses: TokenRefusal."""
    if not isinstance(method, dict):
        raise UNREADABLE
    try:
        card = read_card(
            number=_text(method.get("cardNum")),
            expiry_month=_text(method.get("expMonth")),
            expiry_year=_text(method.get("expYear")),
            security_code=_text(method.get("cvv")),
        )
        gateway = home.shop.gateways(home.merchant.gateway)
        return tokenise(home.shop.shop, gateway, card, secret=home.shop.secret, actor=BUYER)
    except CardRefused as refusal:
        raise TokenRefusal(*NO_TOKEN, f"Card {refusal}") from None
    except GatewaySilent:
        raise UNANSWERED from None
    except ComptoirError:
        raise TokenRefusal(*NO_TOKEN, "Card payments are not available") from None


def _shown(made: NewToken) -> dict[str, Any]:
    card = made.card
    return {
        "type": "TokenResponse",
        "token": {"dateCreated": _micros(made.created_at) // 1000, "token": made.token},
        "paymentMethod": {
            "cardNum": card.masked,
            "expMonth": f"{card.expiry_month:02}",
            "expYear": str(card.expiry_year),
            "cardType": card.letters,
        },
    }


# ----------------------------------------------------------------------------------------------- reading


def _payload(asked: Asked) -> dict[str, Any]:
    """The payload's members; some browsers send it escaped twice. Refuses: TokenRefusal."""
    text = asked.payload.strip()
    if len(text) > PAYLOAD_BYTES_MAX:
        raise UNREADABLE
    return _members((text if text.startswith("{") else unquote(text)).encode())


def _members(text: bytes | None) -> dict[str, Any]:
    """Refuses: TokenRefusal."""
    try:
        members = msgspec.json.decode(text or b"")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise UNREADABLE from None
    if not isinstance(members, dict):
        raise UNREADABLE
    return members


def _decoded(text: Any) -> bytes:
    """Refuses: TokenRefusal."""
    try:
        # A plus sign that nobody escaped came as a blank.
        return b64decode(_text(text).strip().replace(" ", "+").encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise UNREADABLE from None


def _text(value: Any) -> str:
    """Refuses: TokenRefusal."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise UNREADABLE
    return value


def _home(homes: Sequence[ServedShop], asked: Asked, payload: dict[str, Any]) -> Home:
    """The seller's shop. Refuses: TokenRefusal."""
    if _text(payload.get("sellerId")) != asked.seller:
        raise UNREADABLE
    for shop in homes:
        merchant, now = shop.shop.read(lambda tx: (get_merchant(tx), tx.now), BUYER)
        if str(merchant.vendor_id) == asked.seller:
            return Home(shop, merchant, now)
    raise UNAUTHORIZED


def _is_published(merchant: MerchantFacts, given: Any) -> bool:
    """Whether it is the merchant's published key; a merchant without one has no token service."""
    if not isinstance(given, str) or not merchant.publishable_key:
        return False
    return hmac.compare_digest(given.encode(), merchant.publishable_key.encode())


# -------------------------------------------------------------------------------------------- pre-tokens


def _new_pre_token(home: Home) -> str:
    return _signed(home, _micros(home.now).to_bytes(8, "big"))


def _is_good_pre_token(home: Home, given: Any) -> bool:
    if not isinstance(given, str) or not given.isascii():
        return False
    try:
        made = urlsafe_b64decode(given.encode())[:8]
    except (binascii.Error, ValueError):
        return False
    age = _micros(home.now) - int.from_bytes(made, "big")
    is_ours = hmac.compare_digest(given.encode(), _signed(home, made).encode())
    return is_ours and 0 <= age <= PRE_TOKEN_LIFE // MICROSECOND


def _signed(home: Home, made: bytes) -> str:
    said = b"pre-token:" + str(home.merchant.vendor_id).encode() + b":" + made
    return urlsafe_b64encode(made + hmac.new(home.shop.secret, said, hashlib.sha256).digest()[:16]).decode()


def _micros(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND


# ---------------------------------------------------------------------------------------------- answering


def _answered(asked: Asked, work: Callable[[], dict[str, Any]]) -> Answer:
    """The envelope; failures are answered with success too, and stand in `exception` (reference 9.1)."""
    try:
        document = {"validationErrors": None, "response": work(), "exception": None}
    except TokenRefusal as refusal:
        problem = {
            "errorMsg": refusal.message,
            "httpStatus": refusal.status,
            "exception": False,
            "errorCode": refusal.code,
        }
        document = {"validationErrors": None, "response": None, "exception": problem}
    written = msgspec.json.encode(document)
    if not asked.callback:
        return Answer(200, JSON, written)
    if len(asked.callback) > CALLBACK_LETTERS_MAX or not CALLBACK.fullmatch(asked.callback):
        return Answer(400, JSON, written)
    return Answer(200, SCRIPT, b"/**/" + asked.callback.encode() + b"(" + written + b");")
