"""Those who took part hear what came of it: “您说的……，我们做了……”."""

from domain.broadcasts import Audience
from domain.errors import Refusal
from domain.talk import Reply, shorten
from services.broadcasts import send_words
from services.delivery import tell
from services.desk import Desk
from services.surveys.results import readable
from storage import survey_results
from storage.broadcasts import rows

MOST = 300
"""Characters of each of the two sentences that staff write."""


def words_of_thanks(title: str, said: str, did: str) -> str:
    """What those who took part are told. Raises Refusal where one of the sentences is missing or too long."""
    said, did = said.strip(), did.strip()
    if not said or not did:
        raise Refusal("请写两句：大家说了什么，我们做了什么。")
    if max(len(said), len(did)) > MOST:
        raise Refusal(f"话太长了，每句最多{MOST}个字。")
    return f"《{shorten(title, 30)}》谢谢您。您说的：{said}\n我们做了：{did}"


def tell_results(desk: Desk, survey: int, said: str, did: str) -> int | None:
    """Tell those who answered a named survey; of an anonymous one all who were asked, for a choice would tell who did.

    Returns how many are told now, None where a broadcast leaves bit by bit. Raises Refusal, as for an anonymous
    survey that was never sent to anybody, or whose results were told already.
    """
    found = readable(desk, survey)
    words = words_of_thanks(found.title, said, did)
    if found.anonymous:
        send_words(desk, words, all_who_were_asked(desk, survey))
        return None
    answered = survey_results.who_answered(desk.tx, survey)
    for person in answered:
        tell(desk, person, Reply(words))
    return len(answered)


def all_who_were_asked(desk: Desk, survey: int) -> Audience:
    """Those whom its newest broadcast reached. Raises Refusal where there is none, or they were told already."""
    asked = rows.newest_of(desk.tx, survey)
    if asked is None:
        raise Refusal("这份问卷不记名，也没有群发过，不知道该告诉谁。")
    if rows.reminder_of(desk.tx, asked) is not None:
        raise Refusal("结果已经告诉过大家了。")
    return Audience(again=asked)
