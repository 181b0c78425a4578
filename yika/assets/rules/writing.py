"""Writing lists that ``reading.parse`` reads again."""

from collections.abc import Iterable


def render_paths(paths: Iterable[str]) -> str:
    """Paths as a list that ``parse`` reads, one a line."""
    return "".join(f"{path}\n" for path in paths)
