"""Standards to load: the built-in one, changed."""

from yika.standards.loader import builtin_text


def changed(*pairs: tuple[str, str], version: str = "2.0") -> str:
    """The built-in text with each first piece replaced by the second, under another version."""
    text = builtin_text().replace('version = "1.0"', f'version = "{version}"')
    for before, after in pairs:
        assert before in text, before
        text = text.replace(before, after, 1)
    return text


SERVICE = """
[service_calendar]
monday = ["08:00-12:00", "14:00-18:00"]
tuesday = ["08:00-12:00", "14:00-18:00"]
wednesday = ["08:00-12:00", "14:00-18:00"]
thursday = ["08:00-12:00", "14:00-18:00"]
friday = ["08:00-12:00", "14:00-18:00"]
"""


def with_service_hours(*pairs: tuple[str, str], version: str = "2.1") -> str:
    """The built-in text with a repair clock that counts office hours."""
    return (
        changed(('repair_clock = "natural"', 'repair_clock = "service"'), *pairs, version=version) + SERVICE
    )
