"""What the journal says about faults, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yika.faults.models import Channel, Feedback, Symptom
from yika.faults.rules import RulingKind
from yika.faults.words import RULINGS

SENTENCES: dict[str, Promise] = {
    "faults.report": _("报修：{place} {device} {symptom}（{channel}）"),
    "faults.join": _("同一故障另有报修（{channel}）"),
    "faults.classify": _("分级：终端 {terminals} 台、持卡人 {cardholders} 人，{severity}。{reason}"),
    "faults.measure": _(
        "故障设备 {numbers}：按 {moment} 的网络推算影响终端 {found_terminals} 台；"
        "计终端 {terminals} 台、持卡人 {cardholders} 人，{severity}"
    ),
    "faults.rule_class": _(
        "信息化办公室认定分级：终端 {terminals} 台、持卡人 {cardholders} 人，{severity}。{reason}"
    ),
    "faults.dispatch": _("派单给 {to}（{badge}） {note}"),
    "faults.hand_over": _("改派给 {to}（{badge}）：{note}"),
    "faults.refuse": _("退单：{note}"),
    "faults.accept": _("接单"),
    "faults.set_out": _("出发赶赴现场"),
    "faults.arrive": _("到场：{device} {note}"),
    "faults.start_remotely": _("开始远程处理：{note}"),
    "faults.wait_part": _("等待配件：{note}"),
    "faults.send_to_factory": _("送厂返修：{note}"),
    "faults.wait_third_party": _("等待第三方：{note}"),
    "faults.resume": _("继续处理 {note}"),
    "faults.restore_temporarily": _("临时恢复：{note}"),
    "faults.restore": _("修复：{note}"),
    "faults.give_feedback": _("反馈报修人（{way}）：{told}"),
    "faults.write_log": _("填写故障日志"),
    "faults.close": _("办结"),
    "faults.call_off": _("撤销：{note}"),
    "faults.merge": _("并入 {into} {note}"),
    "faults.take_in": _("{number} 的报修并入本故障"),
    "faults.merge_missed": _("{number} 并入前已超时，并入后不再计，已告知信息化办公室"),
    "faults.split": _("取消合并，恢复单独办理：{note}"),
    "faults.split_off": _("{number} 取消合并"),
    "faults.refer": _("转换卡业务：{note}"),
    "faults.reinstate": _("恢复办理：{note}"),
    "faults.reopen": _("重开：{note}"),
    "faults.ask": _("申请认定（{kind}）：{claim}"),
    "faults.grant": _("认定同意（{kind}）：{decision}"),
    "faults.refuse_ruling": _("认定不同意（{kind}）：{decision}"),
    "faults.add_photo": _("上传现场照片"),
    "faults.rate": _("报修人评价 {rating} 分 {comment}"),
    "faults.complain": _("报修人投诉"),
    "faults.answer": _("答复投诉"),
    "faults.take_over": _("从历史文件 {file} 导入（{ref}）：到场 {arrived}，修复 {repaired}"),
    "faults.simulate": _("模拟的故障，{severity}"),
    "faults.simulate_campus": _(
        "生成模拟校园：设备 {devices} 台、{months} 个月、故障 {faults} 件，种子 {seed}"
    ),
    "faults.import_file": _("导入历史故障 {rows} 件，合同 {contract}，{first} 至 {last}：{file_name}"),
    "faults.undo_import": _("撤回历史导入 {file_name}，删去故障 {rows} 件"),
    "faults.share_filter": _("共享常用筛选“{name}”"),
    "faults.unshare_filter": _("不再共享常用筛选“{name}”"),
    "faults.reveal": _("查看报修人联系方式，原因：{reason}"),
}

NOUNS: dict[str, Promise] = {
    "fault": _("故障"),
    "fault_import": _("历史导入"),
    "fault_filter": pgettext_lazy("one", "常用筛选"),
}

WORDS: dict[str, dict[str, Promise]] = {
    "channel": {choice.value: choice.label for choice in Channel},
    "symptom": {choice.value: choice.label for choice in Symptom},
    "way": {choice.value: choice.label for choice in Feedback.Way},
    "kind": {kind.value: RULINGS[kind] for kind in RulingKind},
    "severity": {
        "general": _("一般"),
        "larger": _("较大"),
        "major": _("大"),
        "severe": _("严重"),
        "special": _("特殊"),
    },
}
