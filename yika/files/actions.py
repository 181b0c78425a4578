"""Taking files in."""

import hashlib
import os
import tempfile
from collections.abc import Collection
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from yika.files.models import StoredFile
from yika.files.queries import path_of
from yika.files.rules import LARGEST, LONGEST_SIDE, MOST_PIXELS, Kind, clean_name, is_heif, sniff
from yika.lib.decisions import BadInput


def store(upload: "UploadedFile[Any]", *, kinds: Collection[Kind], at: datetime) -> StoredFile:
    """Keep an upload if it is what the owner asks for. Call it before the action's transaction.

    Images are decoded and written anew as JPEG, without place, time or device of the photograph.
    Raises: BadInput when it is too large, of another kind, or broken.
    """
    if (upload.size or 0) > LARGEST:
        raise BadInput(_("文件超过 %(mb)d MB，请压缩后再上传") % {"mb": LARGEST // 1024 // 1024})
    data = upload.read(LARGEST + 1)
    kind = sniff(data[:16])
    if not data:
        raise BadInput(_("文件是空的，请重新选择"))
    if kind is None or kind not in kinds:
        raise BadInput(_wanted(kinds, data[:16]))
    if kind is Kind.IMAGE:
        data, content_type, suffix = _redrawn(data), "image/jpeg", ".jpg"
    else:
        content_type, suffix = "application/pdf", ".pdf"
    digest = hashlib.sha256(data).hexdigest()
    _write(path_of(digest), data)
    return StoredFile.objects.create(
        sha256=digest,
        size=len(data),
        content_type=content_type,
        name=clean_name(upload.name or "", suffix),
        stored_at=at,
    )


def _wanted(kinds: Collection[Kind], head: bytes) -> str:
    """What to upload instead."""
    if is_heif(head):
        return _("暂不支持 HEIC 照片，请在手机相机设置中改为“兼容性最佳”或转换为 JPEG")
    if set(kinds) == {Kind.PDF}:
        return _("请上传 PDF 文件")
    if Kind.PDF in kinds:
        return _("请上传 JPEG、PNG、WebP 图片或 PDF 文件")
    return _("请上传 JPEG、PNG 或 WebP 图片")


def _redrawn(data: bytes) -> bytes:
    """The picture, upright, at most 2000 pixels long, on white, as JPEG without anything else in it."""
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise BadInput(
                    _("图片像素过多，请缩小到 %(most)d 万像素以内") % {"most": MOST_PIXELS // 10_000}
                )
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            coloured = upright.convert("RGBA")
            paper = Image.new("RGB", coloured.size, "white")
            paper.paste(coloured, mask=coloured.getchannel("A"))
    except BadInput:
        raise
    except Exception as error:  # a decoder fed with hostile bytes may raise anything
        raise BadInput(_("图片已损坏或无法识别，请重新拍摄或选择")) from error
    drawn = BytesIO()
    paper.save(drawn, "JPEG", quality=85, optimize=True)
    return drawn.getvalue()


def _write(path: Path, data: bytes) -> None:
    """All of the bytes under their name, or none."""
    if path.exists() and path.stat().st_size == len(data):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".incoming-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
