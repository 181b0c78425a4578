"""What a text is found by: its words as pairs of neighbouring characters, and pinyin initials.

Pure functions. A text and what somebody types go through the same mapping, character by character, so a
part of a text gives a part of its words: whoever types two characters in a row finds what holds them.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from pypinyin.pinyin_dict import pinyin_dict

BREAK = "·"  # between words: no pair reaches over it
REST = "※"  # behind it stands what a thing is found by, but not called
JOINERS = frozenset("-_.")
MOST_SPELLINGS = 8
MOST_WORDS = 5


def _letters(text: str) -> str:
    """Full-width, compatibility and capital forms as the plain one; accents dropped."""
    return _bare(_bare(text).casefold())


def _bare(text: str) -> str:
    return "".join(
        sign for sign in unicodedata.normalize("NFKD", text) if unicodedata.category(sign)[0] != "M"
    )


def words(text: str) -> list[str]:
    """The words of a text: letters and digits in a row. XF-0001 is one word, 一食堂/一楼 are two."""
    signs = (sign if sign.isalnum() else "" if sign in JOINERS else " " for sign in _letters(text))
    return "".join(signs).split()


def sought(text: str) -> tuple[str, ...]:
    """The words somebody looks for, each once, at most five."""
    return tuple(dict.fromkeys(words(text)))[:MOST_WORDS]


def pairs(word: str) -> list[str]:
    """一食堂 → 一食, 食堂; a single character stays as it is."""
    return [a + b for a, b in pairwise(word)] or [word]


def phrase(word: str) -> str:
    """A word as it stands inside ``document``; of one character, the character."""
    return " ".join(pairs(word))


@lru_cache(maxsize=4096)
def _initials_of(sign: str) -> str:
    """The first letters of a character's readings, the commonest first; a Latin letter or digit itself."""
    readings = pinyin_dict.get(ord(sign))
    if readings is None:
        return sign if sign.isascii() else ""
    return "".join(dict.fromkeys(_letters(reading[:1]) for reading in readings.split(",")))


def initials(word: str) -> list[str]:
    """张三丰 → zsf. A character with several readings gives one more spelling for each, a few at most.

    Nothing for a word without Chinese characters.
    """
    if word.isascii():
        return []
    letters = [found for found in map(_initials_of, word) if found]
    usual = [found[0] for found in letters]
    spellings = ["".join(usual)]
    for place, found in enumerate(letters):
        spellings += ["".join([*usual[:place], other, *usual[place + 1 :]]) for other in found[1:]]
    return [spelling for spelling in spellings[:MOST_SPELLINGS] if len(spelling) > 1]


def named(texts: Iterable[str]) -> list[str]:
    """The words of names, and their pinyin initials."""
    found = [word for text in texts for word in words(text)]
    return list(dict.fromkeys([*found, *(spelling for word in found for spelling in initials(word))]))


def document(own: Iterable[str], rest: Iterable[str] = ()) -> str:
    """What is kept of a thing to find it by: the pairs of its own words, and of others behind ``REST``."""
    behind = list(rest)
    kept = f" {BREAK} ".join(map(phrase, own))
    return f"{kept} {REST} {f' {BREAK} '.join(map(phrase, behind))}".strip() if behind else kept


def holds(text: str, word: str) -> bool:
    """Whether a text would be found by a word."""
    return any(word in found for found in words(text))
