"""What a camera reads off a label, or somebody types in its stead."""

import re
import unicodedata

from yika.lib.office.reading import tidy

_ADDRESS = re.compile(r"(?:^|/)r/(?P<of>[dp])/(?P<token>[A-Za-z0-9_-]{6,20})/?(?:[?#].*)?$")


def plain_number(text: str) -> str:
    """A device's number as it is kept: ＸＦ－７７ of a Chinese keyboard is XF-77."""
    return tidy(unicodedata.normalize("NFKC", text))


def read_code(text: str) -> tuple[str, str]:
    """("d", token) of a device's label, ("p", token) of a place's, or ("", text) for a number typed."""
    text = plain_number(text)[:400]
    found = _ADDRESS.search(text)
    return (found["of"], found["token"]) if found else ("", text)
