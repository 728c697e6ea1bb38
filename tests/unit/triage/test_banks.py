"""Thousands of sentences put together from parts: harmless ones that must raise no alarm, dangers that must.

They guard the shape of the lexicon rather than measure it: a pattern that hangs on one short character
(电, 打, 倒, 掉 …) soon meets an everyday sentence here in which that character means nothing.
"""

import itertools
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
DANGERS = tomllib.loads((HERE / "dangers.toml").read_text(encoding="utf-8"))["danger"]

WHO = ["", "我家", "我妈", "娃", "邻居", "老人", "有人", "我男人", "隔壁", "村上", "老师"]
FRAMES = [
    "{}", "{}咋办", "{}，气死人", "我说{}没人管", "{}好几天了", "又{}", "今天{}", "{}，你们来看看", "急死人了，{}",
    "我妈说{}", "你好，{}，三天了", "{}咧", "俺村{}", "他家{}，我去看了",
]  # fmt: skip
# Phrases of the categories that do speak of danger: an alarm is right, or a question of taste.
DANGEROUS = ("车祸", "事故", "家暴", "打人", "打骂", "放火", "进水")


def test_everyday_happenings_raise_no_alarm(triage, lexicon):
    happenings = [one.text for one in lexicon.examples if one.batch == "平常"]
    sentences = {
        frame.format(who + happening)
        for number, happening in enumerate(happenings)
        for place, who in enumerate(WHO)
        for frame in [FRAMES[(number * 3 + place * 5) % len(FRAMES)]]
    }
    alarms = [(text, triage.judge(text).words) for text in sorted(sentences) if triage.judge(text).emergency]
    assert len(sentences) > 5_000
    # "我男人" before "把树砍了" and the like: odd couples that nobody writes.
    assert len(alarms) <= len(sentences) * 0.001, alarms


def test_words_of_the_categories_raise_no_alarm(triage, lexicon):
    phrases = dict.fromkeys(
        phrase.anchors[0] for topic in lexicon.topics for phrase in topic.phrases if not phrase.expression
    )
    harmless = [phrase for phrase in phrases if not any(word in phrase for word in DANGEROUS)]
    sentences = [
        frame.format(phrase)
        for number, phrase in enumerate(harmless)
        for frame in (FRAMES[number % len(FRAMES)], FRAMES[(number + 5) % len(FRAMES)])
    ]
    assert len(sentences) > 4000
    alarms = [text for text in sentences if triage.judge(text).emergency]
    # A bare 骗子 is better taken seriously.
    assert len(alarms) <= len(sentences) * 0.001, alarms


def test_dangers_are_seen_whoever_and_wherever(triage):
    missed, count = [], 0
    for danger in DANGERS:
        combinations = list(itertools.product(*danger["parts"]))
        for parts in combinations[:: max(1, len(combinations) // 80)]:
            count += 1
            text = "".join(parts)
            if not set(danger["numbers"]) <= set(triage.judge(text).emergency):
                missed.append((text, danger["numbers"], triage.judge(text).emergency))
    assert count > 2_000
    assert len(missed) <= count * 0.005, missed


def test_a_danger_survives_what_is_said_around_it(triage):
    around = [
        "我怕得很，{}", "快叫消防队，{}", "我不小心没看住，{}", "我爸是残疾人，{}", "我家是低保户，{}", "刚喝完酒，{}",
        "我正看电视，{}", "我在羊圈这儿，{}", "去年路修好了，{}", "我想问下合疗，{}", "{}，快打电话", "{}，网络也不好",
        "{}，补贴的事回头说", "{}，昨天还好好的", "{}，没人管", "{}，灯也灭了", "{}，快派人检查",
    ]  # fmt: skip
    missed = []
    for danger in DANGERS:
        text = "".join(parts[0] for parts in danger["parts"])
        missed += [
            frame.format(text)
            for frame in around
            if not set(danger["numbers"]) <= set(triage.judge(frame.format(text)).emergency)
        ]
    assert missed == []
