"""What is encrypted for the program's key: RSA-OAEP, with the digest that the algorithm is named after."""

import re

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

DIGESTS: dict[str, hashes.HashAlgorithm] = {
    "1": hashes.SHA1(),  # noqa: S303 - published with the others, and sound in OAEP
    "256": hashes.SHA256(),
    "384": hashes.SHA384(),
    "512": hashes.SHA512(),
}
ALGORITHM_NAMES = tuple(f"RSA-OAEP-SHA{size}-MGF1" for size in DIGESTS)
NAMED = re.compile(r"RSA-OAEP-SHA-?(1|256|384|512)(-MGF1)?", re.IGNORECASE)


def digest_named(algorithm: str) -> hashes.HashAlgorithm | None:
    """The digest of an algorithm's name, None when nothing is called so."""
    found = NAMED.fullmatch(algorithm.strip())
    return None if found is None else DIGESTS[found[1]]


def decipher(pem: str, sealed: bytes, digest: hashes.HashAlgorithm) -> bytes | None:
    """What was encrypted for the key, None when it was encrypted for another, or in another way."""
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    try:
        return key.decrypt(sealed, padding.OAEP(padding.MGF1(digest), digest, None))
    except ValueError:
        return None


def encipher(pem: str, content: bytes, digest: hashes.HashAlgorithm) -> bytes:
    """Something short, encrypted for the key."""
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key.public_key().encrypt(content, padding.OAEP(padding.MGF1(digest), digest, None))
