"""Reading operators and keys, and finding who a credential speaks for."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address, ip_network
from typing import NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.identity.errors import KeyNotFound, OperatorNotFound
from comptoir.domain.identity.models import ApiKey, Operator
from comptoir.domain.identity.scopes import granted
from comptoir.domain.tx import SHOP_VERSION, Actor, Tx
from comptoir.storage.lists import among
from comptoir.storage.session import Session

# The dialects whose keys are a user name and a password.
USER_DIALECTS = frozenset({"twocheckout", "corepro"})

FIND_KEY = (
    select(
        ApiKey.id, ApiKey.operator_id, Operator.name, ApiKey.name, ApiKey.dialect, ApiKey.scopes,
        ApiKey.networks, ApiKey.expires_at, ApiKey.last_used_at, Operator.role, SHOP_VERSION,
    )
    .join(Operator, Operator.id == ApiKey.operator_id)
    .where(ApiKey.key_hash == bindparam("key_hash"), ApiKey.revoked_at.is_(None), Operator.is_active)
)  # fmt: skip


class Credential(NamedTuple):
    """A key that speaks for an operator, before its expiry and place of use are checked."""

    key_id: int
    operator_id: int
    operator_name: str
    key_name: str
    dialect: str
    scopes: list[str]
    networks: list[str]
    expires_at: datetime | None
    last_used_at: datetime | None
    role: str
    shop_version: int

    def actor(self) -> Actor:
        """The operator, acting through this key's dialect as far as both may; an API user acts under its own name."""
        name = self.key_name if self.dialect in USER_DIALECTS else self.operator_name
        permissions = granted(tuple(self.scopes), self.dialect, self.role)
        return Actor(name, self.dialect, self.operator_id, permissions, self.key_id)

    def is_over(self, now: datetime) -> bool:
        """Whether the key has expired."""
        return self.expires_at is not None and self.expires_at <= now

    def may_come_from(self, address: str) -> bool:
        """Whether the key's list of networks, if it has one, holds the caller's address."""
        if not self.networks:
            return True
        try:
            caller = ip_address(address)
        except ValueError:
            return False
        if isinstance(caller, IPv6Address):
            caller = caller.ipv4_mapped or caller
        return any(caller in ip_network(network) for network in self.networks)


class OperatorRow(NamedTuple):
    """An operator without the password's hash."""

    id: int
    email: str
    name: str
    role: str
    is_active: bool
    created_at: datetime


class KeyRow(NamedTuple):
    """A key as people may see it."""

    id: int
    operator_id: int
    operator_name: str
    name: str
    dialect: str
    hint: str
    scopes: list[str]
    networks: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    replaced_by_id: int | None

    def is_over(self, now: datetime) -> bool:
        """Whether the key is revoked or expired."""
        return self.revoked_at is not None or (self.expires_at is not None and self.expires_at <= now)


OPERATORS = select(
    Operator.id, Operator.email, Operator.name, Operator.role, Operator.is_active, Operator.created_at
)
LIST_OPERATORS = OPERATORS.order_by(Operator.id)
GET_OPERATOR = OPERATORS.where(Operator.id == bindparam("operator_id"))
FIND_OPERATOR = OPERATORS.where(Operator.email == bindparam("email"))
KEYS = select(
    ApiKey.id, ApiKey.operator_id, Operator.name, ApiKey.name, ApiKey.dialect, ApiKey.hint, ApiKey.scopes,
    ApiKey.networks, ApiKey.created_at, ApiKey.expires_at, ApiKey.revoked_at, ApiKey.last_used_at,
    ApiKey.replaced_by_id,
).join(Operator, Operator.id == ApiKey.operator_id)  # fmt: skip
LIST_KEYS = KEYS.order_by(ApiKey.id)
LIST_KEYS_OF_OPERATOR = LIST_KEYS.where(ApiKey.operator_id == bindparam("operator_id"))
LIST_KEYS_AMONG = LIST_KEYS.where(among(ApiKey.id, "ids"))
GET_KEY = KEYS.where(ApiKey.id == bindparam("key_id"))


def get_operator(tx: Tx, operator_id: int) -> OperatorRow:
    """One operator. Refuses: OperatorNotFound."""
    row = tx.one(GET_OPERATOR, operator_id=operator_id)
    if row is None:
        raise OperatorNotFound(operator_id)
    return OperatorRow(*row)


def find_operator_by_email(tx: Tx, email: str) -> OperatorRow | None:
    """The operator with this address, in lower case, or None."""
    row = tx.one(FIND_OPERATOR, email=email)
    return None if row is None else OperatorRow(*row)


def list_operators(tx: Tx) -> list[OperatorRow]:
    """All operators, by id."""
    return [OperatorRow(*row) for row in tx.all(LIST_OPERATORS)]


def get_key(tx: Tx, key_id: int) -> KeyRow:
    """One key. Refuses: KeyNotFound."""
    row = tx.one(GET_KEY, key_id=key_id)
    if row is None:
        raise KeyNotFound(key_id)
    return KeyRow(*row)


def list_keys_among(tx: Tx, ids: Sequence[int]) -> list[KeyRow]:
    """The keys with these ids, by id."""
    return [KeyRow(*row) for row in tx.all(LIST_KEYS_AMONG, ids=list(ids))]


def list_keys(tx: Tx, *, operator_id: int | None = None) -> list[KeyRow]:
    """All keys, or those of one operator, by id; also those whose time is over."""
    if operator_id is None:
        return [KeyRow(*row) for row in tx.all(LIST_KEYS)]
    return [KeyRow(*row) for row in tx.all(LIST_KEYS_OF_OPERATOR, operator_id=operator_id)]


def hash_key(key: str, secret: bytes) -> str:
    """The keyed hash under which a key is kept and found; the secret lies outside the database."""
    return blake2b(key.encode("utf-8", "surrogatepass"), key=secret[:64], digest_size=32).hexdigest()


def key_of_user(name: str, password: str) -> str:
    """The key that an API user's name and password are together."""
    return f"{name}:{password}"


def find_credential(session: Session, key_hash: str) -> Credential | None:
    """The key with this hash, if it is not revoked and its operator is active."""
    row = session.one(FIND_KEY, key_hash=key_hash)
    return None if row is None else Credential(*row)
