"""Where a request comes from: only our own proxies are believed, and only what they themselves saw."""

import pytest
from django.test import RequestFactory, override_settings

from altis.api.addresses import client_ip, network_of

PROXY = "10.0.0.1"
LONG = ", ".join(["6.6.6.6"] * 1100)  # 10 kB


@pytest.mark.parametrize(
    ("hops", "peer", "forwarded", "expected"),
    [
        # Nothing in front: the header says nothing.
        (0, "198.51.100.7", "203.0.113.1", "198.51.100.7"),
        (0, "198.51.100.7", LONG, "198.51.100.7"),
        (0, "::ffff:198.51.100.7", "", "198.51.100.7"),
        (0, "2001:DB8:0::1", "", "2001:db8::1"),
        (0, "fe80::1%eth0", "", "fe80::1"),
        (0, "", "", "unknown"),
        (0, "/run/socket", "203.0.113.1", "unknown"),
        # One proxy: its own entry, the last one.
        (1, PROXY, "203.0.113.1", "203.0.113.1"),
        (1, PROXY, "6.6.6.6, 203.0.113.1", "203.0.113.1"),
        (1, PROXY, f"{LONG}, 203.0.113.1", "203.0.113.1"),
        (1, PROXY, "6.6.6.6,203.0.113.1 ", "203.0.113.1"),
        (1, PROXY, ",,,\t203.0.113.1", "203.0.113.1"),
        (1, PROXY, "203.0.113.1:4711", "203.0.113.1"),
        (1, PROXY, "2001:db8::1", "2001:db8::1"),
        (1, PROXY, "[2001:DB8::1]", "2001:db8::1"),
        (1, PROXY, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, PROXY, "::ffff:203.0.113.1", "203.0.113.1"),
        (1, PROXY, "fe80::1%anything at all", "fe80::1"),
        # What is no address is nobody's: the peer counts.
        (1, PROXY, "", PROXY),
        (1, PROXY, "203.0.113.1,", PROXY),
        (1, PROXY, "not an address", PROXY),
        (1, PROXY, "203.0.113.1, unknown", PROXY),
        (1, PROXY, "203.0.113.256", PROXY),
        (1, PROXY, "203.0.113.1:", PROXY),
        (1, PROXY, "203.0.113.1:4711:1", PROXY),
        (1, PROXY, "203.0.113.01", PROXY),
        (1, PROXY, "0x7f.1", PROXY),
        (1, PROXY, "2130706433", PROXY),
        (1, PROXY, "[203.0.113.1", PROXY),
        (1, PROXY, "\u0661.2.3.4", PROXY),
        (1, PROXY, '"203.0.113.1"', PROXY),
        # Two proxies: what the outer one saw.
        (2, PROXY, "6.6.6.6, 203.0.113.1, 10.0.0.2", "203.0.113.1"),
        (2, PROXY, "203.0.113.1, 10.0.0.2", "203.0.113.1"),
        (2, PROXY, f"{LONG}, [2001:db8::1]:1, 10.0.0.2", "2001:db8::1"),
        (2, PROXY, "203.0.113.1", PROXY),
        (2, PROXY, "garbage, 10.0.0.2", PROXY),
        (2, PROXY, "", PROXY),
    ],
)
def test_the_address_is_what_our_outermost_proxy_saw(hops: int, peer: str, forwarded: str, expected: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)

    with override_settings(ALTIS_TRUSTED_PROXY_COUNT=hops):
        assert client_ip(request) == expected


@pytest.mark.parametrize("name", ["X-Real-IP", "Forwarded", "Client-IP", "True-Client-IP", "X-Client-IP"])
def test_no_other_header_says_who_calls(name: str) -> None:
    told = {name: "6.6.6.6", "X-Forwarded-For": "203.0.113.1"}
    request = RequestFactory().get("/", REMOTE_ADDR=PROXY, headers=told)

    with override_settings(ALTIS_TRUSTED_PROXY_COUNT=1):
        assert client_ip(request) == "203.0.113.1"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:ffff:ffff:ffff", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("unknown", "unknown"),
    ],
)
def test_an_ipv6_caller_is_counted_by_its_network(address: str, network: str) -> None:
    assert network_of(address) == network
