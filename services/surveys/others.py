"""The option 其他 of a question with `or_other`: pyxform adds it, and the question what it is, in English."""

from dataclasses import replace

from domain.surveys.form import Option, Question, Words

_ASKS_OTHER = "Specify other."


def others_in_chinese(questions: list[Question]) -> tuple[Question, ...]:
    """What pyxform adds for `or_other` it says in English."""
    asked = {one.name for one in questions if _ASKS_OTHER in one.label.values()}
    return tuple(
        replace(one, label=_in_chinese(one.label, _ASKS_OTHER, "请说说是什么。"))
        if one.name in asked
        else replace(one, options=tuple(map(_other_in_chinese, one.options)))
        if f"{one.name}_other" in asked
        else one
        for one in questions
    )


def _other_in_chinese(option: Option) -> Option:
    return replace(option, label=_in_chinese(option.label, "Other", "其他"))


def _in_chinese(words: Words, english: str, chinese: str) -> Words:
    return {language: chinese if said == english else said for language, said in words.items()}
