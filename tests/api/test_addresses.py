"""Where a request comes from: only our own proxies are believed."""

import pytest
from django.test import RequestFactory, override_settings

from altis.api.addresses import client_ip, network_of


@pytest.mark.parametrize(
    ("hops", "peer", "forwarded", "expected"),
    [
        (0, "198.51.100.7", "203.0.113.1", "198.51.100.7"),
        (1, "10.0.0.1", "6.6.6.6, 203.0.113.1", "203.0.113.1"),
        (2, "10.0.0.1", "6.6.6.6, 203.0.113.1, 10.0.0.2", "203.0.113.1"),
        (2, "10.0.0.1", "203.0.113.1", "10.0.0.1"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (1, "10.0.0.1", "not an address", "10.0.0.1"),
        (0, "::ffff:198.51.100.7", "", "198.51.100.7"),
        (0, "2001:DB8:0::1", "", "2001:db8::1"),
        (0, "", "", "unknown"),
    ],
)
def test_the_address_is_what_our_outermost_proxy_saw(hops: int, peer: str, forwarded: str, expected: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)

    with override_settings(ALTIS_TRUSTED_PROXY_COUNT=hops):
        assert client_ip(request) == expected


@pytest.mark.parametrize(
    ("address", "network"),
    [("198.51.100.7", "198.51.100.7"), ("2001:db8::1", "2001:db8::/64"), ("unknown", "unknown")],
)
def test_an_ipv6_caller_is_counted_by_its_network(address: str, network: str) -> None:
    assert network_of(address) == network
