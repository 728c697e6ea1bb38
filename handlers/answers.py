"""Reading answers that many questions share."""

from collections.abc import Callable
from typing import Any

from domain.flow import Answer, Invalid, number_in

LONGEST = 500
"""Characters of a sentence."""
NO_SUCH_DIGIT = Invalid("没有这个数字。请回前面的数字，或说一句。")
_ONLY_A_DIGIT = Invalid("只有数字看不明白，请说一句。")

Read = Callable[[Answer], dict[str, Any] | Invalid]


def words_only(answer: Answer) -> dict[str, Any] | Invalid:
    """What others have to read needs words."""
    return words_or_media(answer) if answer.text else Invalid("请用文字说一句。")


def words_or_media(answer: Answer) -> dict[str, Any] | Invalid:
    """Free words, a picture or a voice are all a valid answer."""
    if not answer.text and not answer.media:
        return Invalid("请说一句话，或发照片、语音。")
    return {"text": answer.text, "media": list(answer.media)}


def words_not_a_digit(answer: Answer) -> dict[str, Any] | Invalid:
    """As `words_or_media`, for questions with a choice: a digit that is none of them was meant for another one."""
    return words_or_media(answer) if number_in(answer.text) is None else NO_SUCH_DIGIT


def no_mere_digit(read: Read) -> Read:
    """As `read`, of words that somebody else will read: a mere digit was meant for the buttons above."""
    return lambda answer: read(answer) if number_in(answer.text) is None else _ONLY_A_DIGIT


def sentence(answer: Answer) -> str | Invalid:
    """Words that somebody else will read, without pictures or sounds."""
    if number_in(answer.text) is not None:
        return _ONLY_A_DIGIT
    return answer.text[:LONGEST] if answer.text else Invalid("请用文字说一句。")
