"""Reading answers that many questions share."""

from typing import Any

from domain.flow import Answer, Invalid


def words_only(answer: Answer) -> dict[str, Any] | Invalid:
    """What others have to read needs words."""
    return words_or_media(answer) if answer.text else Invalid("请用文字说一句。")


def words_or_media(answer: Answer) -> dict[str, Any] | Invalid:
    """Free words, a picture or a voice are all a valid answer."""
    if not answer.text and not answer.media:
        return Invalid("请说一句话，或发照片、语音。")
    return {"text": answer.text, "media": list(answer.media)}
