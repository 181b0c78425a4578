"""What the journal says about places and devices, and what an import says about a line."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yika.assets.rules import Door, Misfit, Problem, Trouble, Unfit

SENTENCES: dict[str, Promise] = {
    "assets.seed_kinds": _("预置设备类型：{names}"),
    "assets.create_place": _("新增地点：{name}"),
    "assets.describe_place": _("修改地点 {name}：{changes}"),
    "assets.rename_place": _("地点更名：{before} → {after}"),
    "assets.move_place": _("移动地点：{before} → {after}"),
    "assets.create_device": _("新增设备：{number}（{kind}），{place}"),
    "assets.edit_device": _("修改设备 {number}：{changes}"),
    "assets.replace_label": _("更换二维码，旧标签作废：{name}"),
    "assets.change_life": _("设备 {number} {before} → {after}{why}"),
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
    "merchant": _("商户"),
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
    "parameters": _("参数"),
    "address": _("IP地址"),
    "configuration": _("配置"),
}

WORDS: dict[str, dict[str, Promise]] = {
    "door": {
        Door.PAGE.value: _("页面"),
        Door.IMPORT.value: _("导入"),
        Door.API.value: _("接口"),
        Door.ACTION.value: _("命令"),
    },
}

NOUNS: dict[str, Promise] = {
    "place": _("地点"),
    "device": _("设备"),
    "device_kinds": _("设备类型"),
}

TROUBLES: dict[Trouble, Promise] = {
    Trouble.TOO_MANY_LINES: _("共 {detail} 行，超过 20000 行，请拆分后分次导入"),
    Trouble.EMPTY_FILE: _("文件中没有内容"),
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
