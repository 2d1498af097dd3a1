"""How the programs of each language are told to trust the authority."""

import shlex
from pathlib import Path

from comptoir.domain.errors import Invalid

WAYS: dict[str, tuple[str, tuple[str, ...]]] = {
    "python": (
        "Python",
        ("export SSL_CERT_FILE={file}", "export REQUESTS_CA_BUNDLE={file}  # where `requests` is used"),
    ),
    "node": ("Node", ("export NODE_EXTRA_CA_CERTS={file}",)),
    "php": ("PHP", ("php -d curl.cainfo={file} -d openssl.cafile={file} your-script.php",)),
    "ruby": ("Ruby", ("export SSL_CERT_FILE={file}",)),
    "java": (
        "Java",
        (
            (
                "keytool -importcert -noprompt -alias comptoir -file {file} -keystore vendor-hosts.p12"
                " -storetype PKCS12 -storepass changeit"
            ),
            (
                "java -Djavax.net.ssl.trustStore=vendor-hosts.p12"
                " -Djavax.net.ssl.trustStorePassword=changeit YourProgram"
            ),
        ),
    ),
    "dotnet": (
        ".NET",
        (
            "export SSL_CERT_FILE={file}  # on Linux",
            "certutil -user -addstore Root {file}  # on Windows, for this user",
        ),
    ),
    "perl": ("Perl", ("export PERL_LWP_SSL_CA_FILE={file}",)),
    "curl": ("curl", ("export CURL_CA_BUNDLE={file}",)),
}


class UnknownWay(Invalid):
    """Nothing is known of how this language is told whom to trust."""


def ways_to_trust(authority: Path, language: str | None = None) -> dict[str, list[str]]:
    """The commands for each language, or for one. Refuses: UnknownWay."""
    if language is not None and language not in WAYS:
        raise UnknownWay("--trust", f"must be one of {', '.join(WAYS)}, not {language!r}")
    wanted = WAYS if language is None else {language: WAYS[language]}
    file = shlex.quote(str(authority.absolute()))
    return {name: [line.format(file=file) for line in lines] for name, (_, lines) in wanted.items()}


def title_of(language: str) -> str:
    """The language's name as people write it."""
    return WAYS[language][0]
