"""Which addresses may be reached.

A portal decides where its redirects and its pages lead, and whoever owns its name decides which
address that name has tonight. So the harvester, which runs inside somebody's network or on a cloud
machine, must not follow a name but judge the address that it is about to connect to: after the name
was resolved, and for the very address that is then used. Checking a URL first and resolving its name
again afterwards would leave a gap in which the answer can change (DNS rebinding).

The registries behind the tables: IANA's special-purpose address registries for IPv4 and IPv6
(RFC 6890), RFC 4291 (IPv6), RFC 6052 (NAT64), RFC 3056 (6to4), and the documentation of cloud
providers for the addresses at which machines find their own credentials.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from threading import Lock
from typing import Any, Literal, NamedTuple

from harvester.errors import FetchError
from harvester.model import N_
from harvester.web.trouble import PassingError

Address = IPv4Address | IPv6Address

_MOST_CANDIDATES = 6  # addresses of one name that are tried

_NEVER_4 = [
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network; 0.0.0.0 reaches the machine itself
        "100.64.0.0/10",  # shared by an operator's customers; holds 100.100.100.200 (metadata)
        "168.63.129.16/32",  # a cloud's metadata, though it looks public
        "169.254.0.0/16",  # link-local; holds 169.254.169.254 (metadata)
        "192.0.0.0/24",  # protocol assignments; holds 192.0.0.192 (metadata)
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # former 6to4 relays
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
]
_PRIVATE_4 = [IPv4Network(n) for n in ("10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]

_GLOBAL_6 = IPv6Network("2000::/3")  # all global unicast that is given out lies in here
_NEVER_6 = [
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
        "fd00:42::42/128",  # metadata
        "fd00:c1::a9fe:a9fe/128",  # metadata
        "fd00:ec2::/32",  # metadata, time and names of a cloud
        "fd20:ce::254/128",  # metadata
    )
]
_PRIVATE_6 = [IPv6Network(network) for network in ("::1/128", "fc00::/7")]
_NAT64 = IPv6Network("64:ff9b::/96")


def judge(address: Address) -> Literal["public", "private", "never"]:
    """What an address is to us: to be reached, only where `allow_private` says so, or never at all.

    An IPv6 address that carries an IPv4 address (mapped, 6to4, NAT64) is judged by what it carries.
    """
    if isinstance(address, IPv6Address):
        if carried := _carried(address):
            return judge(carried)
        if any(address in network for network in _NEVER_6):
            return "never"
        if address in _GLOBAL_6:
            return "public"
        return "private" if any(address in network for network in _PRIVATE_6) else "never"
    if any(address in network for network in _NEVER_4):
        return "never"
    return "private" if any(address in network for network in _PRIVATE_4) else "public"


def _carried(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def may_reach(address: Address, allow_private: bool) -> bool:
    """Only global unicast; with `allow_private` loopback and private networks as well."""
    kind = judge(address)
    return kind == "public" or (kind == "private" and allow_private)


class Candidate(NamedTuple):
    """An address that was judged and may be connected to: family, protocol, and `connect`'s argument."""

    family: socket.AddressFamily
    protocol: int
    sockaddr: Any


_Resolved = tuple[socket.AddressFamily, socket.SocketKind, int, str, Any]
"""As `socket.getaddrinfo` gives them."""


class Guard:
    """Resolves a host's name once and lets only addresses through that may be reached.

    `private_host` is the host of a source with `allow_private`: a maintainer vouches for that host,
    not for wherever its redirects and pages lead. Other hosts are let through when they are public, or
    stand at an address that the source's own host stands at.
    """

    def __init__(self, private_host: str | None = None) -> None:
        self._private_host = private_host
        self._own: set[Address] = set()
        self._lock = Lock()

    def candidates(self, host: str, port: int, where: str) -> list[Candidate]:
        """The addresses to connect to, in the resolver's order; never empty.

        Raises `FetchError` for an unknown host and for one without any address that may be reached;
        `where` is what was asked for, to be named in it.
        """
        allowed, refused = [], None
        is_own = self._private_host is not None and host.lower().rstrip(".") == self._private_host
        for family, _, protocol, _, sockaddr in self._resolve(host, port, where):
            address = ip_address(sockaddr[0])
            if may_reach(address, is_own) or self._stands_beside(address):
                allowed.append(Candidate(family, protocol, sockaddr))
            else:
                refused = address
        if not allowed:
            raise self._refusal(host, refused, where)
        if is_own:
            with self._lock:
                self._own.update(ip_address(candidate.sockaddr[0]) for candidate in allowed)
        return allowed[:_MOST_CANDIDATES]

    def _stands_beside(self, address: Address) -> bool:
        with self._lock:
            return address in self._own

    @staticmethod
    def _resolve(host: str, port: int, where: str) -> Sequence[_Resolved]:
        remedy = N_("Check the spelling of the address; if it is right, its operator must mend the name.")
        try:
            return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            if error.errno == socket.EAI_AGAIN:
                raise PassingError(
                    where,
                    N_("The name {host} could not be looked up."),
                    N_("If this stays so, look whether this machine has a network and the name is right."),
                    host=host,
                ) from error
            raise FetchError(where, N_("There is no host {host}."), remedy, host=host) from error
        except (UnicodeError, ValueError) as error:  # no name at all: a label too long, a NUL
            raise FetchError(where, N_("There is no host {host}."), remedy, host=host) from error

    def _refusal(self, host: str, address: Address | None, where: str) -> FetchError:
        if address is None:
            return FetchError(where, N_("The host {host} has no address."), host=host)
        place = host if host == str(address) else f"{host} ({address})"
        if judge(address) == "never":
            return FetchError(
                where,
                N_("It leads to {place}, where no portal can be: a link-local, metadata, multicast or "
                   "reserved address. It was not asked."),
                N_("Ask the portal's operator why it leads there."),
                place=place,
            )  # fmt: skip
        return FetchError(
            where,
            N_("It leads to {place}, which is inside a private network. It was not asked."),
            N_("If it is meant, write allow_private: true at the source whose own address this is.")
            if self._private_host is None
            else N_("allow_private is for the source's own host; write a source of its own for another one."),
            place=place,
        )
