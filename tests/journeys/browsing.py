"""How the journeys look at pages: sizes, a watched page, pictures on demand."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import ConsoleMessage, FilePayload, Page, Request

SHOTS = os.environ.get("YIKA_SHOTS", "")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)
# Refusals are answers, not mistakes; the browser reports them all the same.
_REFUSED = re.compile(r"status of (403|404|409|422)")


@dataclass(frozen=True)
class Size:
    """A screen, and whether it is touched."""

    name: str
    width: int
    height: int
    touched: bool = False


PHONE = Size("phone", 390, 844, touched=True)
NARROW = Size("narrow", 360, 740, touched=True)
DESKTOP = Size("desktop", 1440, 900)
BOTH = (PHONE, DESKTOP)


def screen(size: Size, *, scripts: bool = True, dark: bool = False, english: bool = False) -> dict[str, Any]:
    """What a browser context needs to be such a screen."""
    return {
        "viewport": {"width": size.width, "height": size.height},
        "has_touch": size.touched,
        "is_mobile": size.touched,
        "java_script_enabled": scripts,
        "color_scheme": "dark" if dark else "light",
        "locale": "en-GB" if english else "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "reduced_motion": "reduce",
    } | ({"user_agent": _IPHONE} if size.touched else {})


class Watch:
    """What went wrong on a page without anybody looking: errors, and requests that left the host."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.problems: list[str] = []

    def over(self, page: Page) -> None:
        """Watch a page from now on."""
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.problems.append(f"{page.url}: {error}"))
        page.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not _REFUSED.search(message.text):
            self.problems.append(f"{message.location.get('url')}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.host, "data:", "blob:", "about:")):
            self.problems.append(f"left the host: {request.url}")


Visit = Callable[..., Page]


def shot(page: Page, name: str) -> None:
    """A picture of the whole page, if YIKA_SHOTS names a folder."""
    if SHOTS:
        size = page.viewport_size or {"width": 0}
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(SHOTS) / f"{name}-{size['width']}.png", full_page=True)


def photo(name: str = "现场.png") -> FilePayload:
    """A picture as a camera would hand it over."""
    out = BytesIO()
    Image.new("RGB", (320, 240), (180, 90, 60)).save(out, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": out.getvalue()}


def noisy_photo() -> FilePayload:
    """A picture as large as a telephone's."""
    out = BytesIO()
    Image.effect_noise((3000, 2250), 90).save(out, "JPEG", quality=90)
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}
