"""What the journal says about places and devices, and what an import says about a line."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yika.assets.rules import Door, Misfit, Problem, Trouble, Unfit, controlled_as
from yika.lib.office.reading import Trouble as TableTrouble
from yika.lib.office.words import TROUBLES as TROUBLES_OF_TABLES

SENTENCES: dict[str, Promise] = {
    "assets.seed_kinds": _("预置设备类型：{names}"),
    "assets.add_kind": _("新增设备类型：{name}，计为终端：{is_terminal}"),
    "assets.edit_kind": _("修改设备类型 {name}：{changes}"),
    "assets.add_attribute": _("{kind}新增属性“{name}”，参数：{controlled}"),
    "assets.edit_attribute": _("{kind}修改属性“{name}”：{changes}"),
    "assets.remove_attribute": _("{kind}删除属性“{name}”"),
    "assets.add_model": _("新增型号：{name}（{kind}）"),
    "assets.edit_model": _("修改型号 {name}：{changes}"),
    "assets.remove_model": _("删除型号：{name}"),
    "assets.add_merchant": _("新增商户：{name}"),
    "assets.rename_merchant": _("商户更名：{before} → {after}"),
    "assets.merge_merchant": _("商户“{name}”并入“{into}”，设备 {count} 台"),
    "assets.remove_merchant": _("删除商户：{name}"),
    "assets.create_place": _("新增地点：{name}"),
    "assets.describe_place": _("修改地点 {name}：{changes}"),
    "assets.rename_place": _("地点更名：{before} → {after}"),
    "assets.move_place": _("移动地点：{before} → {after}"),
    "assets.merge_place": _("地点 {before} 并入 {after}"),
    "assets.create_device": _("新增设备：{number}（{kind}），{place}"),
    "assets.edit_device": _("修改设备 {number}：{changes}"),
    "assets.replace_label": _("更换二维码，旧标签作废：{name}"),
    "assets.attach": _("设备 {number} 添加附件“{title}”"),
    "assets.detach": _("设备 {number} 删除附件“{title}”：{reason}"),
    "assets.change_life": _("设备 {number} {before} → {after}[：{reason}]"),
    "assets.refuse": _("未经同意的修改被拒绝：{number} 的{field} {before} → {after}（{door}）"),
    "assets.import_list": _(
        "导入“{file_name}”：新增地点 {places} 个，新增设备 {devices} 台，修改设备 {changed} 台；"
        "文件 SHA-256：{sha256}"
    ),
}

FIELD_LABELS: dict[str, Promise] = {
    "number": _("设备编号"),
    "place": _("地点"),
    "kind": _("类型"),
    "model": _("型号"),
    "serial": _("序列号"),
    "merchant": pgettext_lazy("one", "商户"),
    "life": _("状态"),
    "responsible": _("责任方"),
    "installed_on": _("安装日期"),
    "warranty_until": _("保修至"),
    "psam_number": _("PSAM卡号"),
    "key_version": _("密钥版本"),
    "upstream_ip": _("上级服务器IP"),
    "usual_users": _("日常使用人数"),
    "works_offline": _("脱机可用"),
}

CONTROLLED: dict[str, Promise] = {
    "place": _("地点"),
    "life": _("使用状态"),
    "upstream": _("上联"),
    "upstream_ip": _("上级服务器IP"),
    "parameters": _("参数"),
    "address": _("IP地址"),
    "configuration": _("配置"),
}

# As actions write them down: the journal is kept in Chinese, whoever acts.
_FIELDS: dict[str, Promise] = {
    "地点": _("地点"),
    "使用状态": _("使用状态"),
    "上联": _("上联"),
    "上级服务器IP": _("上级服务器IP"),
    "参数": _("参数"),
    "IP地址": _("IP地址"),
    "配置": _("配置"),
}
_LIVES: dict[str, Promise] = {"在库": _("在库"), "在用": _("在用"), "返厂": _("返厂"), "报废": _("报废")}

WORDS: dict[str, dict[str, Promise]] = {
    "field": _FIELDS,
    "before": _LIVES,
    "after": _LIVES,
    "door": {
        Door.PAGE.value: _("页面"),
        Door.IMPORT.value: _("导入"),
        Door.API.value: _("接口"),
        Door.ACTION.value: _("命令"),
    },
}

NOUNS: dict[str, Promise] = {
    "place": _("地点"),
    "device": pgettext_lazy("one", "设备"),
    "device_kinds": _("设备类型"),
    "device_kind": pgettext_lazy("one", "设备类型"),
    "device_model": _("型号"),
    "merchant": pgettext_lazy("one", "商户"),
}

TROUBLES: dict[Trouble, Promise] = {
    Trouble.TOO_MANY_LINES: _("共 {detail} 行，超过 20000 行，请拆分后分次导入"),
    Trouble.EMPTY_FILE: _("文件中没有内容"),
    Trouble.NO_HEADING: _(
        "找不到表头，表格的表头须有：{detail}；只登记地点的清单每行一个路径，各级之间用斜杠隔开"
    ),
    Trouble.DIGITS_LOST: TROUBLES_OF_TABLES[TableTrouble.DIGITS_LOST],
    Trouble.NO_PLACE_COLUMN: _("表头中缺少“地点”列"),
    Trouble.COLUMN_TWICE: _("表头中有两列含义相同，请删去一列"),
    Trouble.BROKEN_ROW: _("这一行无法按表格读取，请检查引号"),
    Trouble.TOO_MANY_CELLS: _("这一行的单元格比表头多，请检查分隔符和引号"),
    Trouble.NO_PLACE: _("没有填写地点"),
    Trouble.EMPTY_LEVEL: _("路径中有空的一级：{detail}"),
    Trouble.INVISIBLE: _("含有不可见字符：{detail}"),
    Trouble.NAME_TOO_LONG: _("名称超过 60 个字：{detail}"),
    Trouble.PATH_TOO_LONG: _("完整路径超过 {detail} 个字"),
    Trouble.TOO_DEEP: _("路径超过 {detail} 级"),
    Trouble.CELL_TOO_LONG: _("内容超过 {detail} 个字"),
    Trouble.PLACE_TWICE: _("与第 {detail} 行重复"),
    Trouble.NUMBER_TWICE: _("设备编号与第 {detail} 行重复"),
    Trouble.NO_NUMBER: _("没有填写设备编号"),
    Trouble.NO_KIND: _("新设备没有填写类型"),
    Trouble.UNKNOWN_KIND: _("没有这种设备类型：{detail}"),
}


MISFITS: dict[Misfit, Promise] = {
    Misfit.TOO_LONG: _("不能超过 {detail} 个字"),
    Misfit.INVISIBLE: _("含有不可见字符"),
    Misfit.NOT_WHOLE: _("请填写整数"),
    Misfit.NOT_A_NUMBER: _("请填写数字"),
    Misfit.NOT_A_CHOICE: _("请在这些值中选择：{detail}"),
    Misfit.NOT_A_DATE: _("请填写日期，如 2026-03-02"),
    Misfit.NO_SUCH_DAY: _("日历上没有这一天"),
    Misfit.NOT_YES_NO: _("请填写“是”或“否”"),
    Misfit.NOT_AN_IP: _("请填写 IP 地址，如 10.12.0.5"),
    Misfit.TOO_LARGE: _("数字太大，不能超过 {detail}"),
    Misfit.LOOKS_LIKE_A_KEY: _("这像是密钥，密钥不能登记"),
    Misfit.UNKNOWN: _("没有这个项目或写法不对：{detail}"),
}


def unfit(flaw: Unfit) -> str:
    """Why a value does not fit, for the person who wrote it."""
    return str(MISFITS[flaw.misfit]).replace("{detail}", flaw.detail)


def worded(problem: Problem) -> str:
    """What is wrong, for the person who wrote the list; without line and column."""
    return str(TROUBLES[problem.trouble]).replace("{detail}", problem.detail)


def controlled_name(field: str) -> str:
    """A controlled field as people call it; a parameter by its family."""
    name = CONTROLLED.get(field) or CONTROLLED.get(controlled_as(field))
    return str(name or field)
