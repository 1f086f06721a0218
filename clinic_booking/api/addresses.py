"""The caller's address, from the socket or what trusted proxies say (SE-2). Pure."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Networks = tuple[IPv4Network | IPv6Network, ...]


@lru_cache(maxsize=16)
def networks(lines: str) -> Networks:
	"""The networks in a setting, one address or network a line; what is neither is left out."""
	found = []
	for line in lines.split():
		try:
			found.append(ip_network(line, strict=False))
		except ValueError:
			continue
	return tuple(found)


def address_of(socket: str, forwarded: str, proxies: Networks) -> str:
	"""The caller's address, an IPv6 one as its /64: `socket`, or what trusted proxies say of it.

	`forwarded` is X-Forwarded-For. Each proxy appends whom it heard from, so it is read from the right,
	and only as long as the one who wrote is a proxy of ours; everything left of that anyone can write.
	"""
	address = _parsed(socket)
	hops = forwarded.split(",") if forwarded else []
	while hops and address is not None and any(address in network for network in proxies):
		if (before := _parsed(hops.pop())) is None:
			break
		address = before
	if address is None:
		return "unknown"
	if address.version == 6:
		return str(ip_network((address, 64), strict=False))
	return str(address)


def is_unlisted_proxy(socket: str, forwarded: str, proxies: Networks) -> bool:
	"""Whether the socket looks like a proxy of ours that nobody listed: near by, and it forwards for others."""
	address = _parsed(socket)
	return bool(forwarded and address and address.is_private) and not any(address in each for each in proxies)


def _parsed(text: str) -> Address | None:
	text = text.strip().strip('"')
	if text.startswith("["):
		text = text[1:].split("]")[0]
	elif text.count(":") == 1:
		text = text.split(":")[0]
	try:
		address = ip_address(text.split("%")[0])
	except ValueError:
		return None
	return getattr(address, "ipv4_mapped", None) or address
