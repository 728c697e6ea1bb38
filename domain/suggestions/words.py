"""How a suggestion is put into words: for its writer, for the staff, for the public board."""

from collections.abc import Sequence
from datetime import date, datetime

from domain.delivery import CHINA
from domain.suggestions.steps import (
    OUTCOME_NAMES,
    STATE_NAMES,
    STEP_NAMES,
    WAITING,
    Event,
    Outcome,
    State,
    Step,
    Suggestion,
)
from domain.talk import Choice, Reply, shorten

QUOTE = 24
"""Characters of the writer's words that are quoted back."""


def day(moment: date | datetime) -> str:
    """A day as people say it: 11月30日."""
    local = moment.astimezone(CHINA) if isinstance(moment, datetime) else moment
    return f"{local.month}月{local.day}日"


def deed(number: int, name: str) -> str:
    """Wire id of a button that does one thing to one suggestion, whenever it is tapped."""
    return f"o:{number}:{name}"


def receipt(code: str, *, anonymous: bool) -> Reply:
    """What she takes with her."""
    kept = "匿名收好了" if anonymous else "收到了，答复会发给您"
    return Reply(f"{kept}。查询码：{code}，请抄下来。\n用哪个账号都能查，发“查 {code}”。")


def status(suggestion: Suggestion, asked: str = "") -> str:
    """Where it stands, for whoever shows its code. `asked`: what the staff have asked back."""
    if suggestion.state is State.ANSWERED:
        return f"您的意见{answered(suggestion)}"
    if suggestion.state is State.ASKED and asked:
        return f"县上问您：{asked}"
    limit = f"，{day(suggestion.limit_at)}前答复" if suggestion.state in WAITING else ""
    return f"您的意见{STATE_NAMES[suggestion.state]}{limit}。"


SEALED = "您的意见还封着。攒几封一起拆，最多等四天，再来查。"


def answered(suggestion: Suggestion) -> str:
    """Outcome and answer, after the words that say what was answered."""
    name = OUTCOME_NAMES[suggestion.outcome] if suggestion.outcome else ""
    to = f"给{suggestion.office}" if suggestion.outcome is Outcome.PASSED_ON else ""
    by = f"\n{day(suggestion.measure_by)}前办好。" if suggestion.measure_by else ""
    return f"：{name}{to}。\n{suggestion.answer}{by}"


def drafted_answer(facts: dict[str, str]) -> str:
    """The answer that the facts make, for staff who have nothing to add."""
    return "\n".join(filter(None, [facts.get("reason", ""), facts.get("measure", "")]))


def line(suggestion: Suggestion) -> str:
    """One entry of the staff's list."""
    text = shorten(suggestion.text, 12) or "图片语音"
    mark = "【限】" if suggestion.restricted else ""
    return f"{mark}意见{suggestion.id} {text} {day(suggestion.limit_at)}前"


def staff_card(
    suggestion: Suggestion, events: Sequence[Event], who: str, place: str, head: str = ""
) -> Reply:
    """What staff need to answer it. `who`: name and phone, "" where it is anonymous."""
    mark = "【只限县上，勿外传】" if suggestion.restricted else ""
    limit = f"，{day(suggestion.limit_at)}前答复" if suggestion.state in WAITING else ""
    office = f"\n责任单位：{suggestion.office}" if suggestion.office else ""
    outcome = f"\n答复{answered(suggestion)}" if suggestion.outcome else ""
    shown = "\n公开栏：" + suggestion.gist if suggestion.public else ""
    merged = f"\n已并到意见{suggestion.merged_into}" if suggestion.merged_into else ""
    writer = " ".join(filter(None, [place, who])) or "匿名"
    text = suggestion.text or _NO_WORDS
    more = "".join(f"\n{day(when)}{said}" for when, said in later(events))
    return Reply(
        f"{head}{mark}意见{suggestion.id} {STATE_NAMES[suggestion.state]}{limit}"
        f"\n{day(suggestion.day)}收到，{writer}：{text}{more}{office}{outcome}{shown}{merged}",
        staff_choices(suggestion),
        tuple(one for event in events if event.step in _OF_WRITER for one in event.media),
    )


_NO_WORDS = "（图片或语音）"
_OF_WRITER = frozenset({Step.FILE, Step.ADD, Step.REPLY})
_LATER = frozenset({Step.ASK, Step.REPLY, Step.ADD})


def later(events: Sequence[Event]) -> list[tuple[date, str]]:
    """What was asked back, and what its writer has said since, each with its day."""
    return [
        (event.day, f"{STEP_NAMES[event.step]}：{event.note or _NO_WORDS}")
        for event in events
        if event.step in _LATER
    ]


def staff_choices(suggestion: Suggestion) -> tuple[Choice, ...]:
    """What staff may do with it now."""
    if suggestion.state is State.MERGED:
        named = [("split", "不并了"), ("story", "看经过")]
    elif suggestion.state is State.ANSWERED:
        named = [("answer", "改答复"), ("story", "看经过")]
        if suggestion.public:
            named.insert(1, ("hide", "撤下公开栏"))
    else:
        named = [
            ("answer", "答复"),
            ("ask", "追问"),
            ("hand", "交办"),
            ("merge", "并案"),
            ("story", "看经过"),
        ]
    if not suggestion.restricted:
        named.append(("restrict", "是说人的，限县上"))
    return tuple(Choice(deed(suggestion.id, name), label) for name, label in named)


def story(events: list[Event], names: dict[int, str]) -> str:
    """What was done, a line a step, the oldest first."""
    return "\n".join(_told(event, names) for event in events)


def _told(event: Event, names: dict[int, str]) -> str:
    who = names.get(event.actor, "工作人员") if event.actor else ""
    note = f"：{event.note}" if event.note and event.step is not Step.FILE else ""
    return f"{day(event.day)} {who}{STEP_NAMES[event.step]}{note}"


def board_entry(suggestion: Suggestion) -> str:
    """One entry of the public board: what was asked, and what came of it. No names: staff wrote both."""
    answered_on = f"（{day(suggestion.answered_on)}答复）" if suggestion.answered_on else ""
    return f"有人提：{suggestion.gist}\n县上{answered_on}{answered(suggestion)}"
