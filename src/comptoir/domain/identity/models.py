"""Operators and the keys that act for them."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.storage.schema import Id, JsonValue, Record


class Operator(Record):
    """One who works in the console or holds an API key."""

    __tablename__ = "operator"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    is_active: Mapped[bool]
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
