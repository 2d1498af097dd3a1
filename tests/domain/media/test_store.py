"""The store that keeps contents in a folder under their digests."""

import os
import threading
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import pytest

from comptoir.domain.errors import NotFound
from comptoir.domain.media.errors import ContentMissing
from comptoir.domain.media.store import DirectoryStore, MediaStore

CONTENT = b"picture"
DIGEST = sha256(CONTENT).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> DirectoryStore:
    return DirectoryStore(tmp_path / "files")


def files_of(root: Path) -> list[str]:
    return sorted(str(file.relative_to(root)) for file in root.rglob("*") if file.is_file())


def test_the_folder_is_a_media_store(store: DirectoryStore) -> None:
    kept: MediaStore = store
    assert kept.get(kept.put(CONTENT)) == CONTENT


def test_a_content_lies_under_its_digest(store: DirectoryStore, tmp_path: Path) -> None:
    assert store.put(CONTENT) == DIGEST
    assert files_of(tmp_path / "files") == [f"{DIGEST[:2]}/{DIGEST[2:]}"]
    assert store.path(DIGEST) == tmp_path / "files" / DIGEST[:2] / DIGEST[2:]


def test_the_same_content_is_kept_once_and_not_written_again(store: DirectoryStore) -> None:
    store.put(CONTENT)
    place = store.path(DIGEST)
    assert place is not None
    before = place.stat().st_ino
    assert store.put(CONTENT) == DIGEST
    assert place.stat().st_ino == before
    assert list(store.digests()) == [DIGEST]


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 100, os.linesep.encode() * 3], ids=["none", "zeros", "lines"]
)
def test_any_bytes_come_back_as_given(store: DirectoryStore, content: bytes) -> None:
    assert store.get(store.put(content)) == content


def test_all_digests_are_named_in_order(store: DirectoryStore) -> None:
    put = [store.put(str(number).encode()) for number in range(50)]
    assert list(store.digests()) == sorted(put)


def test_an_empty_store_names_nothing(store: DirectoryStore) -> None:
    assert list(store.digests()) == []
    with pytest.raises(ContentMissing):
        store.get(DIGEST)


def test_what_is_deleted_is_gone_and_may_be_deleted_again(store: DirectoryStore) -> None:
    other = store.put(b"other")
    store.put(CONTENT)
    store.delete(DIGEST)
    store.delete(DIGEST)
    assert list(store.digests()) == [other]
    for read in (store.get, store.path):
        with pytest.raises(ContentMissing, match=f"there is no stored file {DIGEST}"):
            read(DIGEST)
    assert store.put(CONTENT) == DIGEST
    assert store.get(DIGEST) == CONTENT


@pytest.mark.parametrize(
    "name",
    [
        "",
        "ab",
        "../../etc/passwd",
        "/etc/passwd",
        DIGEST.upper(),
        DIGEST[:-1],
        DIGEST + "0",
        DIGEST + "\n",
        DIGEST[:60] + "/../",
        "g" * 64,
        "٣" * 64,
        "\x00" * 64,
    ],
    ids=range(12),
)
def test_what_is_no_digest_names_nothing(store: DirectoryStore, tmp_path: Path, name: str) -> None:
    store.put(CONTENT)
    before = files_of(tmp_path)
    for use in (store.get, store.path, store.delete):
        with pytest.raises(NotFound):
            use(name)
    assert files_of(tmp_path) == before


def test_a_write_that_fails_leaves_nothing(
    store: DirectoryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        store.put(CONTENT)
    assert files_of(tmp_path) == []
    monkeypatch.undo()
    assert store.put(CONTENT) == DIGEST


def test_what_a_killed_writer_left_is_not_named(store: DirectoryStore, tmp_path: Path) -> None:
    store.put(CONTENT)
    (tmp_path / "files" / "incoming" / "half").write_bytes(b"pict")
    (tmp_path / "files" / "ab").mkdir()
    (tmp_path / "files" / "ab" / "stray.txt").write_bytes(b"")
    assert list(store.digests()) == [DIGEST]


def test_many_writers_of_one_content_agree(store: DirectoryStore) -> None:
    content = bytes(range(250)) * 800
    start = threading.Barrier(8)
    given: list[str] = []

    def write() -> None:
        start.wait()
        given.append(store.put(content))
        assert store.get(given[0]) == content

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert given == [sha256(content).hexdigest()] * 8
    assert list(store.digests()) == given[:1]


def test_what_is_written_in_pieces_is_kept_under_its_digest(store: DirectoryStore) -> None:
    digest = store.put_written(lambda file: [file.write(b"one "), file.write(b"two")])
    assert digest == store.put(b"one two")
    assert store.get(digest) == b"one two"
    assert list(store.digests()) == [digest]


def test_what_could_not_be_written_to_its_end_leaves_nothing(store: DirectoryStore, tmp_path: Path) -> None:
    def fail(file: BinaryIO) -> None:
        file.write(b"half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.put_written(fail)
    assert list(store.digests()) == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
