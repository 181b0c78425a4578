"""What may be stored, told from the bytes themselves."""

import re
import unicodedata
from enum import StrEnum

LARGEST = 8 * 1024 * 1024  # bytes
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2000  # pixels, of a stored image


class Kind(StrEnum):
    """What an owner asks for."""

    IMAGE = "image"
    PDF = "pdf"


def sniff(head: bytes) -> Kind | None:
    """What bytes begin like; names and declared types are not believed."""
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return Kind.IMAGE
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.IMAGE
    return Kind.PDF if head.startswith(b"%PDF-") else None


def is_heif(head: bytes) -> bool:
    """Whether bytes begin like a telephone's HEIC photograph, which browsers cannot show."""
    return head[4:8] == b"ftyp" and head[8:12] in {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"}


def clean_name(name: str, suffix: str) -> str:
    """A file name fit for a header and a list: no path, no control or direction marks, the true suffix."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    stem = last.rpartition(".")[0] or last
    kept = "".join(c for c in stem if c.isprintable() and unicodedata.category(c) not in {"Cf", "Co", "Cs"})
    kept = re.sub(r'[<>:"|?*;%\s]+', " ", kept).strip(" .")
    return (kept[: 120 - len(suffix)] or "file") + suffix
