"""Uploads: what is kept, what is refused, what is left of a photograph, how it is served."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pytest_django.fixtures import Settings

from tests.cast import AT
from yika.files.actions import store
from yika.files.models import StoredFile
from yika.files.queries import open_file, path_of
from yika.files.rules import LARGEST, Kind, clean_name
from yika.files.views import respond
from yika.lib.decisions import BadInput

pytestmark = pytest.mark.django_db
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture(autouse=True)
def shelf(settings: Settings, tmp_path: Path) -> Path:
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path / "files"


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (40, 30), *, mode: str = "RGB", turned: int = 1
) -> bytes:
    image, out, exif = Image.new(mode, size), BytesIO(), Image.Exif()
    exif[0x0112] = turned
    exif[0x010E] = "secret place"
    image.save(out, kind, exif=exif)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be enormous."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def send(data: bytes, name: str = "IMG_1.jpg", *kinds: Kind) -> StoredFile:
    return store(SimpleUploadedFile(name, data, "image/jpeg"), kinds=kinds or (Kind.IMAGE,), at=AT)


def kept(stored: StoredFile) -> Image.Image:
    with open_file(stored) as file:
        return Image.open(BytesIO(file.read()))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_pictures_are_kept_as_jpeg(kind: str) -> None:
    stored = send(picture(kind), f"现场 照片.{kind.lower()}")
    assert (stored.content_type, stored.name) == ("image/jpeg", "现场 照片.jpg")
    assert kept(stored).format == "JPEG"
    assert stored.size == path_of(stored.sha256).stat().st_size


def test_nothing_of_the_photograph_but_the_picture_is_kept() -> None:
    stored = send(picture())
    assert not kept(stored).getexif()
    with open_file(stored) as file:
        assert b"secret place" not in file.read()


def test_a_turned_photograph_is_kept_upright() -> None:
    assert kept(send(picture(size=(40, 30), turned=6))).size == (30, 40)


def test_a_large_photograph_is_made_smaller() -> None:
    assert kept(send(picture(size=(4000, 1000)))).size == (2000, 500)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1"])
def test_every_kind_of_colour_is_read_and_clear_becomes_white(mode: str) -> None:
    image = kept(send(picture("PNG", mode=mode)))
    assert image.mode == "RGB"
    if mode in {"RGBA", "LA"}:
        assert image.getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (SVG, "JPEG"),
        (HTML, "JPEG"),
        (b"GIF89a" + b"\x00" * 40, "JPEG"),
        (PDF, "JPEG"),
        (b"MZ\x90\x00" + b"\x00" * 40, "JPEG"),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, "HEIC"),
        (b"", "空"),
        (picture()[:200], "损坏"),
        (b"\xff\xd8\xff" + HTML, "损坏"),
        (b"\x89PNG\r\n\x1a\n" + SVG, "损坏"),
        (b"RIFF\x00\x00\x00\x00WEBP" + HTML, "损坏"),
        (bomb(30_000, 30_000), "损坏|像素"),
        (bomb(8_000, 8_000), "像素"),
        (bomb(1, 2**31 - 1), "损坏|像素"),
        (b"\xff\xd8\xff" + b"\x00" * LARGEST, "8 MB"),
    ],
)
def test_what_is_no_picture_is_refused_whatever_its_name(data: bytes, why: str, shelf: Path) -> None:
    with pytest.raises(BadInput, match=why):
        send(data, "photo.jpg")
    assert not StoredFile.objects.exists()
    assert not shelf.exists()


def test_a_script_hidden_behind_a_picture_does_not_survive() -> None:
    stored = send(picture() + HTML)
    with open_file(stored) as file:
        assert b"script" not in file.read()


def test_a_size_that_lies_is_read_only_so_far() -> None:
    upload = SimpleUploadedFile("a.jpg", picture() + b"\x00" * (LARGEST + 100))
    upload.size = 10
    store(upload, kinds=[Kind.IMAGE], at=AT)
    assert StoredFile.objects.get().size < 100_000


def test_a_pdf_is_kept_as_it_is_where_it_is_asked_for() -> None:
    stored = send(PDF, "证明.PDF", Kind.IMAGE, Kind.PDF)
    assert (stored.content_type, stored.name) == ("application/pdf", "证明.pdf")
    with open_file(stored) as file:
        assert file.read() == PDF
    with pytest.raises(BadInput, match="请上传 PDF"):
        send(picture(), "证明.pdf", Kind.PDF)


def test_the_same_bytes_lie_once_under_their_own_hash(shelf: Path) -> None:
    first, second = send(PDF, "a.pdf", Kind.PDF), send(PDF, "b.pdf", Kind.PDF)
    assert first.sha256 == second.sha256
    assert [path for path in shelf.rglob("*") if path.is_file()] == [path_of(first.sha256)]


def test_no_half_file_is_left_when_the_disk_fails(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError("no space")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        send(PDF, "a.pdf", Kind.PDF)
    assert not [path for path in shelf.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\x\\照片.png", "照片.jpg"),
        ("a\r\nSet-Cookie: x=1.jpg", "aSet-Cookie x=1.jpg"),
        ("photo\u202egpj.exe", "photogpj.jpg"),
        ('"><script>.jpg', "script.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("..", "file.jpg"),
        ("", "file.jpg"),
        ("\x00", "file.jpg"),
        ("a" * 300 + ".png", "a" * 116 + ".jpg"),
    ],
)
def test_names_are_cleaned(name: str, cleaned: str) -> None:
    assert clean_name(name, ".jpg") == cleaned


@given(st.text(max_size=300))
def test_no_name_carries_a_path_or_a_control(name: str) -> None:
    cleaned = clean_name(name, ".jpg")
    assert cleaned.endswith(".jpg")
    assert 5 <= len(cleaned) <= 120
    assert not set(cleaned) & set('/\\"<>:|?*;%\r\n\0')
    assert cleaned.isprintable()
    assert not cleaned.startswith(".")


def test_a_picture_is_shown_and_everything_else_downloaded() -> None:
    request = RequestFactory().get("/")
    shown, pdf = respond(request, send(picture())), respond(request, send(PDF, "证明.pdf", Kind.PDF))
    forced = respond(request, StoredFile.objects.earliest("id"), download=True)
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert pdf.headers["Content-Disposition"].startswith("attachment")
    assert forced.headers["Content-Disposition"].startswith("attachment")
    for answer in (shown, pdf, forced):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"].startswith("private")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        answer.close()


def test_a_picture_that_the_browser_has_is_not_sent_again() -> None:
    stored = send(picture())
    request = RequestFactory().get("/", headers={"If-None-Match": f'"{stored.sha256}"'})
    assert respond(request, stored).status_code == 304


def test_lost_bytes_are_not_found() -> None:
    stored = send(picture())
    path_of(stored.sha256).unlink()
    with pytest.raises(Http404):
        respond(RequestFactory().get("/"), stored)
