"""Addresses and networks as people write them, and the key that sorts them.

A key is the version and the address as 32 hexadecimal digits: its order as text is the order of addresses,
IPv4 before IPv6, on every database.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

IP = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_LONGEST = 60
_PADDED = re.compile(r"(?<![\d.])0+(?=\d)|(?<=\.)0+(?=\d)")
_DOTTED = re.compile(r"\d{1,3}(\.\d{1,3}){0,3}\.?")
_COLONED = re.compile(r"[0-9a-f]{1,4}(:[0-9a-f]{1,4}){0,7}:?")


class Trouble(StrEnum):
    """What can be wrong with an address or a network; worded in ``sentences``."""

    NO_ADDRESS = "no_address"
    PADDED = "padded"  # 010 is eight to some programs and ten to others
    SCOPED = "scoped"
    NOT_A_HOST = "not_a_host"
    NO_NETWORK = "no_network"
    NO_PREFIX = "no_prefix"
    HOST_BITS = "host_bits"
    TOO_WIDE = "too_wide"


class Unusable(Exception):
    """A text that cannot be used; ``detail`` is what may have been meant, where that can be told."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(trouble.value)
        self.trouble, self.detail = trouble, detail


def plain(text: str) -> str:
    """A text as typed with any keyboard: full-width digits and signs and 。 become plain ones."""
    return unicodedata.normalize("NFKC", text).replace("。", ".").strip().lower()


def parse_ip(text: str) -> IP:
    """One address of one machine. An IPv4 address written as IPv6 is the IPv4 address. Raises: Unusable."""
    text = plain(text)
    if "%" in text:
        raise Unusable(Trouble.SCOPED)
    try:
        found = ip_address(text[:_LONGEST])
    except ValueError:
        _insist_unpadded(text)
        raise Unusable(Trouble.NO_ADDRESS) from None
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if not _is_host(found):
        raise Unusable(Trouble.NOT_A_HOST)
    return found


def parse_network(text: str) -> Network:
    """A network: 10.12.1.0/24, 10.12.1.0/255.255.255.0 or 10.12.1.0 255.255.255.0. Raises: Unusable."""
    text = re.sub(r"\s*/\s*|\s+", "/", plain(text))[:_LONGEST]
    if "%" in text:
        raise Unusable(Trouble.SCOPED)
    if "/" not in text:
        parse_ip(text)
        raise Unusable(Trouble.NO_PREFIX)
    address, _slash, mask = text.partition("/")
    _insist_unpadded(address)
    if mask.startswith("0.") or (mask.startswith("0") and mask != "0"):
        raise Unusable(Trouble.NO_NETWORK)  # a host mask, read by some programs the other way round
    try:
        found = ip_network(text)
    except ValueError:
        try:
            meant = ip_network(text, strict=False)
        except ValueError:
            raise Unusable(Trouble.NO_NETWORK) from None
        raise Unusable(Trouble.HOST_BITS, str(meant)) from None
    if found.prefixlen < (8 if found.version == 4 else 16):
        raise Unusable(Trouble.TOO_WIDE)
    if not (_is_host(found[0]) and _is_host(found[-1])):
        raise Unusable(Trouble.NOT_A_HOST)
    return found


def _insist_unpadded(text: str) -> None:
    meant = _PADDED.sub("", text)
    if meant != text and _DOTTED.fullmatch(text):
        raise Unusable(Trouble.PADDED, meant)


def _is_host(ip: IP) -> bool:
    """Whether an address can be one machine's: not loopback, multicast, the empty or the last one."""
    if ip.is_loopback or ip.is_multicast or ip.is_unspecified:
        return False
    if isinstance(ip, IPv4Address):
        return 1 << 24 <= int(ip) < 0xF0 << 24
    return ip.ipv4_mapped is None


def key_of(ip: IP) -> str:
    """The sortable key of an address."""
    return f"{ip.version}{int(ip):032x}"


def ip_of(key: str) -> IP:
    """The address of a key."""
    number = int(key[1:], 16)
    return IPv4Address(number) if key[0] == "4" else IPv6Address(number)


def in_order(texts: Iterable[str]) -> list[str]:
    """Addresses once each, IPv4 before IPv6, by number. Raises: Unusable."""
    return [str(ip_of(key)) for key in sorted({key_of(parse_ip(text)) for text in texts})]


def span(network: Network) -> tuple[str, str]:
    """The first and the last key of a network."""
    return key_of(network[0]), key_of(network[-1])


def reach(text: str) -> tuple[str, str] | None:
    """The keys from … to that a part of an address means: 10.12, 10.12.0.0/16, 2001:da8; else None.

    A part is whole numbers from the left; without a dot or colon it says too little.
    """
    text = plain(text)
    if len(text) > _LONGEST or not ("." in text or ":" in text):
        return None
    try:
        return span(ip_network(text, strict=False))
    except ValueError:
        pass
    if _DOTTED.fullmatch(text):
        parts = text.rstrip(".").split(".")
        filled = ".".join([*parts, *["0"] * (4 - len(parts))])
        length = 8 * len(parts)
    elif _COLONED.fullmatch(text):
        parts = text.rstrip(":").split(":")
        filled = ":".join([*parts, *["0"] * (8 - len(parts))])
        length = 16 * len(parts)
    else:
        return None
    try:
        return span(ip_network(f"{filled}/{length}", strict=False))
    except ValueError:
        return None
