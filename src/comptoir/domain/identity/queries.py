"""Finding who a credential speaks for."""

from hashlib import blake2b
from ipaddress import ip_address, ip_network
from typing import NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.identity.models import ApiKey, Operator
from comptoir.domain.tx import SHOP_VERSION, Actor
from comptoir.storage.session import Session

FIND_KEY = (
    select(
        ApiKey.id, ApiKey.operator_id, Operator.name, ApiKey.dialect, ApiKey.scopes, ApiKey.networks,
        ApiKey.expires_at, ApiKey.last_used_at, SHOP_VERSION,
    )
    .join(Operator, Operator.id == ApiKey.operator_id)
    .where(ApiKey.key_hash == bindparam("key_hash"), ApiKey.revoked_at.is_(None), Operator.is_active)
)  # fmt: skip


class Credential(NamedTuple):
    """A key that speaks for an operator, before its expiry and place of use are checked."""

    key_id: int
    operator_id: int
    operator_name: str
    dialect: str
    scopes: list[str]
    networks: list[str]
    expires_at: object
    last_used_at: object
    shop_version: int

    def actor(self) -> Actor:
        """The operator, acting through this key's dialect."""
        return Actor(
            self.operator_name, self.dialect, self.operator_id, frozenset(self.scopes), self.key_id
        )

    def may_come_from(self, address: str) -> bool:
        """Whether the key's list of networks, if it has one, holds the caller's address."""
        if not self.networks:
            return True
        try:
            caller = ip_address(address)
        except ValueError:
            return False
        return any(caller in ip_network(network) for network in self.networks)


def hash_key(key: str, secret: bytes) -> str:
    """The keyed hash under which a key is kept and found; the secret lies outside the database."""
    return blake2b(key.encode("utf-8", "surrogatepass"), key=secret[:64], digest_size=32).hexdigest()


def find_credential(session: Session, key_hash: str) -> Credential | None:
    """The key with this hash, if it is not revoked and its operator is active."""
    row = session.one(FIND_KEY, key_hash=key_hash)
    return None if row is None else Credential(*row)
