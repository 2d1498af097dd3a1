"""Whom a proxy asks for: what it says of the caller counts when the proxy is one of those that are trusted."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from comptoir.operations.access import App, Environ, Start
from comptoir.operations.asking import address_of

Address = IPv4Address | IPv6Address
SCHEMES = frozenset({"http", "https"})
# So many proxies may stand one behind the other; what is named before them is not looked at.
HOPS_MAX = 20


class Behind:
    """The application behind proxies: the caller's address and scheme are those of who asked the outermost one.

    Only `X-Forwarded-For` and `X-Forwarded-Proto` are read, never `Forwarded` beside them: a proxy that writes the one
    hands the other on as its caller wrote it.
    """

    def __init__(self, app: App, proxies: Sequence[str]) -> None:
        self._app = app
        self._networks = tuple(ip_network(proxy) for proxy in proxies)

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Answer as a WSGI application."""
        peer = read_address(environ.get("REMOTE_ADDR", ""))
        if peer is not None and self._trusts(peer):
            environ["REMOTE_ADDR"] = str(self._caller(peer, environ.get("HTTP_X_FORWARDED_FOR", "")))
            scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip().lower()
            if scheme in SCHEMES:
                environ["wsgi.url_scheme"] = scheme
        return self._app(environ, start_response)

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
