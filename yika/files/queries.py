"""Finding the bytes."""

from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from yika.files.models import StoredFile


def path_of(sha256: str) -> Path:
    """Where bytes with this digest lie."""
    return Path(settings.FILES_ROOT) / sha256[:2] / sha256[2:4] / sha256


def open_file(stored: StoredFile) -> BinaryIO:
    """The bytes, for reading. Raises: FileNotFoundError when the disk has lost them."""
    return path_of(stored.sha256).open("rb")
