"""Which addresses a connection may go to, when a caller names where."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# What an operator may open with `allow_private`: this machine and the networks of a house.
_PRIVATE = tuple(
    map(
        ip_network,
        (
            "127.0.0.0/8",
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10",
            "::1/128",
            "fc00::/7",
        ),
    )
)

# Where clouds hand out credentials; some lie in private or even in public ranges, none ever serves an image.
_METADATA = frozenset(
    map(ip_address, ("169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254"))
)

# Set apart for assignments, relays, 6to4 and documentation; not every standard library knows them all.
_SPECIAL = tuple(
    map(
        ip_network, ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
    )
)

# All of IPv6 that is given to hosts of the internet: mapped, compatible and NAT64 addresses lie outside.
_GLOBAL_UNICAST = ip_network("2000::/3")


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if address in _METADATA or any(address in network for network in _SPECIAL):
        return False
    if address.version == 6 and address not in _GLOBAL_UNICAST:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def may_connect(text: str, *, allow_private: bool) -> bool:
    """Whether a connection may go to this address."""
    address = ip_address(text)
    if allow_private and address not in _METADATA and any(address in network for network in _PRIVATE):
        return True
    return _is_public(address)
