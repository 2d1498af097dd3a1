"""The certificates on disk: made once, kept private, renewed in time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from comptoir.domain.clock import Now, system_now
from comptoir.domain.errors import ComptoirError
from comptoir.vendor_hosts.certificates import (
    Credentials,
    NotCredentials,
    make_issuer,
    make_server,
    read_credentials,
    written,
)
from comptoir.vendor_hosts.names import NAMES

FOLDER = "vendor-hosts"
AUTHORITY, ISSUER, SERVER, LOCK = "authority.pem", "issuer.pem", "server.pem", "lock"
RENEWED_BEFORE = timedelta(days=60)


class CannotVouch(ComptoirError):
    """The certificates for the vendors' names cannot be read, or have ended; the text says what to do."""


@dataclass(frozen=True)
class Vouchers:
    """Where the certificates lie, and whether the server's is a new one."""

    authority: Path
    server: Path
    is_renewed: bool


def authority_file(data_dir: Path) -> Path:
    """Where the certificate lies that clients are told to trust."""
    return data_dir / FOLDER / AUTHORITY


def vouchers(data_dir: Path, *, names: tuple[str, ...] = NAMES, system: Now = system_now) -> Vouchers:
    """The certificates for the vendors' names, made or renewed where that is needed. Refuses: CannotVouch."""
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    now = system()
    with held(folder / LOCK):
        issuer = kept_issuer(folder, names, now)
        server = None if not (folder / SERVER).exists() else read_server(folder / SERVER)
        is_renewed = server is None or not is_good(server, issuer, names, now)
        if is_renewed:
            keep(folder / SERVER, make_server(names, issuer, now).written(), 0o600)
    return Vouchers(folder / AUTHORITY, folder / SERVER, is_renewed)


@contextmanager
def held(lock: Path) -> Iterator[None]:
    """Let nobody else make certificates meanwhile."""
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def kept_issuer(folder: Path, names: tuple[str, ...], now: datetime) -> Credentials:
    """The issuer, made when there is none. Refuses: CannotVouch."""
    file = folder / ISSUER
    if file.exists():
        try:
            issuer = read_credentials(file.read_bytes())
        except NotCredentials as error:
            raise CannotVouch(f"{file} cannot be used: {error}; {again(folder)}") from None
        if issuer.certificate.not_valid_after_utc <= now + RENEWED_BEFORE:
            ends = issuer.certificate.not_valid_after_utc.date()
            raise CannotVouch(f"the authority in {folder} ends on {ends}; {again(folder)}")
        if not set(names) <= bounds_of(issuer):
            raise CannotVouch(f"the authority in {folder} does not vouch for every name; {again(folder)}")
    else:
        issuer = make_issuer(names, now)
        keep(file, issuer.written(), 0o600)
    trusted = written(issuer.chain[-1:])
    if not (folder / AUTHORITY).exists() or (folder / AUTHORITY).read_bytes() != trusted:
        keep(folder / AUTHORITY, trusted, 0o644)
    return issuer


def again(folder: Path) -> str:
    """What to do when the authority is of no use any more."""
    return f"remove the folder {folder} for a new one, and let clients trust that one instead"


def bounds_of(issuer: Credentials) -> set[str]:
    """The names for which an issuer may sign."""
    try:
        bounds = issuer.certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:  # somebody else's: one that reaches everywhere is not for us to use
        return set()
    return {name.value for name in bounds.permitted_subtrees or () if isinstance(name, x509.DNSName)}


def read_server(file: Path) -> Credentials | None:
    """The server's credentials; what cannot be read is made anew, for nobody was told to trust it."""
    try:
        return read_credentials(file.read_bytes())
    except NotCredentials:
        return None


def is_good(server: Credentials, issuer: Credentials, names: tuple[str, ...], now: datetime) -> bool:
    """Whether a server's certificate holds for the names, is of this issuer, and does not end soon."""
    if server.chain[1:] != issuer.chain:
        return False
    certificate = server.certificate
    said = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    is_timely = certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - RENEWED_BEFORE
    return is_timely and set(said.get_values_for_type(x509.DNSName)) == set(names)


def keep(file: Path, text: bytes, mode: int) -> None:
    """Write a file that is never seen half-written, nor by anybody before its rights are set."""
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as sink:
        os.fchmod(handle, mode)
        sink.write(text)
        sink.flush()
        os.fsync(handle)
    new.replace(file)
