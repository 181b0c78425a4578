"""What is wrong with a table, in words."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from yika.lib.clock import NoSuchDay
from yika.lib.office.reading import Flaw, Trouble

TROUBLES = {
    Trouble.TOO_BIG: gettext_lazy("文件太大（最多 {detail} MB），请拆分后分次导入"),
    Trouble.TOO_MANY_ROWS: gettext_lazy("行数太多（最多 {detail} 行），请拆分后分次导入"),
    Trouble.TOO_MANY_COLUMNS: gettext_lazy("列数太多（最多 {detail} 列）"),
    Trouble.OLD_EXCEL: gettext_lazy("旧版（.xls）或设有密码的 Excel 文件不能读取，请另存为不设密码的 .xlsx"),
    Trouble.NO_EXCEL: gettext_lazy("不是可以读取的 Excel 文件，请用 Excel 或 WPS 打开后另存为 .xlsx"),
    Trouble.NO_TEXT: gettext_lazy("不是可以读取的表格：请用 Excel（.xlsx），或 UTF-8、GB18030 编码的 CSV"),
    Trouble.EMPTY: gettext_lazy("文件里没有内容"),
    Trouble.NO_HEADING: gettext_lazy("找不到表头，表头须有：{detail}"),
    Trouble.COLUMN_MISSING: gettext_lazy("表头缺少列：{detail}"),
    Trouble.COLUMN_TWICE: gettext_lazy("表头里有重复的列"),
    Trouble.BROKEN_ROW: gettext_lazy("引号用法有误，这一行读不出来"),
    Trouble.TOO_MANY_CELLS: gettext_lazy("比表头多出了格子"),
    Trouble.DIGITS_LOST: gettext_lazy(
        "超过 15 位的号码被 Excel 当作数字，末几位已经丢失：请把这一列设为文本后重新填写"
    ),
}


def said(flaw: Flaw) -> str:
    """A flaw as a person is told it, without its line and column."""
    return str(TROUBLES[flaw.trouble]).format(detail=flaw.detail)


def told(flaw: Flaw) -> str:
    """A flaw with its line and column, of a file refused as a whole."""
    return placed(flaw.line, flaw.column, said(flaw)) if flaw.line else said(flaw)


def placed(line: int, column: str, words: str) -> str:
    """第 3 行「姓名」：words; without a line, 文件：words."""
    where = _("第 %(line)d 行") % {"line": line} if line else _("文件")
    if column:
        where = _("%(where)s「%(column)s」") % {"where": where, "column": column}
    return _("%(where)s：%(words)s") % {"where": where, "words": words}


def no_day(refused: ValueError, otherwise: str) -> str:
    """Why a text is no day: the calendar has none such, or, in the words given, it is written otherwise."""
    return _("日历上没有这一天") if isinstance(refused, NoSuchDay) else otherwise


def spellings(word: Promise) -> list[str]:
    """A word in every language of the house: a file may have been taken away in any."""
    found = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            found.append(str(word))
    return found


def meant(words: Mapping[str, Promise], text: str) -> str | None:
    """Which of the known values a text says, in any language or as programs say it."""
    wanted = text.casefold()
    for value, word in words.items():
        if wanted in (value.casefold(), *(said.casefold() for said in spellings(word))):
            return value
    return None
