"""The rows of a roster, each checked by itself."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from domain.directory import Area, Duty, Level, RoleName, normal_code
from services.roster.reading import Column, Row, check_name, plain
from services.roster.report import Report

COLUMNS = {
    "name": Column(("姓名", "名字"), required=True),
    "phone": Column(("电话", "手机", "手机号", "联系电话"), required=True),
    "role": Column(("角色", "身份"), required=True),
    "areas": Column(("负责区域", "区域", "区划代码", "area"), required=True),
    "duty": Column(("主副", "职责")),
    "account": Column(("账号", "帐号")),
    "invitation": Column(("邀请码",)),
}

CHANNELS = ("telegram", "wechat", "wecom", "web")

NAME_LENGTH = 40

_ROLES = {
    **{role.value: role for role in RoleName},
    **dict.fromkeys(("群众", "村民"), RoleName.VILLAGER),
    "代办员": RoleName.AGENT,
    **dict.fromkeys(("网格员", "包联干部", "干部", "网格员/包联干部"), RoleName.CADRE),
    **dict.fromkeys(("督办", "镇级督办"), RoleName.SUPERVISOR),
    "工作人员": RoleName.STAFF,
    "管理员": RoleName.OWNER,
    **dict.fromkeys(("领导", "包联领导"), RoleName.LEADER),
    **dict.fromkeys(("专家", "农技专家"), RoleName.EXPERT),
}
_DUTIES = {
    **{duty.value: duty for duty in Duty},
    **dict.fromkeys(("主", "主责", "第一责任人"), Duty.PRIMARY),
    **dict.fromkeys(("副", "副责", "协助"), Duty.DEPUTY),
}
_AT_HOME = ({Level.VILLAGE, Level.GROUP}, "村或村民小组")
_FITTING = {
    RoleName.VILLAGER: _AT_HOME,
    RoleName.AGENT: _AT_HOME,
    RoleName.CADRE: _AT_HOME,
    RoleName.SUPERVISOR: ({Level.TOWNSHIP}, "镇"),
    RoleName.STAFF: ({Level.COUNTY}, "县"),
    RoleName.OWNER: ({Level.COUNTY}, "县"),
    RoleName.LEADER: ({Level.COUNTY, Level.TOWNSHIP}, "县或镇"),
    RoleName.EXPERT: ({Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE}, "县、镇或村"),
}

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LANDLINE = re.compile(r"0[1-9]\d{1,2}[2-9]\d{6,7}", re.ASCII)
_SAMPLE = re.compile(r"000\d{8}", re.ASCII)
"""Numbers of the invented sample county. Nobody can dial them: 00 is China's prefix for calls abroad, and no
country's code begins with 0 (ITU-T E.164)."""

_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_INVITATION = re.compile(rf"[{_CODE_ALPHABET}]{{8}}")


@dataclass(frozen=True, slots=True)
class Account:
    channel: str
    address: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row that is right as far as can be told from the row alone."""

    row: int
    name: str
    phone: str
    role: RoleName
    areas: tuple[str, ...]
    duty: Duty
    account: Account | None
    invitation: str


def new_invitation() -> str:
    """A fresh invitation code of 8 characters (39 random bits) without look-alikes such as 0 and O, 1 and I."""
    return "".join(secrets.choice(_CODE_ALPHABET) for _ in range(8))


def read_entry(row: Row, areas: Mapping[str, Area], report: Report) -> Entry | None:
    """The entry of a row; None when something in it was refused."""
    before = len(report.problems)
    role = _role(row, report)
    check_name(row, "姓名", NAME_LENGTH, report)
    entry = Entry(
        row=row.number,
        name=row["name"],
        phone=_phone(row, report),
        role=role or RoleName.VILLAGER,
        areas=_areas(row, role, areas, report),
        duty=_duty(row, role, report),
        account=_account(row, report),
        invitation=_invitation(row, report),
    )
    return entry if len(report.problems) == before else None


def _phone(row: Row, report: Report) -> str:
    digits = re.sub(r"[\s\-()]", "", plain(row["phone"])).removeprefix("+86")
    if not any(kind.fullmatch(digits) for kind in (_MOBILE, _LANDLINE, _SAMPLE)):
        report.refuse(row.number, "电话", _bad_phone(digits))
    return digits


def _bad_phone(digits: str) -> str:
    if not digits:
        return "电话没有填"
    return "电话不像 11 位手机号，也不像带区号的座机号（开头的 0 丢了的话，请把这一列设为文本）"


def _role(row: Row, report: Report) -> RoleName | None:
    role = _ROLES.get(plain(row["role"]).casefold())
    if role is None:
        report.refuse(
            row.number, "角色", "不认识的角色：可填 群众、代办员、网格员、督办、工作人员、管理员、领导、专家"
        )
    return role


def _areas(row: Row, role: RoleName | None, known: Mapping[str, Area], report: Report) -> tuple[str, ...]:
    codes = [code for code in re.split(r"[;,、\s]+", plain(row["areas"])) if code]
    if not codes:
        report.refuse(row.number, "负责区域", "没有填区划代码")
    return tuple(dict.fromkeys(code for text in codes if (code := _area(row, text, role, known, report))))


def _area(
    row: Row, text: str, role: RoleName | None, known: Mapping[str, Area], report: Report
) -> str | None:
    try:
        code = normal_code(text)
    except ValueError:
        report.refuse(row.number, "负责区域", "区划代码应为 6、9、12 或 14 位数字，多个用分号隔开")
        return None
    if code not in known:
        report.refuse(row.number, "负责区域", f"没有这个区域：{code}，请先导入区划")
    elif role is not None:
        levels, said = _FITTING[role]
        if known[code].level not in levels:
            report.refuse(row.number, "负责区域", f"{code} 的级别不对：这个角色要填{said}的代码")
    return code


def _duty(row: Row, role: RoleName | None, report: Report) -> Duty:
    text = plain(row["duty"]).casefold()
    if text and role is not None and role is not RoleName.CADRE:
        report.warn(row.number, "主副", "只有网格员分主副，这一格没有用")
        return Duty.PRIMARY
    duty = _DUTIES.get(text or Duty.PRIMARY)
    if duty is None:
        report.refuse(row.number, "主副", "应填 主 或 副")
    return duty or Duty.PRIMARY


def _account(row: Row, report: Report) -> Account | None:
    text = row["account"]
    if not text:
        return None
    channel, _, address = text.partition(":")
    channel, address = channel.strip().casefold(), address.strip()
    if channel not in CHANNELS:
        report.refuse(
            row.number, "账号", f"不认识的平台：应写成 平台:账号，平台是 {'、'.join(CHANNELS)} 之一"
        )
    elif not re.fullmatch(r"[!-~]{1,128}", address):
        report.refuse(row.number, "账号", "冒号后面的账号应是 1–128 个字母、数字或符号，没有空格")
    return Account(channel, address)


def _invitation(row: Row, report: Report) -> str:
    code = plain(row["invitation"]).upper()
    if code and not _INVITATION.fullmatch(code):
        report.refuse(row.number, "邀请码", "邀请码应是 8 个字母或数字，不用 0、1、I、L、O；空着就由系统生成")
    return code
