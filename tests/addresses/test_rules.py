"""Addresses and networks as arithmetic."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yika.addresses.rules import (
    MOVES,
    Nest,
    Network,
    State,
    Trouble,
    Unusable,
    Use,
    Verb,
    ip_of,
    is_special,
    key_of,
    may_be_gateway,
    nests,
    next_free,
    overlaps,
    parse_ip,
    parse_network,
    reach,
    span,
    usable,
)

V4 = st.integers(min_value=1 << 24, max_value=(0x7F << 24) - 1).map(IPv4Address)
V6 = st.integers(min_value=0x20010DA8 << 96, max_value=0x20010DA9 << 96).map(IPv6Address)
SMALL = st.tuples(st.integers(0, 255), st.integers(24, 32)).map(
    lambda drawn: ip_network((f"10.0.0.{drawn[0]}", drawn[1]), strict=False)
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (" 10.12.1.5 ", "10.12.1.5"),
        ("１０．１２．１．５", "10.12.1.5"),
        ("10。12。1。5", "10.12.1.5"),
        ("2001:DA8::0005", "2001:da8::5"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
    ],
)
def test_an_address_is_read_as_typed(typed: str, meant: str) -> None:
    assert str(parse_ip(typed)) == meant


@pytest.mark.parametrize(
    ("typed", "trouble", "detail"),
    [
        ("", Trouble.NO_ADDRESS, ""),
        ("10.12.1", Trouble.NO_ADDRESS, ""),
        ("10.12.1.256", Trouble.NO_ADDRESS, ""),
        ("010.012.1.5", Trouble.PADDED, "10.12.1.5"),
        ("fe80::1%eth0", Trouble.SCOPED, ""),
        ("127.0.0.1", Trouble.NOT_A_HOST, ""),
        ("224.0.0.5", Trouble.NOT_A_HOST, ""),
        ("255.255.255.255", Trouble.NOT_A_HOST, ""),
        ("::", Trouble.NOT_A_HOST, ""),
    ],
)
def test_what_is_no_machines_address_is_named(typed: str, trouble: Trouble, detail: str) -> None:
    with pytest.raises(Unusable) as refusal:
        parse_ip(typed)
    assert (refusal.value.trouble, refusal.value.detail) == (trouble, detail)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("10.12.1.0/24", "10.12.1.0/24"),
        ("10.12.1.0 / 255.255.255.0", "10.12.1.0/24"),
        ("10.12.1.0 255.255.255.128", "10.12.1.0/25"),
        ("2001:da8:1::/64", "2001:da8:1::/64"),
    ],
)
def test_a_network_is_read_as_typed(typed: str, meant: str) -> None:
    assert str(parse_network(typed)) == meant


@pytest.mark.parametrize(
    ("typed", "trouble", "detail"),
    [
        ("10.12.1.5/24", Trouble.HOST_BITS, "10.12.1.0/24"),
        ("10.12.1.0", Trouble.NO_PREFIX, ""),
        ("10.12.1.0/33", Trouble.NO_NETWORK, ""),
        ("10.12.1.0/0.0.0.255", Trouble.NO_NETWORK, ""),
        ("0.0.0.0/0", Trouble.NO_NETWORK, ""),
        ("224.0.0.0/8", Trouble.NOT_A_HOST, ""),
        ("食堂/24", Trouble.NO_NETWORK, ""),
    ],
)
def test_what_is_no_network_is_named(typed: str, trouble: Trouble, detail: str) -> None:
    with pytest.raises(Unusable) as refusal:
        parse_network(typed)
    if trouble is Trouble.NO_NETWORK:
        assert refusal.value.trouble in (Trouble.NO_NETWORK, Trouble.TOO_WIDE)
    else:
        assert (refusal.value.trouble, refusal.value.detail) == (trouble, detail)


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine
@given(st.lists(st.one_of(V4, V6), min_size=2, max_size=6, unique=True))
def test_keys_sort_as_addresses_and_lead_back(ips: list[IPv4Address | IPv6Address]) -> None:
    keys = sorted(map(key_of, ips))
    assert [ip_of(key) for key in keys] == sorted(ips, key=lambda ip: (ip.version, int(ip)))


@given(SMALL, st.sets(st.integers(0, 255), max_size=40), st.one_of(st.none(), st.integers(0, 255)))
def test_the_next_free_is_the_lowest_that_nobody_has(network, taken, beyond) -> None:  # type: ignore[no-untyped-def]
    ips = [ip_address(f"10.0.0.{number}") for number in taken]
    after = ip_address(f"10.0.0.{beyond}") if beyond is not None else None
    hosts = [
        ip
        for ip in network
        if not is_special(ip, network) and ip not in ips and (after is None or ip > after)
    ]
    assert next_free(network, ips, beyond=after) == (hosts[0] if hosts else None)


@given(SMALL)
def test_as_many_are_usable_as_are_no_special_ones(network) -> None:  # type: ignore[no-untyped-def]
    assert usable(network) == sum(not is_special(ip, network) for ip in network)


@given(st.lists(SMALL, max_size=8))
def test_overlaps_are_those_of_every_pair(networks) -> None:  # type: ignore[no-untyped-def]
    def plain(pair: tuple[Network, Network]) -> tuple[str, ...]:
        return tuple(sorted(map(str, pair)))

    every = sorted(plain(pair) for pair in combinations(networks, 2) if pair[0].overlaps(pair[1]))
    found = list(overlaps(networks))
    assert sorted(map(plain, found)) == every
    assert all(narrower[0] in wider and narrower[-1] in wider for wider, narrower in found)


@given(st.lists(SMALL, max_size=8, unique=True))
def test_a_network_lies_in_the_narrowest_and_knows_all_that_lie_in_it(networks) -> None:  # type: ignore[no-untyped-def]
    found = nests(networks)
    for one in networks:
        wider = [other for other in networks if other != one and one[0] in other and one[-1] in other]
        within = [other for other in networks if other != one and other[0] in one and other[-1] in one]
        nest = found.get(one, Nest())
        assert nest.around == max(wider, key=lambda other: other.prefixlen, default=None)
        assert sorted(map(str, nest.within)) == sorted(map(str, within))


@pytest.mark.parametrize(
    ("kind", "purpose", "may"),
    [("switch", "", True), ("", "一食堂网关", True), ("", "Gateway", True), ("payment-terminal", "", False)],
)
def test_who_may_be_a_gateway(kind: str, purpose: str, may: bool) -> None:
    assert may_be_gateway(kind, purpose) is may


@given(V4)
def test_a_part_of_an_address_reaches_it(ip: IPv4Address) -> None:
    parts = str(ip).split(".")
    for length in (2, 3, 4):
        reached = reach(".".join(parts[:length]))
        assert reached and reached[0] <= key_of(ip) <= reached[1]


def test_what_a_part_of_an_address_reaches() -> None:
    assert reach("10.12.") == span(parse_network("10.12.0.0/16"))
    assert reach("2001:da8") == span(parse_network("2001:da8::/32"))
    assert reach("食堂") is None and reach("10") is None and reach("10.999") is None


def test_use_never_says_less_than_none() -> None:
    use = Use(usable=2, in_use=2, reserved=1)
    assert (use.taken, use.free, use.is_tight) == (3, 0, True)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", Verb)
def test_every_state_answers_every_verb(state: State, verb: Verb) -> None:
    after = MOVES.get((state, verb))
    if state is State.FREE:
        assert (after is None) == (verb in (Verb.DESCRIBE, Verb.RELEASE))
    elif verb is Verb.RELEASE:
        assert after is State.FREE
    elif verb is Verb.DESCRIBE:
        assert after is state
    elif state is State.RESERVED:
        assert (after is None) == (verb is Verb.RESERVE)
    else:
        assert after is None
