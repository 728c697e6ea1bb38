"""`lianxin triage`: what the bot would think of a sentence, for staff and for scripts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO

from domain.triage import Triage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from domain.triage import Lexicon, Verdict


def triage_command(
    texts: list[str],
    *,
    as_json: bool,
    stdin: TextIO,
    stdout: TextIO,
    lexicon: Lexicon,
    cache_dir: str | None,
) -> None:
    """Judge each of `texts`, or else each line of `stdin`; write one line for each as soon as it is known.

    A blank line gets its verdict too (其他), so that line n of the answers belongs to question n.
    """
    triage = Triage(lexicon, cache_dir)
    describe = _json_line if as_json else _readable_line
    for text in texts or _lines(stdin):
        stdout.write(describe(triage.judge(text)) + "\n")
        stdout.flush()


def _lines(stream: Iterable[str]) -> Iterator[str]:
    return (line.rstrip("\r\n") for line in stream)


def _json_line(verdict: Verdict) -> str:
    return json.dumps(
        {
            "text": verdict.text,
            "category": verdict.category,
            "subcategory": verdict.subcategory,
            "confidence": verdict.confidence,
            "emergency": list(verdict.emergency),
            "words": list(verdict.words),
        },
        ensure_ascii=False,
    )


def _readable_line(verdict: Verdict) -> str:
    place = verdict.category + (f" · {verdict.subcategory}" if verdict.subcategory else "")
    parts = [" ".join(verdict.text.split()), f"→ {place} ({verdict.confidence:.0%})"]
    if verdict.emergencies:
        names = "、".join(danger.name for danger in verdict.emergencies)
        parts.append(f"紧急：{names}，打 {'、'.join(verdict.emergency)}")
    if verdict.unsure_danger:
        parts.append("拿不准有没有危险，要问一句")
    parts.append(f"凭：{'、'.join(verdict.words) or '没有认得的词'}")
    return "  ".join(parts)
