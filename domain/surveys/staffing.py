"""What staff read of a survey that they run, and the choices beside it: `q:<number>:<deed>`."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from domain.broadcasts import STATE_NAMES, Progress, Reach, State
from domain.delivery import CHINA
from domain.surveys.form import Form, Kind
from domain.talk import Choice

TRY, LAUNCH, DROP = "try", "launch", "drop"
_LABELS = {
    "show": "看进度",
    TRY: "试填",
    LAUNCH: "往下办",
    DROP: "不要了",
    "pause": "暂停",
    "resume": "接着发",
    "cancel": "不发了",
    "cancel-sure": "真的不发了",
    "close": "提前截止",
    "close-sure": "真的截止",
    "remind": "提醒一次",
    "remind-sure": "发提醒",
    "keep": "先不",
    "send": "发给大家",
    "link": "链接和二维码",
    "results": "看结果",
    "tell": "告诉大家做了什么",
}
REACH_NAMES = {
    Reach.SENT: "送出",
    Reach.ANSWERED: "答了",
    Reach.OVER: "轮到了",
    Reach.HELD: "等对方说话",
    Reach.REFUSED: "退订",
    Reach.BLOCKED: "拉黑",
    Reach.FAILED: "没送到",
    Reach.UNCERTAIN: "不确定",
}


def deeds(survey: int, *names: str) -> tuple[Choice, ...]:
    """Choices that do these to a survey."""
    return tuple(Choice(f"q:{survey}:{name}", _LABELS[name]) for name in names)


def asked(form: Form) -> int:
    """How many questions the form has, at the most."""
    return sum(one.kind not in {Kind.NOTE, Kind.CALCULATE} for one in form.questions)


def until(closes_at: datetime) -> str:
    """“收到11月9日”: the last day, or that and the hour where it closes amid a day."""
    local = closes_at.astimezone(CHINA)
    if local.time() == time():
        return f"收到{local - timedelta(days=1):%-m月%-d日}"
    return f"收到{local:%-m月%-d日%H:%M}"


def moved(come: Progress, now: datetime) -> str:
    """How far a broadcast has come, in one line."""
    broadcast = come.broadcast
    state = STATE_NAMES[broadcast.state]
    if broadcast.state is State.GOING and not broadcast.queued:
        state = "正在找人"
    elif broadcast.state is State.GOING and broadcast.starts_at > now:
        state = f"{broadcast.starts_at.astimezone(CHINA):%-m月%-d日%H:%M}起发"
    if broadcast.audience.again:
        state = f"提醒{state}"
    if not broadcast.total:
        return f"{state}，没有要发的人。" if broadcast.queued else f"{state}。"
    told = [f"{name}{come.counts[reach]}" for reach, name in REACH_NAMES.items() if come.counts.get(reach)]
    left = f"还剩{come.left}" if come.left else ""
    return "，".join(filter(None, (f"{state}：共{broadcast.total}人", *told, left))) + "。"


def joined(counts: Iterable[tuple[str, int]]) -> str:
    """“没有账号3人、退订1人”: those that are not nought."""
    return "、".join(f"{name}{count}人" for name, count in counts if count)
