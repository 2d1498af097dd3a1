"""Column types: what a value is in Python and what it is in either database."""

import os
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Any

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import BigInteger, Dialect, Integer, LargeBinary, Text
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NONCE_BYTES = 12
DIGEST_BYTES = 16

# SQLite's INTEGER already holds 64 bits, and only this spelling makes a primary key its row id.
WholeNumber = BigInteger().with_variant(Integer(), "sqlite")
# What rows are put in order by: SQLite compares texts by code point, and so must a server in any language.
OrderKey = Text().with_variant(Text(collation="C"), "postgresql")


def micros_of(at: datetime) -> int:
    """Microseconds since 1970 of an aware time."""
    return (at - EPOCH) // MICROSECOND


def instant_of(micros: int) -> datetime:
    """The aware UTC time of a number of microseconds since 1970."""
    return EPOCH + timedelta(microseconds=micros)


class Instant(TypeDecorator[datetime]):
    """A point in time: aware in Python, microseconds since 1970 in the database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Write the time as microseconds."""
        return None if value is None else micros_of(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Read the time back, in UTC."""
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Day(TypeDecorator[date]):
    """A calendar day: `date` in Python, `YYYY-MM-DD` in the database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        """Write the day in ISO form, which sorts as days do."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        """Read the day back."""
        return None if value is None else date.fromisoformat(value)


class Json(TypeDecorator[Any]):
    """Any JSON value, kept as text with its key order on both engines."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write the value; decimals become text so that no float is ever made of them."""
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read the value back."""
        return None if value is None else msgspec.json.decode(value)


class EncryptedText(TypeDecorator[str]):
    """Text that only the holder of the installation's key can read (AES-256-GCM)."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Seal the text under a fresh nonce."""
        return None if value is None else cipher_of(dialect).seal(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Open the sealed text."""
        return None if value is None else cipher_of(dialect).open(bytes(value))


class Digested(str):
    """A digest as it was read: written again, it stays what it is."""

    __slots__ = ()


class Digest(TypeDecorator[str]):
    """A keyed digest of a text: the same text is found again by it, and nothing is read from it.

    Whoever writes or compares gives the text itself.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Write the text's digest under the installation's key."""
        return value if value is None or isinstance(value, Digested) else cipher_of(dialect).digest(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Digested | None:
        """Read the digest."""
        return None if value is None else Digested(value)


class Cipher:
    """Seals text with the installation's key; the nonce stands before the sealed bytes."""

    def __init__(self, key: bytes, nonce: "NonceSource") -> None:
        self._box = AESGCM(key)
        self._digest_key = blake2b(key, digest_size=32, person=b"digest").digest()
        self._nonce = nonce

    def seal(self, text: str) -> bytes:
        """Encrypt and authenticate."""
        nonce = self._nonce(NONCE_BYTES)
        return nonce + self._box.encrypt(nonce, text.encode(), None)

    def digest(self, text: str) -> str:
        """The same for the same text under the same key, and of no use without it."""
        return blake2b(text.encode(), digest_size=DIGEST_BYTES, key=self._digest_key).hexdigest()

    def open(self, sealed: bytes) -> str:
        """Decrypt, or raise when a byte was changed or the key is another one."""
        return self._box.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None).decode()


class NonceSource:
    """Gives random bytes; a class so that it has a type, called as a function."""

    def __call__(self, size: int) -> bytes:
        """Return `size` random bytes from the operating system."""
        return os.urandom(size)  # noqa: TID251 - a nonce is no id and must never come twice


def cipher_of(dialect: Dialect) -> Cipher:
    """The cipher which the database put on its dialect."""
    cipher: Cipher = dialect.cipher  # type: ignore[attr-defined]
    return cipher
