"""Which addresses may be reached: decided on the address, whatever name led to it."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.errors import FetchError
from harvester.web.guard import Guard, judge, may_reach
from harvester.web.trouble import PassingError

PUBLIC = ["1.1.1.1", "8.8.8.8", "172.32.0.1", "192.169.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"]
PRIVATE = ["127.0.0.1", "127.255.0.9", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "::1",
           "fd12:3456::1", "fc00::1"]  # fmt: skip
NEVER = [
    "0.0.0.0", "0.1.2.3", "169.254.169.254", "169.254.0.1", "100.64.0.1", "100.100.100.200", "168.63.129.16",
    "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
    "240.0.0.1", "255.255.255.255", "192.88.99.1",
    "::", "fe80::1", "fe80::1%eth0", "febf::1", "fec0::1", "ff02::1", "fd00:ec2::254", "fd00:c1::a9fe:a9fe",
    "fd20:ce::254", "fd00:42::42", "2001:db8::1", "2001::1", "3fff::1", "100::1", "64:ff9b:1::1",
    "::7f00:1", "4000::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_global_unicast_may_be_reached(address: str) -> None:
    assert may_reach(ipaddress.ip_address(address), allow_private=False)


@pytest.mark.parametrize("address", PRIVATE)
def test_loopback_and_private_addresses_need_leave(address: str) -> None:
    assert not may_reach(ipaddress.ip_address(address), allow_private=False)
    assert may_reach(ipaddress.ip_address(address), allow_private=True)


@pytest.mark.parametrize("address", NEVER)
def test_metadata_and_the_like_are_never_reached(address: str) -> None:
    assert not may_reach(ipaddress.ip_address(address), allow_private=True)


@given(st.ip_addresses(v=4))
def test_an_ipv6_address_is_judged_by_the_ipv4_address_that_it_carries(inner: ipaddress.IPv4Address) -> None:
    mapped = ipaddress.IPv6Address(f"::ffff:{inner}")
    nat64 = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) + int(inner))
    six_to_four = ipaddress.IPv6Address((0x2002 << 112) + (int(inner) << 80))
    assert judge(mapped) == judge(nat64) == judge(six_to_four) == judge(inner)


@given(st.ip_addresses())
def test_what_python_calls_private_or_special_is_not_public(address: ipaddress.IPv4Address) -> None:
    """Held against the tables that the standard library carries. It must never be the looser one."""
    if judge(address) == "public":
        assert not address.is_loopback
        assert not address.is_link_local
        assert not address.is_multicast
        assert not address.is_unspecified
        assert not address.is_private or ipaddress.ip_address(address) in ipaddress.ip_network("64:ff9b::/96")


# ------------------------------------------------------------------------------ names


def resolver(monkeypatch: pytest.MonkeyPatch, **names: Sequence[str]) -> list[str]:
    """Names that resolve as given (with _ for .); returns the list of what is looked up."""
    looked_up: list[str] = []

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        looked_up.append(host)
        found = names.get(host.lower().rstrip(".").replace(".", "_"), [])
        families = {4: socket.AF_INET, 6: socket.AF_INET6}
        return [
            (families[ipaddress.ip_address(a).version], socket.SOCK_STREAM, 6, "", (a, port)) for a in found
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return looked_up


def reached(guard: Guard, host: str) -> list[str]:
    return [candidate.sockaddr[0] for candidate in guard.candidates(host, 443, "https://asked.example/")]


def test_a_name_that_leads_inside_is_refused_with_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver(monkeypatch, inside_example=["10.1.2.3"], cloud_example=["169.254.169.254"])
    told = r"https://asked.example/: It leads to inside\.example \(10\.1\.2\.3\), which is inside a private"
    with pytest.raises(FetchError, match=told):
        reached(Guard(), "inside.example")
    with pytest.raises(
        FetchError, match=r"It leads to cloud\.example \(169\.254\.169\.254\), where no portal"
    ):
        reached(Guard("cloud.example"), "cloud.example")


def test_of_several_addresses_only_those_outside_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver(monkeypatch, mixed_example=["10.0.0.1", "1.1.1.1", "fe80::1", "2606:4700::1111", "127.0.0.1"])
    assert reached(Guard(), "mixed.example") == ["1.1.1.1", "2606:4700::1111"]


def test_a_name_is_resolved_once_for_each_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was judged is what is connected to: there is no second answer that could be another."""
    looked_up = resolver(monkeypatch, portal_example=["1.1.1.1"])
    assert reached(Guard(), "portal.example") == ["1.1.1.1"]
    assert looked_up == ["portal.example"]


def test_a_host_with_hundreds_of_addresses_is_not_tried_for_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver(monkeypatch, many_example=[f"1.1.1.{n}" for n in range(200)])
    assert len(reached(Guard(), "many.example")) < 10


def test_leave_for_private_addresses_is_for_the_sources_own_host(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver(monkeypatch, own_example=["10.0.0.5"], other_example=["10.0.0.6"], alias_example=["10.0.0.5"])
    guard = Guard("own.example")
    with pytest.raises(FetchError):
        reached(guard, "alias.example")
    assert reached(guard, "OWN.example.") == ["10.0.0.5"]
    assert reached(guard, "alias.example") == ["10.0.0.5"]  # another name of the same machine
    with pytest.raises(FetchError, match="allow_private is for the source's own host"):
        reached(guard, "other.example")


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "0", "::ffff:127.0.0.1"])
def test_other_ways_to_write_loopback_do_not_help(host: str) -> None:
    with pytest.raises(FetchError, match="It was not asked"):
        Guard().candidates(host, 80, "http://x.example/")


@pytest.mark.parametrize("host", ["nowhere.invalid", "a" * 70 + ".example", "a..b", "x\0y", ""])
def test_a_name_that_does_not_exist_is_told(host: str) -> None:
    with pytest.raises(FetchError):
        Guard().candidates(host, 80, "http://x.example/")


def test_a_resolver_that_is_down_is_worth_another_try(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", down)
    with pytest.raises(PassingError, match=r"The name portal\.example could not be looked up"):
        Guard().candidates("portal.example", 80, "http://portal.example/")


def test_a_name_without_any_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver(monkeypatch)
    with pytest.raises(FetchError, match=r"The host portal\.example has no address"):
        reached(Guard(), "portal.example")
