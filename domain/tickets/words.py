"""How a ticket is put into words: cards for those who work on it, short lines for the villager."""

from datetime import datetime

from domain.delivery import CHINA
from domain.directory import Person, Rung
from domain.talk import About, Choice, Reply, shorten
from domain.tickets.checks import MAX_EXTENSIONS, MAX_RETURNS, urged_today
from domain.tickets.steps import IN_HAND, STEP_NAMES, WAITING, Event, Kind, State, Step, Ticket

QUOTE = 24
"""Characters of the villager's words that are quoted back to her."""


def when(moment: datetime) -> str:
    """A moment as people say it: 11月30日18点."""
    local = moment.astimezone(CHINA)
    minutes = f"{local.minute:02}分" if local.minute else ""
    return f"{local.month}月{local.day}日{local.hour}点{minutes}"


def deed(ticket: int, name: str) -> str:
    """Wire id of a button that does one thing to one ticket, whenever it is tapped."""
    return f"t:{ticket}:{name}"


def _choices(ticket: Ticket, *named: tuple[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(deed(ticket.id, name), label) for name, label in named)


_STORY = ("story", "看经过")
_WHILE_WAITING = (
    ("accept", "签收"),
    ("message", "问群众一句"),
    ("transfer", "转办"),
    ("return", "退回"),
    ("decline", "不受理"),
)
_WHILE_IN_HAND = (
    ("answer", "答复"),
    ("message", "留言"),
    ("call", "打过电话了"),
    ("extend", "延期"),
    ("transfer", "转办"),
    ("return", "退回"),
)
OWNER_BUTTONS = frozenset(label for name, label in _WHILE_WAITING + _WHILE_IN_HAND if name != "call")
"""Words that stand on a button and are no answer to anybody; 打过电话了 may be one."""


def owner_buttons(ticket: Ticket) -> tuple[Choice, ...]:
    """All that its owner can ever do as it stands, by name: also what would be refused now, with the reason."""
    if ticket.state in WAITING:
        return _choices(ticket, *_WHILE_WAITING)
    if ticket.state in IN_HAND:
        return _choices(ticket, *_WHILE_IN_HAND)
    if ticket.state is State.ANSWERED:
        return _choices(ticket, ("message", "留言"), _STORY)
    return _choices(ticket, _STORY)


def owner_choices(ticket: Ticket, *, heard: bool = True) -> tuple[Choice, ...]:
    """What its owner is offered: nothing that would be refused. heard: can whoever it is about be told anything?"""
    used_up = {
        deed(ticket.id, name)
        for name, gone in (
            ("extend", ticket.extensions >= MAX_EXTENSIONS),
            ("return", ticket.returns >= MAX_RETURNS or ticket.rung == Rung.STAFF),
            ("message", not heard),
        )
        if gone
    }
    return tuple(choice for choice in owner_buttons(ticket) if choice.id not in used_up)


def onlooker_choices(ticket: Ticket) -> tuple[Choice, ...]:
    """Of one who works for its area and has another's before him: he may take on what nobody has yet."""
    accept = (("accept", "签收"),) if ticket.state in WAITING else ()
    return _choices(ticket, *accept, _STORY)


def owner_card(ticket: Ticket, place: str, villager: Person | None, head: str = "") -> Reply:
    """What its owner needs to act: what, where, who (nobody if she left), by when, and what he can do."""
    herself = (
        " ".join(filter(None, [villager.name or "群众", villager.phone])) if villager else "（已不用这里）"
    )
    who = ticket.on_behalf_of or herself
    behalf = "（代办）" if ticket.on_behalf_of else ""
    title = f"{head or ticket.state_name} {ticket.id}号 {ticket.title}"
    # Whose card led her in, if it was a household's: of her own matter, at home.
    at_home = villager is not None and villager.area == ticket.area and not ticket.on_behalf_of
    where = f"{place}{villager.household}" if villager and at_home else place
    lines = [
        title,
        f"{where}：{ticket.text or '（图片或语音）'}",
        f"{who}{behalf}",
    ]
    if ticket.open:
        lines.append(f"{when(ticket.limit_at)}前答复")
    heard = villager is not None or ticket.filed_by != ticket.villager
    return Reply("\n".join(lines), owner_choices(ticket, heard=heard), about=About.TASK)


def villager_choices(ticket: Ticket, now: datetime | None = None) -> tuple[Choice, ...]:
    """What she is offered. Who has urged today reads the story instead: the numbers of the others stay the same."""
    if ticket.state is State.ANSWERED:
        return _choices(ticket, ("solved", "解决了"), ("unsolved", "没解决"))
    if ticket.open:
        urge = _STORY if now and urged_today(ticket, now) else ("urge", "催一催")
        return _choices(ticket, ("add", "补充几句"), urge, ("withdraw", "撤回不办了"))
    if ticket.state is State.CLOSED:
        rate = () if ticket.rating else (("rate", "评一评"),)
        return _choices(ticket, ("unsolved", "没解决，再办"), *rate)
    return ()


def filed(ticket: Ticket, owner: Person | None, hotline: str, complaint_lines: tuple[str, ...]) -> Reply:
    """The promise: number, who will call, by when."""
    if owner is None:
        return Reply(f"记下了，{ticket.id}号。暂没派到人，急事可打{hotline}。", villager_choices(ticket))
    if ticket.kind is Kind.PRAISE:
        return Reply(f"记下了，{ticket.id}号。您的话会带给{owner.name}，谢谢。")
    if ticket.kind is Kind.COMPLAINT:
        lines = "、".join(complaint_lines)
        return Reply(f"记下了，{ticket.id}号，只有县上看得到，会联系您。也可打{lines}。")
    phone = f"（{owner.phone}）" if owner.phone else ""
    return Reply(
        f"记下了，{ticket.id}号。{owner.name}{phone}{when(ticket.contact_by)}前联系您。",
        _choices(ticket, ("add", "补充几句"), ("withdraw", "撤回不办了")),
    )


def filed_at_once(ticket: Ticket, owner: Person) -> Reply:
    """A danger, which she was not asked about before it was filed: she can still correct it."""
    phone = f"（{owner.phone}）" if owner.phone else ""
    return Reply(f"{ticket.id}号报上去了，已告诉{owner.name}{phone}。", corrections(ticket))


def corrections(ticket: Ticket) -> tuple[Choice, ...]:
    """What she can do about a danger that was filed without a question."""
    return _choices(ticket, ("add", "补充几句"), ("withdraw", "报错了，撤回"))


def answered(ticket: Ticket, owner: Person, words: str) -> list[Reply]:
    """The answer verbatim, then the one question that only she can answer."""
    phone = f" {owner.phone}" if owner.phone else ""
    return [
        Reply(f"{ticket.id}号答复：{words}\n—{owner.name}{phone}", about=About.ANSWER),
        Reply(f"{ticket.id}号，您的事解决了吗？", villager_choices(ticket), about=About.ANSWER),
    ]


RATINGS = ("满意", "一般", "不满意")


def rating_question(ticket: Ticket) -> Reply:
    choices = tuple(
        Choice(deed(ticket.id, f"rate{value}"), label)
        for value, label in zip((3, 2, 1), RATINGS, strict=True)
    )
    return Reply("谢谢您。这件事办得怎么样？", choices)


def promised(ticket: Ticket, now: datetime) -> str:
    """By when she is answered; with regret, once that is past."""
    by = f"{when(ticket.limit_at)}前答复"
    return by if ticket.limit_at > now else f"本该{by}，对不住"


def progress(ticket: Ticket, now: datetime) -> Reply:
    """Where a ticket stands, in one short message."""
    quote = shorten(ticket.text, 16) or "（图片或语音）"
    text = f"{ticket.id}号 {quote}\n{ticket.state_name}"
    if ticket.state in WAITING | IN_HAND:
        text += f"，{promised(ticket, now)}"
    choices = (*villager_choices(ticket, now), *_choices(ticket, _STORY))
    return Reply(text, tuple(dict.fromkeys(choices)))


_TOLD_TO_VILLAGER = frozenset(Step) - {Step.NUDGE, Step.HAND_OVER, Step.ASSIGN}


_WORDS_FOR_HER = frozenset({Step.MESSAGE, Step.EXTEND, Step.ANSWER, Step.DECLINE, Step.REOPEN, Step.ADD})
"""Steps whose words are hers to read; why one colleague sent it to another is theirs."""


def story(events: list[Event], names: dict[int, str], limit: int = 8) -> str:
    """The timeline: the newest `limit` steps, oldest first, a line each."""
    told = [event for event in events if event.step in _TOLD_TO_VILLAGER][-limit:]
    return "\n".join(_line(event, names) for event in told)


def _line(event: Event, names: dict[int, str]) -> str:
    local = event.at.astimezone(CHINA)
    actor = names.get(event.actor, "") if event.actor else ""
    said = f"：{shorten(event.note, 20)}" if event.note and event.step in _WORDS_FOR_HER else ""
    return f"{local.month}月{local.day}日 {actor}{STEP_NAMES[event.step]}{said}"
