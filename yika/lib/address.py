"""Where a request comes from, as far as the proxies in front can be trusted."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The sender's address: as many places from the right of X-Forwarded-For as there are proxies.

    What stands further left was written by the sender and is not believed.
    """
    direct = _clean(str(request.META.get("REMOTE_ADDR", ""))) or "0.0.0.0"  # noqa: S104
    if settings.PROXIES < 1:
        return direct
    hops = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    if len(hops) < settings.PROXIES:
        return direct
    return _clean(hops[-settings.PROXIES]) or direct


def network(address: str) -> str:
    """What one sender holds and a limit counts: an IPv4 address, or the /64 of an IPv6 address."""
    if isinstance(ip_address(address), IPv6Address):
        return str(ip_network(f"{address}/64", strict=False))
    return address


def _clean(text: str) -> str:
    """The canonical spelling without port or zone; empty when it is no address."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(found)
