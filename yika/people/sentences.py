"""The journal in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

SENTENCES: dict[str, Promise] = {
    "people.sign_in": gettext_lazy("登录（{address}）"),
    "people.sign_in_failed": gettext_lazy("登录失败：登录名 {name}，地址 {address}"),
    "people.lock": gettext_lazy("登录失败次数过多，暂时锁定：登录名 {name}，地址 {address}"),
    "people.sign_out": gettext_lazy("退出登录"),
    "people.end_session": gettext_lazy("结束会话（{address}）"),
    "people.end_sessions": gettext_lazy("结束其他 {count} 个会话"),
    "people.change_password": gettext_lazy("修改密码，结束其他 {ended} 个会话"),
    "people.create": gettext_lazy("新建人员：{name}"),
    "people.edit": gettext_lazy("修改人员资料：{said}"),
    "people.edit_contact": gettext_lazy("修改本人联系方式"),
    "people.reset_password": gettext_lazy("重置密码"),
    "people.deactivate": gettext_lazy("停用账号"),
    "people.activate": gettext_lazy("启用账号"),
    "people.reveal_phone": gettext_lazy("查看完整手机号，原因：{reason}"),
    "people.add_organisation": gettext_lazy("新增单位：{name}"),
    "people.add_shift": gettext_lazy("排班：{starts_at} 至 {ends_at}"),
    "people.remove_shift": gettext_lazy("取消班次：{starts_at} 至 {ends_at}"),
    "people.offer_shift": gettext_lazy("申请换班：{starts_at} 至 {ends_at}"),
    "people.withdraw_offer": gettext_lazy("撤回换班申请：{starts_at} 至 {ends_at}"),
    "people.take_shift": gettext_lazy("接 {giver} 的班：{starts_at} 至 {ends_at}"),
    "people.give_shift": gettext_lazy("由 {taker} 接班：{starts_at} 至 {ends_at}"),
    "people.import_people": gettext_lazy(
        "导入“{file_name}”：新增人员 {added} 名，修改 {changed} 名；文件 SHA-256：{sha256}"
    ),
    "people.import_shifts": gettext_lazy(
        "导入“{file_name}”：新增班次 {added} 个，修改 {changed} 个；文件 SHA-256：{sha256}"
    ),
    "people.copy_week": gettext_lazy("复制上周排班，共 {count} 个班次"),
}

NOUNS: dict[str, Promise] = {
    "user": gettext_lazy("账号"),
    "organisation": gettext_lazy("单位"),
    "roster": gettext_lazy("值班表"),
}
