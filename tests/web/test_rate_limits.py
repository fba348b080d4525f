"""By what the clients of pages are told apart when requests are counted."""

import pytest
from django.test import RequestFactory

from cases.web.rate_limits import client_network


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),  # whoever has one address of a /64 has all of them
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
    ],
)
def test_a_client_is_its_address_or_its_network(address: str, network: str) -> None:
    assert client_network(RequestFactory(REMOTE_ADDR=address).get("/")) == network
