"""Contents of documents: sealed before they are put into the media store, so that the store alone shows nothing."""

from functools import cached_property
from hashlib import blake2b
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from comptoir.domain.banking.documents.errors import ContentForgotten
from comptoir.domain.banking.documents.sniffing import kind_of
from comptoir.domain.media.errors import ContentMissing
from comptoir.domain.media.store import MediaStore
from comptoir.storage.columns import NONCE_BYTES, NonceSource

PURPOSE = b"bank documents"


class StoredFile(NamedTuple):
    """A file whose content is kept: where, what it is, and how large it was before it was sealed."""

    digest: str
    content_type: str
    byte_size: int


class Contents:
    """The media store as documents use it: under the digest of what is sealed, with the installation's key."""

    def __init__(self, store: MediaStore, secret: bytes) -> None:
        self._store = store
        self._secret = secret
        self._nonce = NonceSource()

    def put(self, content: bytes, name: str = "") -> StoredFile:
        """Keep a file; runs outside any transaction. Refuses: FileRefused."""
        kind = kind_of(content, name)
        nonce = self._nonce(NONCE_BYTES)
        digest = self._store.put(nonce + self._box.encrypt(nonce, content, PURPOSE))
        return StoredFile(digest, kind.content_type, len(content))

    def get(self, document_id: int, digest: str) -> bytes:
        """The content of a document. Refuses: ContentForgotten."""
        try:
            sealed = self._store.get(digest)
            return self._box.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], PURPOSE)
        except (ContentMissing, InvalidTag) as error:
            raise ContentForgotten(document_id) from error

    @cached_property
    def _box(self) -> AESGCM:
        return AESGCM(blake2b(self._secret, digest_size=32, person=b"bank documents").digest())
