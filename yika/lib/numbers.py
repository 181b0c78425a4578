"""Keys that a part of a number means: G0000 begins some numbers, 0042 begins some and ends others.

Pure functions. A number is a mark and a key of at least six digits, so what is typed names a few stretches of
keys, each a ``range``: nothing is copied and no index is needed but that of the keys.
"""

DIGITS = 6
LONGEST = 15
LEAST_ENDING = 3


def digits_of(word: str, mark: str) -> str:
    """The digits of a word that can be a number or a part of one; else empty. The mark in small letters."""
    digits = word.removeprefix(mark)
    return digits if digits.isascii() and digits.isdigit() and len(digits) <= LONGEST else ""


def meant(word: str, mark: str, last: int) -> list[range]:
    """The keys up to ``last`` whose number a word is, begins, or without the mark ends; each stretch rising.

    A single digit without the mark is a whole number and no part; two end one number in a hundred, so they
    end none.
    """
    digits = digits_of(word, mark)
    if not digits:
        return []
    if not word.startswith(mark) and len(digits) == 1:
        return [range(int(digits), int(digits) + 1)]
    stretches = [range(int(digits), int(digits) + 1), *_begun(digits, last)]
    if not word.startswith(mark) and len(digits) >= LEAST_ENDING:
        step = 10 ** len(digits)
        stretches.append(range(int(digits), last + 1, step))
    return [stretch for stretch in stretches if stretch]


def _begun(digits: str, last: int) -> list[range]:
    """The keys whose number begins with digits: of six digits, and of more, which begin with no zero."""
    found = []
    for length in range(max(DIGITS, len(digits)), max(DIGITS, len(str(last))) + 1):
        if length > DIGITS and digits.startswith("0"):
            break
        room = 10 ** (length - len(digits))
        first = int(digits) * room
        found.append(range(first, min(first + room, last + 1)))
    return found
