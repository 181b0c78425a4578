"""The standard as people read it, and how the Office loads a new one."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import builders, cast
from tests.standards.texts import changed
from yika.journal.rules import SYSTEM
from yika.lib import clock
from yika.people.models import User
from yika.standards.actions import load
from yika.standards.loader import builtin, builtin_text
from yika.standards.models import StandardVersion
from yika.standards.readings import READINGS

pytestmark = pytest.mark.django_db
Browser = Callable[[User | None], Client]


@pytest.fixture(autouse=True)
def still() -> Iterator[None]:
    """Every request at one moment."""
    with clock.frozen(cast.AT):
        yield


def text_of(browser: Client, url: str, language: str = "zh-hans") -> str:
    answer = browser.get(url, headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_clause_stands_there_with_its_words_anchor_and_readings(client_as: Browser) -> None:
    builders.contract()
    page = text_of(client_as(cast.technician()), "/standard/")
    for clause in builtin().clauses:
        assert f'id="c-{clause.key}"' in page
        assert clause.text.splitlines()[0] in page
    for reading in READINGS:
        assert reading.meaning.zh in page, reading.key
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert "10 ≤ n &lt; 50" in page
    assert "n ≥ 1000" in page


def test_in_english_the_rendering_with_the_original_beside_it(client_as: Browser) -> None:
    builders.contract()
    page = text_of(client_as(cast.office()), "/standard/", "en")
    assert "Repair time of a faulty machine returned to the factory: 10 days." in page
    assert "返厂故障机器修复时间：10天。" in page


def test_before_anything_is_loaded_the_page_says_how_to_start(client_as: Browser) -> None:
    assert "还没有载入质量规范" in text_of(client_as(cast.manager()), "/standard/")


def test_the_source_comes_back_as_it_was_loaded(client_as: Browser) -> None:
    version = builders.contract().standard
    answer = client_as(cast.auditor()).get(f"/standard/versions/{version.pk}/source/")
    assert answer.content.decode() == builtin_text()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ccnu-1.0.toml"'


def test_a_wrong_file_is_answered_with_every_error_by_line(client_as: Browser) -> None:
    wrong = changed(('response = "1h"', 'response = "-1h"'), ("at_percent = 80", "at_percent = 50"))
    file = SimpleUploadedFile("new.toml", wrong.encode())
    with clock.frozen(cast.AT):
        answer = client_as(cast.office()).post("/standard/load/", {"file": file, "step": "check"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "有 2 处错误" in page
    assert "条款 4.2.2.1" in page
    assert "at_percent = 50" in page, "the text stays, to be mended"
    assert not StandardVersion.objects.exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [({}, "请选择规范文件"), ({"file": SimpleUploadedFile("new.toml", b"\xff\xfe\x00")}, "UTF-8")],
)
def test_no_file_or_no_text_is_said(client_as: Browser, sent: dict[str, object], said: str) -> None:
    answer = client_as(cast.office()).post("/standard/load/", sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_new_version_is_looked_at_and_then_loaded(client_as: Browser) -> None:
    contract, browser = builders.contract(), client_as(cast.office())
    text = changed(('repair = "12h"', 'repair = "10h"'), ("recurrence_count = 3", "recurrence_count = 4"))
    with clock.frozen(cast.AT):
        page = browser.post("/standard/load/", {"source": text, "step": "check"}).content.decode()
        assert "12 小时" in page
        assert "10 小时" in page
        assert StandardVersion.objects.count() == 1
        answer = browser.post("/standard/load/", {"source": text, "step": "load"}, follow=True)
    assert answer.status_code == 200
    assert StandardVersion.objects.count() == 2
    contract.refresh_from_db()
    assert contract.standard.version == "1.0", "loading puts no contract under it"


def test_another_text_under_a_loaded_version_is_refused_on_the_page(client_as: Browser) -> None:
    builders.contract()
    text = changed(('repair = "12h"', 'repair = "10h"'), version="1.0")
    answer = client_as(cast.office()).post("/standard/load/", {"source": text, "step": "load"})
    assert answer.status_code == 422
    assert "新的版本号" in answer.content.decode()


def test_versions_are_listed_and_compared(client_as: Browser) -> None:
    old = builders.contract().standard
    new = load(changed(('repair = "12h"', 'repair = "10h"')), by=SYSTEM, at=cast.AT)
    browser = client_as(cast.auditor())
    assert f"/standard/versions/{new.pk}/" in text_of(browser, "/standard/versions/")
    page = text_of(browser, f"/standard/versions/{new.pk}/against/{old.pk}/")
    assert "一般·修复时限" in page
    assert browser.get(f"/standard/versions/{new.pk}/against/{new.pk}/").status_code == 404


def queries_of(browser: Client, url: str) -> int:
    """How many queries a page costs, its session being warm."""
    with clock.frozen(cast.AT):
        browser.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(url).status_code == 200
    return len(asked)


def test_the_list_of_versions_costs_the_same_for_few_and_many(client_as: Browser) -> None:
    browser = client_as(cast.office())
    builders.contract()
    few = queries_of(browser, "/standard/versions/")
    for n in range(5):
        load(changed(version=f"2.{n}"), by=SYSTEM, at=cast.AT)
    assert queries_of(browser, "/standard/versions/") == few
