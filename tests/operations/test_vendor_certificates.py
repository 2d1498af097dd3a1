from __future__ import annotations

import os
import ssl
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from comptoir.domain.clock import system_now
from comptoir.vendor_hosts.certificates import read_credentials
from comptoir.vendor_hosts.keeping import CannotVouch, authority_file, vouchers
from comptoir.vendor_hosts.names import NAMES
from tests.operations.certified import forged, shake

TLS = ssl.TLSVersion


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return vouchers(tmp_path).server.parent


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("version", "said"), [(TLS.TLSv1_2, "TLSv1.2"), (TLS.TLSv1_3, "TLSv1.3")])
def test_every_name_is_vouched_for(tmp_path: Path, name: str, version: ssl.TLSVersion, said: str) -> None:
    made = vouchers(tmp_path)
    assert made.authority == authority_file(tmp_path)
    assert shake(made.server, made.authority, name, version) == said


def test_who_does_not_trust_the_authority_is_not_persuaded(folder: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="self-signed certificate in certificate chain"):
        shake(folder / "server.pem", None, "www.2checkout.com")


@pytest.mark.parametrize("name", ["example.com", "www.2checkout.com.example.com", "coredna.com"])
def test_no_other_name_is_vouched_for(folder: Path, name: str) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        shake(folder / "server.pem", folder / "authority.pem", name)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"name": "example.com"}, "permitted subtree violation"),
        ({"name": "coredna.com"}, "permitted subtree violation"),
        ({"address": "192.0.2.1"}, "excluded subtree violation"),
        ({"address": "2001:db8::1"}, "excluded subtree violation"),
    ],
)
def test_a_stolen_issuer_reaches_no_further(
    folder: Path, tmp_path: Path, asked: dict[str, str], said: str
) -> None:
    (tmp_path / "forged.pem").write_bytes(
        forged(read_credentials((folder / "issuer.pem").read_bytes()), **asked).written()
    )
    with pytest.raises(ssl.SSLCertVerificationError, match=said):
        shake(tmp_path / "forged.pem", folder / "authority.pem", next(iter(asked.values())))


def test_the_issuer_carries_its_bounds_itself_and_the_authority_can_sign_nothing_more(folder: Path) -> None:
    issuer = read_credentials((folder / "issuer.pem").read_bytes())
    own, authority = issuer.chain
    bounds = own.extensions.get_extension_for_class(x509.NameConstraints)
    assert bounds.critical
    assert [name.value for name in bounds.value.permitted_subtrees or ()] == list(NAMES)
    assert (folder / "authority.pem").read_bytes().count(b"BEGIN") == 1
    assert x509.load_pem_x509_certificate((folder / "authority.pem").read_bytes()) == authority
    # Its key is kept nowhere: no private key of the folder is the authority's.
    keys = [read_credentials(text) for text in contents(folder).values() if b"PRIVATE KEY" in text]
    assert len(keys) == 2
    assert all(one.key.public_key() != authority.public_key() for one in keys)


@pytest.mark.usefixtures("open_umask")
def test_only_the_owner_may_read_keys(tmp_path: Path) -> None:
    folder = vouchers(tmp_path).server.parent
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.glob("*.pem")}
    assert modes == {"authority.pem": 0o644, "issuer.pem": 0o600, "server.pem": 0o600}


def test_what_was_made_is_kept(folder: Path, tmp_path: Path) -> None:
    before = contents(folder)
    again = vouchers(tmp_path)
    assert not again.is_renewed
    assert contents(folder) == before


def test_several_at_once_make_one_authority(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: vouchers(tmp_path), range(16)))
    assert sum(one.is_renewed for one in made) == 1
    assert shake(made[0].server, made[0].authority, NAMES[0])


def test_the_server_is_renewed_in_time_under_the_same_authority(tmp_path: Path) -> None:
    first = vouchers(tmp_path)
    trusted, old = first.authority.read_bytes(), read_credentials(first.server.read_bytes()).certificate
    assert old.not_valid_after_utc - old.not_valid_before_utc < timedelta(days=825)
    early, late = (old.not_valid_after_utc - timedelta(days=days) for days in (61, 59))
    assert not vouchers(tmp_path, system=lambda: early).is_renewed
    assert vouchers(tmp_path, system=lambda: late).is_renewed
    new = read_credentials(first.server.read_bytes()).certificate
    assert new.not_valid_after_utc > old.not_valid_after_utc
    assert new.serial_number != old.serial_number
    assert first.authority.read_bytes() == trusted


def test_the_server_is_renewed_when_names_are_gone_or_the_clock_was_ahead(tmp_path: Path) -> None:
    assert vouchers(tmp_path, system=lambda: system_now() + timedelta(days=30)).is_renewed
    (tmp_path / "vendor-hosts" / "issuer.pem").unlink()
    assert vouchers(tmp_path).is_renewed, "it was of another issuer"
    assert vouchers(tmp_path, names=NAMES[:3]).is_renewed
    assert vouchers(tmp_path).is_renewed


def test_no_server_outlives_its_issuer(tmp_path: Path) -> None:
    made = vouchers(tmp_path)
    issuer = read_credentials((made.server.parent / "issuer.pem").read_bytes()).certificate
    late = issuer.not_valid_after_utc - timedelta(days=61)
    vouchers(tmp_path, system=lambda: late)
    assert read_credentials(made.server.read_bytes()).certificate.not_valid_after_utc == (
        issuer.not_valid_after_utc
    )


@pytest.mark.parametrize("text", [b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\n!\n"])
def test_a_broken_server_file_is_made_anew(folder: Path, tmp_path: Path, text: bytes) -> None:
    (folder / "server.pem").write_bytes(text)
    assert vouchers(tmp_path).is_renewed
    assert shake(folder / "server.pem", folder / "authority.pem", NAMES[0])


def test_a_lost_authority_file_is_written_again(folder: Path, tmp_path: Path) -> None:
    before = contents(folder)
    (folder / "authority.pem").unlink()
    vouchers(tmp_path)
    assert contents(folder) == before


def refused(folder: Path, tmp_path: Path, said: str, days: int = 0, names: tuple[str, ...] = NAMES) -> None:
    before = contents(folder)
    with pytest.raises(CannotVouch, match=said) as refusal:
        vouchers(tmp_path, names=names, system=lambda: system_now() + timedelta(days=days))
    assert f"remove the folder {folder}" in str(refusal.value)
    assert contents(folder) == before


def test_a_broken_issuer_is_refused_and_nothing_changes(folder: Path, tmp_path: Path) -> None:
    (folder / "issuer.pem").write_bytes(b"no key")
    refused(folder, tmp_path, "holds no key and certificates")


def test_a_key_beside_another_keys_certificate_is_refused(folder: Path, tmp_path: Path) -> None:
    issuer, server = ((folder / name).read_bytes() for name in ("issuer.pem", "server.pem"))
    cut = b"-----BEGIN CERTIFICATE-----"
    (folder / "issuer.pem").write_bytes(server.partition(cut)[0] + cut + issuer.partition(cut)[2])
    refused(folder, tmp_path, "its key is not that of its certificate")


def test_an_authority_that_ends_is_never_replaced_silently(folder: Path, tmp_path: Path) -> None:
    refused(folder, tmp_path, "ends on 20", days=3600)


def test_a_name_that_the_authority_may_not_vouch_for_is_refused(folder: Path, tmp_path: Path) -> None:
    refused(folder, tmp_path, "does not vouch for every name", names=(*NAMES, "example.com"))


def test_somebody_elses_issuer_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "issuer.pem").write_bytes((folder / "server.pem").read_bytes())
    refused(folder, tmp_path, "does not vouch for every name")
