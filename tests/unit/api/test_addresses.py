"""Whose address counts (SE-2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_booking.api.addresses import address_of, is_unlisted_proxy, networks

NONE = networks("")
PROXIES = networks("10.0.0.1\n192.168.0.0/16\nfd00::/8")


@pytest.mark.parametrize(
	"forged", ["", "1.2.3.4", "1.2.3.4, 5.6.7.8", "127.0.0.1", "unknown", "\x00", "," * 100]
)
def test_without_proxies_the_socket_counts(forged):
	"""IN-16: whatever a client writes into the header."""
	assert address_of("127.0.0.1", forged, NONE) == "127.0.0.1"
	assert address_of("203.0.113.7", forged, PROXIES) == "203.0.113.7"


@pytest.mark.parametrize(
	("forwarded", "address"),
	[
		("203.0.113.7", "203.0.113.7"),
		("1.2.3.4, 203.0.113.7", "203.0.113.7"),
		("1.2.3.4, 203.0.113.7, 192.168.5.5", "203.0.113.7"),
		("1.2.3.4,203.0.113.7,192.168.5.5,192.168.5.6", "203.0.113.7"),
		("192.168.5.5", "192.168.5.5"),
		("", "10.0.0.1"),
		("rubbish", "10.0.0.1"),
		("1.2.3.4, rubbish, 192.168.5.5", "192.168.5.5"),
		("203.0.113.7:51234", "203.0.113.7"),
		("[2001:db8:1:2:3::4]:443", "2001:db8:1:2::/64"),
		("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
	],
)
def test_a_proxy_is_believed_about_its_own_client_only(forwarded, address):
	"""IN-16: read from the right, while the one who wrote is a proxy of ours."""
	assert address_of("10.0.0.1", forwarded, PROXIES) == address


def test_an_ipv6_caller_is_its_network():
	"""SE-2: /64, which one household or server has to itself."""
	assert address_of("2001:db8::1", "", NONE) == address_of("2001:db8::ffff:2", "", NONE)
	assert address_of("2001:db8::1", "", NONE) != address_of("2001:db8:0:1::1", "", NONE)
	assert address_of("::ffff:203.0.113.7", "", NONE) == "203.0.113.7"
	assert address_of("fe80::1%eth0", "", NONE) == "fe80::/64"


def test_a_setting_that_is_half_wrong_counts_for_what_is_right():
	"""SE-2: one address or network a line."""
	assert len(networks("10.0.0.1\nproxy.example\n\n 10.0.0.5/24 \n")) == 2


@given(st.text(max_size=30), st.text(max_size=200))
def test_any_header_gives_some_address(socket, forwarded):
	"""IN-16: never an error, and never more than a column takes."""
	assert 0 < len(address_of(socket, forwarded, PROXIES)) <= 64


@given(st.lists(st.ip_addresses().map(str), max_size=5))
def test_what_a_client_writes_never_changes_what_the_proxy_wrote(written):
	"""IN-16: with one proxy, the last entry counts, whatever stands before it."""
	assert address_of("10.0.0.1", ", ".join([*written, "203.0.113.7"]), PROXIES) == "203.0.113.7"


def test_a_proxy_that_the_settings_forgot_is_noticed():
	"""SE-2: else everybody behind it would share one limit, and nobody would know why."""
	assert is_unlisted_proxy("127.0.0.1", "203.0.113.7", NONE)
	assert is_unlisted_proxy("172.18.0.1", "203.0.113.7", PROXIES)
	assert not is_unlisted_proxy("127.0.0.1", "", NONE)
	assert not is_unlisted_proxy("10.0.0.1", "203.0.113.7", PROXIES)
	assert not is_unlisted_proxy("9.9.9.9", "203.0.113.7", NONE)
	assert not is_unlisted_proxy("", "203.0.113.7", NONE)
