"""Reading answers that many questions share."""

from typing import Any

from domain.flow import Answer, Invalid, number_in


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
    if number_in(answer.text) is not None:
        return Invalid("没有这个数字。请回前面的数字，或说一句。")
    return words_or_media(answer)
