"""Messages are found wherever people read them, and kept when the code moves."""

from pathlib import Path

import pytest
from babel.messages.catalog import Message

from tools import messages

TEMPLATE = """<p>全角　空格 {% translate "派单" %} it's "unbalanced ( [
   {% if x %}
      {% blocktranslate trimmed count n=rows|length %}
         {{ n }} 起故障
      {% plural %}
         {{ n }} 起故障们
      {% endblocktranslate %}
 {% endif %} {% translate "月" context "month" as m %} {{ x|default:_("无") }} {# 注 #}
{% blocktranslate with a=b trimmed %}你好 {{ a }} 100%{% endblocktranslate %}
"""
CODE = """from django.utils.translation import gettext_lazy as _, ngettext, pgettext
A = _("到达")
B = ngettext("%(n)d 个", "%(n)d 个", 3)
C = _("长" "句")
D = pgettext("verb", "到达")
"""


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "yika/faults"
    (folder / "templates/faults").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "words.py").write_text(CODE, encoding="utf-8")
    (folder / "templates/faults/page.html").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    return folder


def test_code_and_templates_are_read(app: Path) -> None:
    found = {(message.context, message.id) for message in messages.used_in(app) if message.id}
    assert found == {
        (None, "到达"),
        (None, ("%(n)d 个", "%(n)d 个")),
        (None, "长句"),
        ("verb", "到达"),
        (None, "派单"),
        (None, ("%(n)s 起故障", "%(n)s 起故障们")),
        ("month", "月"),
        (None, "无"),
        (None, "你好 %(a)s 100%%"),
    }


def test_english_is_kept_stale_is_dropped_and_new_is_asked_for(app: Path) -> None:
    messages.extract()
    po = messages.po_path(app)
    po.write_text(po.read_text().replace('msgid "派单"\nmsgstr ""', 'msgid "派单"\nmsgstr "Dispatch"'))
    (app / "words.py").write_text('A = _("新句")\n', encoding="utf-8")
    messages.extract()
    catalog = messages.keyed(messages.written(app))
    assert catalog[None, "派单"].string == "Dispatch"
    assert (None, "到达") not in catalog
    assert "faults: no English for '新句'" in messages.problems()


def test_a_known_translation_is_taken_over_by_another_app(app: Path) -> None:
    messages.extract()
    po = messages.po_path(app)
    po.write_text(po.read_text().replace('msgid "无"\nmsgstr ""', 'msgid "无"\nmsgstr "none"'))
    other = app.parent / "assets"
    other.mkdir()
    (other / "__init__.py").write_text('A = _("无")\n', encoding="utf-8")
    messages.extract()
    assert messages.keyed(messages.written(other))[None, "无"].string == "none"


def test_extracting_twice_changes_nothing(app: Path) -> None:
    messages.extract()
    once = messages.po_path(app).read_bytes()
    messages.extract()
    assert messages.po_path(app).read_bytes() == once


def test_a_placeholder_lost_in_translation_is_found(app: Path) -> None:
    messages.extract()
    po = messages.po_path(app)
    po.write_text(po.read_text().replace('100%%"\nmsgstr ""', '100%%"\nmsgstr "Hello 100%%"'))
    assert any("placeholders differ" in problem for problem in messages.problems())


@pytest.mark.parametrize(
    ("text", "found"),
    [("%(n)d 个", ["%(n)d"]), ("{name}：{at}", ["{at}", "{name}"]), ("100%%", []), ("%s", ["%s"])],
)
def test_placeholders(text: str, found: list[str]) -> None:
    assert messages.placeholders(text) == found


def test_half_a_plural_is_not_translated() -> None:
    assert not messages.translated(Message(("一个", "多个"), ("one", "")))
