"""``yika standard check`` and ``yika standard show``: without a database."""

from pathlib import Path

import click

from yika.standards import loader
from yika.standards.comparison import limit_words, range_words, step_words
from yika.standards.loader import StandardErrors
from yika.standards.readings import Reading, Words, homeless, of_clause
from yika.standards.rules import Clause, Standard, in_order

lang_option = click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    default="zh",
    show_default=True,
    help="输出语言 output language",
)
file_type = click.Path(exists=True, dir_okay=False, path_type=Path)


def standard_from(path: Path | None, lang: str = "zh") -> Standard:
    """The standard in a file, or the built-in one; problems are printed and end with status 1."""
    if path is None:
        return loader.builtin()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        words = Words(f"{path}：不是 UTF-8 文本（第 {error.start + 1} 字节）", f"{path}: not UTF-8 text")
        click.echo(words.told(lang), err=True)
        raise click.exceptions.Exit(1) from error
    try:
        return loader.read(text, str(path))
    except StandardErrors as errors:
        for problem in errors.problems:
            click.echo(f"{path}:{problem.line}: {problem.told(lang)}", err=True)
        count = len(errors.problems)
        click.echo(Words(f"共 {count} 处错误", f"{count} problems").told(lang), err=True)
        raise click.exceptions.Exit(1) from errors


@click.command()
@click.argument("file", type=file_type)
@lang_option
def check(file: Path, lang: str) -> None:
    """检查规范文件，列出全部错误。 Check a standard's file; name every error by line and clause."""
    found = standard_from(file, lang)
    said = Words(
        f"{file}：正确。《{found.title}》{found.version} 版，{len(found.clauses)} 条，"
        f"{len(found.levels)} 个等级，指纹 {found.sha256[:16]}",
        f"{file}: valid. {found.title_en}, version {found.version}, {len(found.clauses)} clauses, "
        f"{len(found.levels)} levels, fingerprint {found.sha256[:16]}",
    )
    click.echo(said.told(lang))


@click.command()
@click.argument("file", type=file_type, required=False)
@lang_option
def show(file: Path | None, lang: str) -> None:
    """显示规范全文、等级、时限和解释，默认为内置规范。 Show a whole standard; the built-in by default."""
    for line in told(standard_from(file, lang), lang):
        click.echo(line)


def told(found: Standard, lang: str) -> list[str]:
    """A whole standard as lines of text."""
    english = lang == "en"

    def say(zh: str, en: str) -> str:
        return en if english else zh

    effective = f"{found.effective_on:%Y-%m-%d}" if found.effective_on else say("未载明", "not stated")
    lines = [
        found.title_en if english else found.title,
        f"{found.code} {found.version} · {found.issuer_en if english else found.issuer} · "
        + say(f"施行日期 {effective}", f"effective {effective}"),
        "",
        say("一、等级和时限（自报修起）", "1 Levels and limits (from the report)"),
    ]
    for level in found.levels:
        size = " / ".join(
            text for text in (range_words(level.terminals, "n"), range_words(level.cardholders, "c")) if text
        ) or say("、", ", ").join(
            found.cause(key).name_en if english else found.cause(key).name for key in level.causes
        )
        clause = next(limit.clause for limit in (level.response, level.repair, found.factory) if limit)
        response, repair = limit_words(level.response).told(lang), limit_words(level.repair).told(lang)
        name = level.name_en if english else level.name
        lines.append(
            say(
                f"  {level.clause}  {name}（{level.key}）：{size}；{clause} 响应 {response}，修复 {repair}",
                f"  {level.clause}  {name}: {size}; {clause} response {response}, repair {repair}",
            )
        )
    within = limit_words(found.factory).told(lang)
    lines += [
        say("     n 终端数，c 持卡人数，取较重者", "     n terminals, c cardholders; the graver counts"),
        say(f"  {found.factory.clause}  返厂修复：{within}", f"  {found.factory.clause}  factory: {within}"),
        "",
        say("二、提醒和升级", "2 Who is told when"),
    ]
    lines += [f"  {round(step.fraction * 100):>4}%  {step_words(step).told(lang)}" for step in found.ladder]
    lines += ["", say("三、故障日志", "3 Fault log")]
    for field in found.fault_log:
        need = say("必填", "required") if field.required else say("选填", "optional")
        lines.append(f"  {field.key}  {field.name_en if english else field.name}  {need}")
    lines += ["", say("四、条款和解释", "4 Clauses and readings")]
    for place in in_order(found):
        lines.append(f"  {place.key}  {place.title_en if english else place.title}")
        if isinstance(place, Clause):
            text = place.text_en if english else place.text
            lines += [f"      {line}" for line in text.splitlines()]
        lines += [_reading(reading, found, lang) for reading in of_clause(place.key)]
    lines += [_reading(reading, found, lang) for reading in homeless([one.key for one in in_order(found)])]
    lines += ["", say(f"指纹 {found.sha256}", f"fingerprint {found.sha256}")]
    return lines


def _reading(reading: Reading, found: Standard, lang: str) -> str:
    meaning, value = reading.meaning.told(lang), reading.told(found.readings, lang)
    return f"      · {meaning}{': ' if lang == 'en' else '：'}{value}  [{reading.key}]"
