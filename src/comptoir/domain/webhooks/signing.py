"""What goes with a message: its type, and the signatures that the Standard Webhooks specification asks for."""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from datetime import datetime

PREFIX = "whsec_"
SECRET_BYTES = 32
# What the specification allows.
SECRET_BYTES_MIN, SECRET_BYTES_MAX = 24, 64


def written_secret(key: bytes) -> str:
    """A key as endpoints are told it."""
    return PREFIX + b64encode(key).decode("ascii")


def is_secret(text: str) -> bool:
    """Whether a text is a key as endpoints are told it."""
    if not text.startswith(PREFIX):
        return False
    try:
        key = b64decode(text.removeprefix(PREFIX), validate=True)
    except (NotBase64, ValueError):
        return False
    return SECRET_BYTES_MIN <= len(key) <= SECRET_BYTES_MAX


def form_headers() -> dict[str, str]:
    """What goes with an INS message, which carries its own hash."""
    return {"Content-Type": "application/x-www-form-urlencoded"}


def signed_headers(message_id: str, body: str, secrets: tuple[str, ...], at: datetime) -> dict[str, str]:
    """What goes with a signed message; it is signed anew for each attempt, with each secret in force.

    `at` is the machine's time and not the shop's: receivers compare it with their own clock.
    """
    from standardwebhooks import Webhook  # noqa: PLC0415 - loaded when it is first asked for

    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(message_id, at, body) for secret in secrets),
    }
