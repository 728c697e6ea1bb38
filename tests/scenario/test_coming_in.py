"""Cards, villages found without a card, invitations, and leaving again."""

from tests.scenario.talking import files
from tests.scenario.world import World


async def test_without_a_card_one_finds_the_village_by_name(county: World) -> None:
    her = county.someone("newcomer")
    await her.opens()
    await her.sees("不要身份证号")
    await her.taps("同意")
    await her.sees("哪个镇")
    await her.says("渠堵了，浇不成地")
    await her.sees("您的话我记着")
    await her.says("我是窦村三组的")
    await her.sees("网格员是张建国")
    await her.sees("您说：渠堵了，浇不成地")


async def test_without_a_card_one_finds_the_village_by_number(county: World) -> None:
    her = county.someone("newcomer")
    await her.opens()
    await her.says("第一个")
    await her.sees("哪个镇")
    await her.says("一")
    await her.sees("哪个村")
    await her.says("2")
    await her.sees("网格员是周新民")


async def test_first_words_are_not_lost_on_the_way_in(county: World) -> None:
    her = county.someone("newcomer")
    await her.opens(await county.card())
    await her.sees("不要身份证号")
    await her.says("渠堵了")
    await her.sees("您的话我记着")
    await her.says("1")
    await her.sees("网格员是张建国")
    await her.sees("您说：渠堵了")
    await her.says("1")
    await her.sees("记下了")


async def test_who_does_not_agree_is_not_kept(county: World) -> None:
    her = county.someone("newcomer")
    await her.opens(await county.card())
    await her.says("2")
    await her.sees("什么都不记")


async def test_forged_and_revoked_cards_open_nothing(county: World) -> None:
    token = await county.card()
    forged = token[:-3] + ("AAA" if token[-3:] != "AAA" else "BBB")
    her = county.someone("forger")
    await her.opens(forged)
    await her.sees("认不出来，请再扫一次")
    await her.says("1")  # and goes on without it
    await her.sees("在哪个镇")
    await county.revoke(token)
    other = county.someone("latecomer")
    await other.opens(token)
    await other.sees("已经停用")


async def test_an_invitation_works_once(county: World) -> None:
    await county.worker("cadre")
    stranger = county.someone("stranger")
    await stranger.opens()
    await stranger.says("取消")
    await stranger.says(county.invitation("cadre"))
    await stranger.sees("不要身份证号")


async def test_leaving_erases_the_profile_and_keeps_the_matter(county: World) -> None:
    cadre, villager = await county.worker("cadre"), await county.villager()
    await villager.says("00000000888")
    await villager.sees("电话记下了")
    await files(villager, "路灯不亮")
    await cadre.sees("路灯不亮")
    await villager.says("注销")
    await villager.sees("都删了")
    await cadre.says("工单")
    await cadre.sees("您手上的工单")
    await cadre.says("1")
    assert "00000000888" not in (await cadre.sees("路灯不亮")).text
    await villager.says("你好")
    await villager.sees("不要身份证号")


async def test_no_id_of_what_she_said_on_the_web_names_her_address(county: World) -> None:
    her = county.someone_on_web("villager")
    await her.opens()
    await her.says("渠堵了")
    await her.sees("先回1同意")
    found = await county.service.run(lambda desk: list(desk.tx.exec_driver_sql(_WEB_IDS)))
    [address] = {address for address, _, _ in found}
    assert len(found) >= 2
    assert all(address not in f"{update}{answers}" for _, update, answers in found)


_WEB_IDS = """
    SELECT account.address, inbox.update_id, outbox.answers
    FROM account JOIN outbox ON outbox.account = account.id
    JOIN inbox ON outbox.answers = 'web:' || inbox.update_id WHERE account.channel = 'web'
"""
