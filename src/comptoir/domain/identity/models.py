"""Operators, the keys that act for them, and what they have of their own in the console."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint

from comptoir.storage.columns import EncryptedText
from comptoir.storage.schema import Id, JsonValue, Mapped, Record, mapped_column


class Operator(Record):
    """One who works in the console or holds an API key.

    `totp_secret` is the second factor's; it is asked for from `totp_confirmed_at` on. `totp_step` is the last
    half minute whose code was used, so that none is used twice.
    """

    __tablename__ = "operator"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    is_active: Mapped[bool]
    created_at: Mapped[datetime]
    totp_secret: Mapped[str | None] = mapped_column(EncryptedText)
    totp_step: Mapped[int | None]
    totp_confirmed_at: Mapped[datetime | None]


class RecoveryCode(Record):
    """A code that stands in for the second factor once. Only its keyed hash is kept."""

    __tablename__ = "recovery_code"

    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(primary_key=True)
    used_at: Mapped[datetime | None]


class ConsoleSession(Record):
    """Somebody signed in. The browser holds the key, of which only the keyed hash is kept.

    Its times are the machine's: a sandbox's clock may jump. It `is_entered` once the second factor was given,
    or none is asked for. `form_key` is what the forms of its pages are signed with.
    """

    __tablename__ = "console_session"
    __table_args__ = (UniqueConstraint("id"),)

    key_hash: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[int]
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    address: Mapped[str]
    agent: Mapped[str]
    is_entered: Mapped[bool]
    form_key: Mapped[str]


class SavedFilter(Record):
    """What an operator wants to see of a list again, by a name: the query of the list's address."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("operator_id", "list", "name"),)

    id: Mapped[Id]
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"))
    list: Mapped[str]
    name: Mapped[str]
    query: Mapped[str]
    created_at: Mapped[datetime]


class ApiKey(Record):
    """A credential. Only its keyed hash is kept; `hint` is its first characters, for people."""

    __tablename__ = "api_key"

    id: Mapped[Id]
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), index=True)
    name: Mapped[str]
    dialect: Mapped[str]
    key_hash: Mapped[str] = mapped_column(unique=True)
    hint: Mapped[str]
    scopes: Mapped[JsonValue]
    networks: Mapped[JsonValue]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    replaced_by_id: Mapped[int | None]


class LoginAttempt(Record):
    """Failed logins in a row, under the name that was tried or the address they came from."""

    __tablename__ = "login_attempt"

    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_failed_at: Mapped[datetime]
