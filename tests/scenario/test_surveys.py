"""A survey is answered in talk, one question after the other."""

import asyncio
import re
from pathlib import Path

import pytest

from bot.survey_templates import TEMPLATES, template_workbook
from domain.talk import VILLAGER_TEXT_LIMIT, Choice, Reply
from services.delivery import tell
from services.surveys.xlsform import compile_form
from tests.databases import new_sqlite
from tests.recordings import picture
from tests.scenario.asking import answers, answers_water, begins, comes, opens
from tests.scenario.people import OnWeChat
from tests.scenario.world import OGG, OTHER, VILLAGE, World, world
from tests.surveys import COUNTED, HOSTILE, MARKS, SHOWN


async def test_a_named_survey_from_the_first_question_to_the_receipt(county: World) -> None:
    await opens(county)
    her = await county.villager()
    await her.says("问卷")
    first = await her.sees("用水问卷")
    assert "最多5题" in first.text
    assert "记名：工作人员看得到是谁答的" in first.text
    assert len(first.text) <= VILLAGER_TEXT_LIMIT
    await answers(
        her,
        ("1", "第1题，一共4题：水够用吗？"),
        ("2", "第2题，一共5题：为什么不够？"),
        ("135", "第3题，一共5题：家里几口人？"),
        ("三口人", "第4题，一共5题：哪天开始的？"),
        ("昨天", "第5题，一共5题：还有什么要说？"),
        ("跳过", "5题都答了"),
        ("改第3题", "第3题，一共5题"),
        ("5", "第3题 家里几口人：5"),
        ("改一题", "改第几题"),
        ("2", "第2题，一共5题"),
        ("渠堵、停电和别的", "第2题 为什么不够：渠堵、停电、别的"),
    )
    await answers(her, ("1", "回执：《用水问卷》第1份，交上了"))
    await answers(her, ("问卷", "现在没有等您答的问卷"), ("问卷1", "您交的是第1份"))
    await her.sees("第2题 为什么不够：渠堵、停电、别的")
    await her.sees("第4题 哪天开始的：2026年11月1日")


async def test_many_answers_are_looked_back_at_page_by_page(county: World) -> None:
    survey = await opens(county, COUNTED)
    her = await county.villager()
    await begins(her, "第1题，一共9题")
    for number in range(2, 10):
        await answers(her, (str(number - 1), f"第{number}题，一共9题"))
    await her.says("9")
    await her.sees("第1题 第1样有几个：1")
    await answers(her, ("往下看", "第9题 第9样有几个：9"), ("改一题", "改第几题"), ("9", "第9题，一共9题"))
    await answers(her, ("90", "9题都答了"), ("1", "第1份，交上了"))
    await answers(her, (f"问卷{survey}", "第1题 第1样有几个：1"), ("往下看", "第9题 第9样有几个：90"))


async def test_of_an_anonymous_survey_nothing_is_said_again(county: World) -> None:
    await opens(county, anonymous=True)
    her = await county.villager()
    await her.says("答问卷")
    first = await her.sees("匿名：")
    assert "我们收到后不保存身份" in first.text
    assert ("平台能看到是您发的" in first.text) == (type(her).__name__ != "OnWeb")
    await answers(
        her,
        ("1", "水够用吗"),
        ("1", "家里几口人"),
        ("3", "哪天开始"),
        ("昨天", "还有什么"),
        ("渠要修", "4题都答了"),
    )
    assert any("还有什么要说：渠要修" in text for text in await her.texts())
    await her.says("1")
    receipt = await her.sees("交上了")
    assert "匿名的，我们也查不出哪份是您的" in receipt.text
    assert "渠要修" not in receipt.text
    await answers(her, ("问卷", "现在没有等您答的问卷"))


async def test_every_mark_and_every_option_can_be_given(county: World) -> None:
    """9 goes back and 0 calls a person, but not where they are an answer."""
    await opens(county, MARKS)
    her = await county.villager()
    await begins(her, "先看一句：0分最差")
    zero = await her.sees("第1题，一共8题：办事打几分？")
    assert "0和9也是答案，返回说“返回”，找人说“找人”" in zero.text
    await answers(
        her,
        ("0", "第2题，一共8题：态度打几分"),
        ("9", "第3题，一共8题：村里打几颗星"),
        ("9", "第2题，一共8题：态度打几分"),
        ("10", "第3题"),
        ("7", "请回复1到5之间的数"),
        ("五", "第4题，一共8题：几月最忙"),
        ("9", "第5题，一共8题：哪几月闲"),
        ("1 9 12", "第6题，一共8题：先修哪个"),
        ("2 1", "请把全部选项排个先后"),
        ("2 1 3", "第7题，一共8题：几亩地"),
        ("两亩半", "第8题，一共8题：几点停水"),
        ("早上8点半", "快完了"),
    )
    await her.sees("8题都答了")
    look = "".join(await her.texts())
    for said in ("分：0", "分：10", "星：5", "：9月", "1月、9月、12月", "渠、路、灯", "亩地：2.5", "08:30"):
        assert said in look


async def test_pictures_and_voices_are_answers(county: World) -> None:
    await opens(county, SHOWN)
    her = await county.villager()
    await begins(her, "第1题，一共3题：拍一张渠")
    await answers(her, ("跳过", "这道题要回答"))
    await her.sends_photo(picture("image/jpeg"))
    await her.sees("第2题，一共3题：说一段")
    await her.sends_voice(OGG)
    await her.sees("第3题，一共3题：在哪里")
    await answers(her, ("1", "3题都答了"))
    look = "".join(await her.texts())
    assert all(said in look for said in ("（照片）", "（语音）", "（跳过）"))


async def test_a_voice_that_nothing_was_heard_of_is_no_other_matter(county: World) -> None:
    """She who cannot type is told how to answer, and an answer can be given anew at any time."""
    await opens(county)
    her = await county.villager()
    await begins(her, "水够用吗")
    await her.sends_voice(OGG)
    await her.sees("语音没转成字。请回复数字 1 到 2。")
    await answers(
        her,
        ("1", "第2题，一共4题：家里几口人"),
        ("改第一题", "第1题"),
        ("1", "第2题，一共4题"),
        ("上一题", "第1题"),
        ("1", "第2题，一共4题"),
        ("三口", "哪天开始"),
        ("昨天", "还有什么要说"),
    )
    await her.sends_voice(OGG)
    await her.sees("还有什么要说：（语音）")
    await answers(her, ("1", "第1份，交上了"))
    staff = await county.worker("staff")
    await answers(staff, ("结果1", "1人说了，其中1段是语音"))
    await staff.says("1")
    await comes(county, staff, "第1份")
    assert (await staff.screen())[-1].media == 1
    await her.says("注销")
    await her.sees("都删了")
    await staff.says("结果1")
    assert "语音" not in (await staff.sees("《用水问卷》收到1份")).text


async def test_she_stops_and_goes_on_days_later_where_she_was(county: World) -> None:
    await opens(county)
    her = await county.villager()
    await begins(her, "水够用吗")
    await answers(her, ("1", "家里几口人"), ("等会儿", "答了的1题都记着"))
    await county.later(days=3)
    await answers(her, ("问卷", "接着上回的答"))
    await her.sees("第2题，一共4题：家里几口人")
    await answers(her, ("取消", "答了的1题都记着"), ("接着答", "第2题，一共4题"), ("4", "第3题"))


@pytest.mark.told_on_two
async def test_the_survey_waits_while_she_speaks_of_something_else(county: World) -> None:
    cadre = await county.worker("cadre")
    await opens(county)
    her = await county.villager()
    await begins(her, "水够用吗")
    await answers(her, ("1", "家里几口人"), ("渠堵了，浇不成地", "问卷先放着，回“问卷”接着答"))
    await her.sees("您说：渠堵了，浇不成地。对吗？")
    await answers(her, ("1", "记下了"))
    await cadre.sees("渠堵了")
    await answers(her, ("问卷", "第2题，一共4题"), ("我的事", "问卷先放着"))
    await her.sees("您报的事")


@pytest.mark.told_on_two
async def test_a_danger_comes_before_every_question(county: World) -> None:
    cadre = await county.worker("cadre")
    await opens(county)
    her = await county.villager()
    await begins(her, "水够用吗")
    await answers(
        her,
        ("我家着火了", "快打119"),
    )
    await her.sees("问卷先放着")
    await her.sees("1号报上去了")
    await cadre.sees("着火了")
    await answers(her, ("问卷", "用水问卷"), ("1", "第1题"))


@pytest.mark.told_on_two
async def test_free_words_are_an_answer_unless_she_was_long_away(county: World) -> None:
    await opens(county)
    her = await county.villager()
    await begins(her, "水够用吗")
    await answers(her, ("1", "几口人"), ("3", "哪天"), ("跳过", "还有什么要说"))
    await county.later(days=2)
    await answers(her, ("路灯不亮", "问卷停在这里，刚才的话没记"), ("路灯不亮", "4题都答了"), ("1", "交上了"))


@pytest.mark.told_on_two
async def test_nothing_is_lost_when_it_closes_amid_an_answer(county: World) -> None:
    survey = await opens(county, closes_at=county.time.now.replace(hour=4))
    her, late = await county.villager(), await county.villager("late")
    await answers_water(her)
    await answers(her, ("1", "第1份，交上了"))
    await begins(late, "水够用吗")
    await answers(late, ("1", "家里几口人"))
    await county.later(hours=3)
    await answers(late, ("3", "已经截止，没交的没有收上来"), ("问卷", "现在没有等您答的问卷"))
    await late.says("渠堵了")
    await late.sees("您说：渠堵了。对吗")
    await answers(her, ("取消", "没有正在办的"))
    assert survey


@pytest.mark.told_on_two
async def test_she_leaves_amid_a_survey(county: World) -> None:
    await opens(county)
    her = await county.villager()
    await begins(her, "水够用吗")
    await answers(her, ("1", "家里几口人"))
    await county.worker("cadre")
    await answers(her, ("注销", "都删了"))
    await answers(her, ("问卷", "不要身份证号"), ("1", "哪个镇"), ("1", "哪个村"), ("1", "的乡亲"))
    await answers(her, ("问卷", "用水问卷"), ("1", "第1题，一共4题：水够用吗"))


async def test_a_newcomer_comes_by_the_surveys_link(county: World) -> None:
    survey = await opens(county)
    her = county.someone("newcomer")
    await her.opens(f"s{survey}")
    await her.sees("不要身份证号")
    await answers(her, ("1", "哪个镇"), ("1", "哪个村"), ("1", "的乡亲"))
    await her.sees("用水问卷")
    await answers(her, ("1", "第1题"))


async def test_a_message_to_many_leads_into_it(county: World) -> None:
    survey = await opens(county)
    her = await county.villager()
    person = 6  # the first after those of the roster
    invitation = Reply("请您说说用水。", (Choice(f"s:{survey}", "参加"),))
    await county.service.run(lambda desk: tell(desk, person, invitation, urgent=True))
    await her.sees("请您说说用水")
    await answers(her, ("1", "用水问卷"), ("1", "第1题"))


async def test_a_voice_would_tell_who_answered_anonymously(county: World) -> None:
    await opens(county, anonymous=True)
    her = await county.villager()
    await begins(her, "水够用吗")
    await answers(her, ("1", "几口人"), ("3", "哪天"), ("跳过", "还有什么要说"))
    await her.sends_voice(OGG)
    await her.sees("语音听得出是谁，这份是匿名的，就没收")
    await answers(her, ("渠要修", "4题都答了"))


@pytest.mark.told_on_two
async def test_it_is_asked_only_where_it_was_opened(county: World) -> None:
    survey = await opens(county, area=OTHER)
    here, there = await county.villager(), await county.villager("there", OTHER)
    await answers(here, ("问卷", "现在没有等您答的问卷"), ("菜单", "有事直接说"))
    await answers(here, (f"问卷{survey}", "这份问卷不是问您那里的"))
    await there.says("菜单")
    menu = await there.sees("有事直接说")
    assert "答用水问卷" in menu.text + "".join(label for label, _ in menu.buttons)
    await answers(there, ("1", "用水问卷"), ("1", "第1题"))


@pytest.mark.told_on_two
async def test_one_of_several_is_chosen(county: World) -> None:
    await opens(county)
    await opens(county, MARKS)
    her = await county.villager()
    await answers(her, ("问卷", "想答哪一份"), ("2", "用水问卷"))


async def test_what_is_not_understood_is_explained_and_nobody_is_called(county: World) -> None:
    await opens(county)
    cadre, her = await county.worker("cadre"), await county.villager()
    await begins(her, "水够用吗")
    await answers(her, ("嘟嘟", "请回复数字 1 到 2"), ("嘟嘟嘟", "找人说“找人”"))
    await her.sees("水够用吗")
    await answers(her, ("1", "家里几口人"), ("30", "这个回答好像不对"), ("3", "哪天开始"))
    await cadre.sees_nothing_new()


async def test_a_whole_survey_costs_no_send_on_wechat(on_wechat: World) -> None:
    await opens(on_wechat)
    her = await on_wechat.villager()
    assert isinstance(her, OnWeChat)
    before = her.follower.sends
    await answers_water(her)
    await answers(her, ("1", "第1份，交上了"))
    assert her.follower.sends == before


@pytest.mark.told_on_two
async def test_labels_that_mean_mischief_are_only_words(county: World) -> None:
    await opens(county, HOSTILE)
    her = await county.villager()
    await begins(her, "第1题")
    asked = (await her.texts())[-1]
    assert "1 一行 两行" in asked
    assert "\u202e" not in asked
    await answers(her, ("3", "第2题，一共2题"), ("2", "2题都答了"))
    assert "=1+1" in (await her.texts())[-2]


@pytest.mark.told_on_two
async def test_a_cadre_answers_too(county: World) -> None:
    await opens(county, area=VILLAGE)
    him = await county.worker("cadre")
    await answers_water(him)
    await answers(him, ("1", "第1份，交上了"))


async def test_no_question_is_asked_twice_on_two_messengers_of_one_person(
    tmp_path: Path, sqlite_template: str
) -> None:
    async with world(
        "telegram-webhook+wechat-safe", new_sqlite(tmp_path, sqlite_template), tmp_path
    ) as county:
        await opens(county)
        her, there = await county.villager(), county.someone("the same", "wechat")
        await there.opens()
        await there.sees("不要身份证号")
        await her.says("关联")
        code = re.findall(r"\d{6}", (await her.sees("在另一个账号上回这个码")).text)[0]
        await answers(there, (code, "账号给的吗"), ("1", "再到那个账号上回一声"))
        await her.sees("要和您合成一个人")
        await answers(her, ("1", "合好了"))
        await there.sees("合好了")

        await begins(her, "水够用吗")
        await answers(her, ("1", "第2题，一共4题：家里几口人"))
        await answers(there, ("问卷", "第2题，一共4题：家里几口人"), ("3", "第3题，一共4题：哪天开始"))
        await answers(her, ("4", "这题您在别处答过了，不用再答"))
        await her.sees("第3题，一共4题：哪天开始")
        await answers(her, ("昨天", "还有什么要说"), ("跳过", "4题都答了"))
        assert any("几口人：3" in text for text in await her.texts())
        await answers(there, ("今天", "这题您在别处答过了，不用再答"))
        await there.sees("4题都答了")
        await answers(her, ("1", "第1份，交上了"))
        await answers(there, ("1", "您答过了，一人一份"))


async def test_what_sounds_like_danger_in_an_anonymous_answer_stays_anonymous(county: World) -> None:
    cadre = await county.worker("cadre")
    await opens(county, anonymous=True)
    her = await county.villager()
    await begins(her, "水够用吗")
    await answers(her, ("1", "几口人"), ("3", "哪天"), ("跳过", "还有什么要说"))
    await answers(her, ("隔壁着火了没人管", "4题都答了"))
    assert any("要是急事，快打119" in text for text in await her.texts())
    await cadre.sees_nothing_new()


@pytest.mark.parametrize("name", sorted(TEMPLATES))
async def test_the_ready_surveys_can_be_answered(on_wechat: World, name: str) -> None:
    """With the first option, a word, a number, whatever fits, until all is answered."""
    made = compile_form(template_workbook(name), f"{name}.xlsx")
    await opens(on_wechat, made)
    her = await on_wechat.villager()
    await her.says("问卷")
    await her.sees("能停")
    await her.says("1")
    for _ in range(60):
        await asyncio.sleep(0)
        last = (await her.texts())[-1]
        if "都答了，还没交" in last:
            break
        options = re.findall(r"^1 (?!跳过)", last, re.MULTILINE)
        await her.says(
            "1" if options or "的数" in last else "跳过" if "跳过" in last else "王大娘常帮邻居挑水"
        )
    await answers(her, ("1", "交上了"))
