"""PDF, set by typst from a template of the house, with the one font that has every character."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst


@cache
def _fonts() -> typst.Fonts:
    folder = files("manimgx_fonts_cjk")
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[Path(str(folder))]
    )


def set_pdf(template: Path, data: Mapping[str, Any]) -> bytes:
    """A PDF from a typst template, which finds ``data`` as JSON in ``sys.inputs.data``; text stays text."""
    # The template is handed over as bytes, so that it can read no file of this machine.
    return typst.compile(
        template.read_bytes(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        format="pdf",
    )
