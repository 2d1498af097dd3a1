from __future__ import annotations

import ssl
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from comptoir.vendor_hosts.certificates import Credentials, begun, named, new_key


def shake(
    server: Path, authority: Path | None, name: str, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
) -> str | None:
    """Let a client that trusts the authority, and is strict, meet the server; the version they agreed on."""
    trusting = ssl.create_default_context(cafile=str(authority) if authority else None)
    trusting.verify_flags |= ssl.VERIFY_X509_STRICT
    trusting.minimum_version = trusting.maximum_version = version
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(server)
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting.wrap_bio(down, up, server_hostname=name)
    other = serving.wrap_bio(up, down, server_side=True)
    for _ in range(4):
        for side in (client, other):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return client.version()


def forged(issuer: Credentials, *, name: str = "", address: str = "") -> Credentials:
    """What a thief of the issuer's key would make: a certificate for whatever they like."""
    key = new_key()
    since = issuer.certificate.not_valid_before_utc + timedelta(days=1)
    said = x509.DNSName(name) if name else x509.IPAddress(ip_address(address))
    builder = begun(
        named("thief"), key, issuer.certificate.subject, issuer.key, since, since + timedelta(days=300)
    ).add_extension(x509.SubjectAlternativeName([said]), critical=False)
    return Credentials(key, (builder.sign(issuer.key, hashes.SHA256()), *issuer.chain))
