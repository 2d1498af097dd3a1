"""Whom a proxy asks for: what it says of the caller counts when the proxy is one of those that are trusted."""

import re
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from comptoir.operations.access import App, Environ, Start
from comptoir.operations.asking import address_of
from comptoir.operations.forwarded import last_hop

Address = IPv4Address | IPv6Address
SCHEMES = frozenset({"http", "https"})
# So many proxies may stand one behind the other; what is named before them is not looked at.
HOPS_MAX = 20
X_FORWARDED, X_FORWARDED_HOST, FORWARDED = "x-forwarded", "x-forwarded-host", "forwarded"
WAYS = (X_FORWARDED, X_FORWARDED_HOST, FORWARDED)
"""Which headers the proxies write: `X-Forwarded-For` and `-Proto`; those and `-Host`; or `Forwarded` of RFC 7239."""
HOST = re.compile(r"(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?", re.IGNORECASE | re.ASCII)


class Behind:
    """The application behind proxies: the caller's address and scheme are those of who asked the outermost one.

    Only the headers of one way are read, never another beside them: a proxy that writes the ones hands the others on
    as its caller wrote them.
    """

    def __init__(self, app: App, proxies: Sequence[str], way: str = X_FORWARDED) -> None:
        assert way in WAYS
        self._app = app
        self._networks = tuple(ip_network(proxy) for proxy in proxies)
        self._read = self._read_forwarded if way == FORWARDED else self._read_x_forwarded
        self._takes_host = way == X_FORWARDED_HOST

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Answer as a WSGI application."""
        peer = read_address(environ.get("REMOTE_ADDR", ""))
        if peer is not None and self._trusts(peer):
            caller, scheme, host = self._read(peer, environ)
            environ["REMOTE_ADDR"] = str(caller)
            if scheme.lower() in SCHEMES:
                environ["wsgi.url_scheme"] = scheme.lower()
            if HOST.fullmatch(host):
                environ["HTTP_HOST"] = host
        return self._app(environ, start_response)

    def _read_x_forwarded(self, peer: Address, environ: Mapping[str, str]) -> tuple[Address, str, str]:
        """The caller; the last scheme that is told, and the last host where that is written."""
        caller = self._caller(peer, environ.get("HTTP_X_FORWARDED_FOR", ""))
        scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip()
        told = environ.get("HTTP_X_FORWARDED_HOST", "") if self._takes_host else ""
        return caller, scheme, told.rpartition(",")[2].strip()

    def _read_forwarded(self, peer: Address, environ: Mapping[str, str]) -> tuple[Address, str, str]:
        """The caller, and which scheme and host they asked the outermost trusted proxy for."""
        caller, outermost = peer, dict[str, str]()
        told = environ.get("HTTP_FORWARDED", "")
        for _ in range(HOPS_MAX):
            told, hop = last_hop(told)
            if hop is None:
                break
            outermost = hop
            address = read_address(hop.get("for", ""))
            if address is None:
                break
            caller = address
            if not self._trusts(caller):
                break
        return caller, outermost.get("proto", ""), outermost.get("host", "")

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._networks)

    def _caller(self, peer: Address, told: str) -> Address:
        """The last one told that is no trusted proxy; what is told before it, or before a riddle, proves nothing."""
        caller = peer
        for hop in reversed(told.rsplit(",", HOPS_MAX)):
            address = read_address(hop.strip())
            if address is None:
                break
            caller = address
            if not self._trusts(caller):
                break
        return caller


def read_address(text: str) -> Address | None:
    """An address, with a port or without; None when it is none. One of IPv4 in the clothes of IPv6 is itself."""
    if "%" in text:
        return None
    try:
        address = ip_address(address_of(text))
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
