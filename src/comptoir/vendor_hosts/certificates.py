"""The certificates: an authority whose key is forgotten at once, an issuer bound to given names, a server.

Some verifiers (Java's) pass over the constraints of the certificate that they were told to trust. So the
trusted one signs a single time: it names an issuer that carries the constraints, and its key is never kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = ec.EllipticCurvePrivateKey

AUTHORITY_DAYS = 3650
SERVER_DAYS = 397  # what browsers bear with; some systems refuse more than 825
# Clocks differ: what is made now already holds for those that are late.
EARLIER = timedelta(days=1)
EVERY_ADDRESS = tuple(x509.IPAddress(ip_network(network)) for network in ("0.0.0.0/0", "::/0"))
USAGES = ("digital_signature", "key_cert_sign", "crl_sign", "content_commitment", "key_encipherment",
          "data_encipherment", "key_agreement", "encipher_only", "decipher_only")  # fmt: skip


class NotCredentials(ValueError):
    """The text holds no key with the certificates that belong to it."""


@dataclass(frozen=True)
class Credentials:
    """A key, its own certificate, and those that vouch for it, nearest first."""

    key: Key
    chain: tuple[x509.Certificate, ...]

    @property
    def certificate(self) -> x509.Certificate:
        """The key's own certificate."""
        return self.chain[0]

    def written(self) -> bytes:
        """The key and the chain as one text."""
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return key + written(self.chain)


def written(chain: Iterable[x509.Certificate]) -> bytes:
    """Certificates as text."""
    return b"".join(one.public_bytes(Encoding.PEM) for one in chain)


def read_credentials(text: bytes) -> Credentials:
    """What `Credentials.written` gave. Refuses: NotCredentials."""
    try:
        key = load_pem_private_key(text, password=None)
        chain = tuple(x509.load_pem_x509_certificates(text))
    except (ValueError, TypeError) as error:
        raise NotCredentials("it holds no key and certificates") from error
    if not isinstance(key, Key) or key.public_key() != chain[0].public_key():
        raise NotCredentials("its key is not that of its certificate")
    return Credentials(key, chain)


def make_issuer(names: Iterable[str], now: datetime) -> Credentials:
    """A new issuer for these names alone, vouched for by an authority that can never sign again."""
    forgotten, key = new_key(), new_key()
    until = now + timedelta(days=AUTHORITY_DAYS)
    title, own = named("comptoir authority for vendor hosts"), named("comptoir issuer for vendor hosts")
    bounds = x509.NameConstraints([x509.DNSName(name) for name in names], EVERY_ADDRESS)
    authority = signing(title, forgotten, title, forgotten, now, until, below=1)
    issuer = signing(own, key, title, forgotten, now, until, below=0)
    chain = tuple(
        builder.add_extension(bounds, critical=True).sign(forgotten, hashes.SHA256())
        for builder in (issuer, authority)
    )
    return Credentials(key, chain)


def make_server(names: Iterable[str], issuer: Credentials, now: datetime) -> Credentials:
    """A server's new key and certificate for these names."""
    key = new_key()
    until = min(now + timedelta(days=SERVER_DAYS), issuer.certificate.not_valid_after_utc)
    subject = named("comptoir for vendor hosts")
    builder = begun(subject, key, issuer.certificate.subject, issuer.key, now, until)
    for extension, critical in (
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (usage("digital_signature"), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), False),
    ):
        builder = builder.add_extension(extension, critical=critical)
    return Credentials(key, (builder.sign(issuer.key, hashes.SHA256()), *issuer.chain))


def new_key() -> Key:
    """A key on the curve that every client of the last fifteen years knows."""
    return ec.generate_private_key(ec.SECP256R1())


def named(title: str) -> x509.Name:
    """A name for a certificate's owner."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title)])


def usage(*wanted: str) -> x509.KeyUsage:
    """What a key may be used for, and nothing else."""
    return x509.KeyUsage(**{name: name in wanted for name in USAGES})


def signing(  # noqa: PLR0917 - the parts of a certificate in their usual order
    subject: x509.Name,
    key: Key,
    issuer: x509.Name,
    signer: Key,
    now: datetime,
    until: datetime,
    *,
    below: int,
) -> x509.CertificateBuilder:
    """The beginning of a certificate that may sign others, so many levels below it."""
    builder = begun(subject, key, issuer, signer, now, until)
    for extension, critical in (
        (x509.BasicConstraints(ca=True, path_length=below), True),
        (usage("key_cert_sign", "crl_sign"), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
    ):
        builder = builder.add_extension(extension, critical=critical)
    return builder


def begun(  # noqa: PLR0917 - as above
    subject: x509.Name, key: Key, issuer: x509.Name, signer: Key, now: datetime, until: datetime
) -> x509.CertificateBuilder:
    """What every certificate begins with."""
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
