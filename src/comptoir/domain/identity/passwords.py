"""Passwords are kept as argon2id hashes only."""

from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SALT_BYTES = 16
PASSWORD_MIN = 8
PASSWORD_MAX = 1024
MEMORY_KIB = 19_456
TIME_COST = 2


class Passwords:
    """How passwords are hashed. The defaults are the least held to be safe; tests use cheaper ones."""

    def __init__(self, *, time_cost: int = TIME_COST, memory_kib: int = MEMORY_KIB, lanes: int = 1) -> None:
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=lanes)

    def hash(self, password: str, *, salt: bytes) -> str:
        """The hash under which a password is kept; the salt comes from the transaction's chance."""
        return self._hasher.hash(_bytes(password), salt=salt)

    def fits(self, password: str, password_hash: str | None) -> bool:
        """Whether the password is the one that was hashed. Without a hash it takes as long, and is not."""
        try:
            self._hasher.verify(password_hash or self._decoy, _bytes(password[:PASSWORD_MAX]))
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None and len(password) <= PASSWORD_MAX

    def is_outdated(self, password_hash: str) -> bool:
        """Whether the hash was made with other parameters than the present ones."""
        return self._hasher.check_needs_rehash(password_hash)

    @cached_property
    def _decoy(self) -> str:
        return self._hasher.hash(b"nobody's", salt=bytes(SALT_BYTES))


class Tried(Passwords):
    """A password that was tried before a transaction began, so that nobody has to wait for it inside."""

    def __init__(self, passwords: Passwords, password: str, password_hash: str | None) -> None:
        self._hasher = passwords._hasher  # noqa: SLF001 - the same parameters
        self._known = (password, password_hash)
        self._fits = passwords.fits(password, password_hash)

    def fits(self, password: str, password_hash: str | None) -> bool:
        """What was found, unless the password is kept under another hash by now."""
        if (password, password_hash) == self._known:
            return self._fits
        return super().fits(password, password_hash)


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
