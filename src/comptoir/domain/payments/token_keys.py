"""The key that buyers' browsers seal cards with, kept once for the whole installation."""

import os
from pathlib import Path
from threading import Lock

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

KEY_BITS = 2048
EXPONENT = 65_537
OWNER_ONLY = 0o600


class TokenKey:
    """An RSA key in a file that nobody but the owner may read; made when it is first asked for.

    Without a file it lives as long as the process.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._made: rsa.RSAPrivateKey | None = None
        self._lock = Lock()

    @property
    def public(self) -> tuple[bytes, bytes]:
        """The modulus and the exponent, as whole bytes."""
        numbers = self._key().public_key().public_numbers()
        return _bytes(numbers.n), _bytes(numbers.e)

    def open(self, sealed: bytes) -> bytes | None:
        """What was sealed with the public key (PKCS#1 v1.5); None when it was not."""
        try:
            return self._key().decrypt(sealed, padding.PKCS1v15())
        except ValueError:
            return None

    def _key(self) -> rsa.RSAPrivateKey:
        with self._lock:
            if self._made is None:
                self._made = _new() if self._path is None else _kept(self._path)
            return self._made


def _kept(path: Path) -> rsa.RSAPrivateKey:
    """The key in a file; whoever writes it first, all processes read the same one."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
        with os.fdopen(handle, "wb") as file:
            file.write(_written(_new()))
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    read = serialization.load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(read, rsa.RSAPrivateKey), f"{path} holds another kind of key"
    return read


def _new() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=EXPONENT, key_size=KEY_BITS)


def _written(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")
