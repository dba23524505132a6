"""The network that a request comes from: decided once, from trusted proxies only.

``X-Forwarded-For`` is written by everyone on the way, the client first. So it is read from the right, and
only as far as the machines that pass it on are proxies of our own (``site.trusted_proxies``). The first
address that is none of them is the client; whatever stands left of it is hearsay.
"""

from __future__ import annotations

from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: A subscriber of IPv6 holds at least a /64 and may take any address in it, so the /64 is the client.
IPV6_CLIENT_BITS = 64
#: Proxies between the client and us; a longer header is not walked to its end.
MOST_HOPS = 16


def networks(written: Iterable[str]) -> tuple[Network, ...]:
    """The trusted networks as values.

    Raises:
        ValueError: a text is no network; the message names it.
    """
    return tuple(ip_network(text, strict=False) for text in written)


def parse(text: str) -> Address | None:
    """An address as a value, IPv4 inside IPv6 (``::ffff:192.0.2.1``) as IPv4; None if it is none."""
    try:
        address = ip_address(text.strip().removeprefix("[").partition("]")[0].partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def client(peer: str, forwarded: str, trusted: Sequence[Network]) -> Address | None:
    """The client's address.

    Args:
        peer: the address at the other end of the connection; empty for a Unix socket, which only a
            proxy on this machine can open, so its word is taken when any proxy is trusted at all.
        forwarded: the value of ``X-Forwarded-For``, several headers joined by commas.
        trusted: networks of our own proxies.
    """
    here = parse(peer)
    if not trusted or (here is not None and not _within(here, trusted)):
        return here
    for hop in reversed(forwarded.split(",")[-MOST_HOPS:]):
        address = parse(hop)
        if address is None:
            return here
        here = address
        if not _within(address, trusted):
            return here
    return here


def network_of(address: Address | None) -> str:
    """The network that is counted as one client: the IPv4 address, the /64 of IPv6."""
    if address is None:
        return "local"
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ip_network((address, IPV6_CLIENT_BITS), strict=False))


def _within(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)
