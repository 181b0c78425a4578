"""What a camera reads off a label, or somebody types in its stead."""

import re

from yika.lib.office.reading import plain

_ADDRESS = re.compile(r"(?:^|/)r/(?P<of>[dp])/(?P<token>[A-Za-z0-9_-]{6,20})/?(?:[?#].*)?$")


def read_code(text: str) -> tuple[str, str]:
    """("d", token) of a device's label, ("p", token) of a place's, or ("", text) for a number typed."""
    text = plain(text)[:400]
    found = _ADDRESS.search(text)
    return (found["of"], found["token"]) if found else ("", text)
