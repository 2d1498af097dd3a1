"""Where the contents of files are kept, under the digest of what they hold."""

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import file_digest, sha256
from pathlib import Path
from typing import BinaryIO, Protocol

from comptoir.domain.media.errors import ContentMissing

_DIGEST = re.compile(r"[0-9a-f]{64}")
_FOLDER_DIGITS = 2


class MediaStore(Protocol):
    """Keeps contents under their SHA-256 in lower-case hexadecimal; what is no such digest names nothing."""

    def put(self, content: bytes) -> str:
        """Keep a content durably and give its digest. Putting it again changes nothing."""

    def put_written(self, write: Callable[[BinaryIO], object]) -> str:
        """Keep what is written into a file, however long, and give its digest; when writing fails, nothing."""

    def get(self, digest: str) -> bytes:
        """Give a content. Refuses: ContentMissing."""

    def path(self, digest: str) -> Path | None:
        """Say where the content lies as a file, if this store has files. Refuses: ContentMissing."""

    def delete(self, digest: str) -> None:
        """Forget a content, kept or not. Refuses: ContentMissing, if it is no digest."""

    def digests(self) -> Iterator[str]:
        """Name all that is kept, for a sweep that looks for what nothing points at."""


class DirectoryStore:
    """A store in a folder: the content with digest `abcdef…` is the file `ab/cdef…`.

    A file appears under its name complete and on the disk, or not at all. A process killed while it writes
    may leave a file in `incoming`, which nothing reads.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._incoming = root / "incoming"

    def put(self, content: bytes) -> str:
        """Keep a content durably and give its digest."""
        digest = sha256(content).hexdigest()
        place = self._place(digest)
        if not place.is_file():
            self._make_folders(place.parent)
            self._write(place, content)
        # Also when it was there: another writer may have renamed it a moment ago and not have come this far.
        _sync_folder(place.parent)
        return digest

    def put_written(self, write: Callable[[BinaryIO], object]) -> str:
        """Keep what is written into a file, and give its digest."""
        self._make_folders(self._incoming)
        handle, name = tempfile.mkstemp(dir=self._incoming)
        try:
            with os.fdopen(handle, "w+b") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
                file.seek(0)
                digest = file_digest(file, "sha256").hexdigest()
            place = self._place(digest)
            self._make_folders(place.parent)
            Path(name).replace(place)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
        _sync_folder(place.parent)
        return digest

    def get(self, digest: str) -> bytes:
        """Give a content."""
        try:
            return self._place(digest).read_bytes()
        except FileNotFoundError as problem:
            raise ContentMissing(digest) from problem

    def path(self, digest: str) -> Path | None:
        """Say where the content lies."""
        place = self._place(digest)
        if not place.is_file():
            raise ContentMissing(digest)
        return place

    def delete(self, digest: str) -> None:
        """Forget a content."""
        self._place(digest).unlink(missing_ok=True)

    def digests(self) -> Iterator[str]:
        """Name all that is kept, in order."""
        for place in sorted(self._root.glob("??/*")):
            digest = place.parent.name + place.name
            if _DIGEST.fullmatch(digest):
                yield digest

    def _place(self, digest: str) -> Path:
        """Only a digest becomes a path: no other text of a caller ever does."""
        if not _DIGEST.fullmatch(digest):
            raise ContentMissing(digest)
        return self._root / digest[:_FOLDER_DIGITS] / digest[_FOLDER_DIGITS:]

    def _make_folders(self, folder: Path) -> None:
        if not folder.is_dir():
            self._root.mkdir(parents=True, exist_ok=True)
            folder.mkdir(exist_ok=True)
            _sync_folder(self._root)
        self._incoming.mkdir(exist_ok=True)

    def _write(self, place: Path, content: bytes) -> None:
        """Write aside and rename: the rename makes it appear, and the folder's sync makes it stay."""
        handle, name = tempfile.mkstemp(dir=self._incoming)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(place)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
