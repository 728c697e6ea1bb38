"""When free words are a clear question, and what they want to know. In doubt they are a request.

A request that is taken for a question could be swallowed by an answer; a question that is taken for a request is
answered by a person. So whatever tells of a trouble, wants somebody to do something, or asks why, is no question.
"""

import re

from domain.triage.text import normalise

_SHORTEST, _LONGEST = 3, 40
"""Characters. Who tells a story wants somebody to hear it."""

_WANTS = {
    "phone": r"(打|拨)?(啥|什么|哪个|多少)(电话|号码?)|电话(号码?)?(是)?(多少|几号|啥|什么)",
    "papers": r"(要|需要|得|用|该)?(带|准备|拿|交|提供)?(些)?(什么|啥|哪些)(材料|手续|证件?|东西|资料)|(带|拿|准备)(些)?(什么|啥|哪些)",
    "long": r"多久|多长(时间)?|多少(天|年)|(要|等|得|用|交|放|够|是|最快|生|后|内)几(天|个月|年)|几(天|个月|年)(能|可以|才|办|拿|出|批|有)",
    "age": r"多大(年龄|岁数)?|几岁|多少岁|满多少|啥岁数|什么年龄",
    "much": r"多少钱|几块钱?|多钱|多少元?|几成|要钱[吗么不]|收费[吗么不]|收不收(钱|费)|要不要(交)?钱",
    "when": r"(什么|啥)(时候|时间|会儿?)|几时|几月|几号|几点|哪一?天|哪一?年|何时|截止",
    "where": r"找谁|归谁[管批]|(在|去|到|上|往|从)?(哪里|哪儿|哪达|啥地方|什么地方|哪个(部门|单位|地方|窗口))|(在|去|到|上)哪",
    "who": r"(什么|啥)(条件|样的人|人)|谁(能|可以|来?批|审批|说了算)|哪些人|哪种人|够不够|符合条件",
    "what": r"是(干|做)?(什么|啥)的?|管(什么|啥)|(什么|啥)是|(什么|啥)意思|(什么|啥)(补贴|补助|待遇|优惠|政策|规定|处罚|说法|讲究|用)",
    "number": r"(有|能|可以|最多|申请|批|办|要)几[个处口套亩份]|第几",
    "how": r"怎么(办理?|弄|做|搞)?|咋(办理?|弄|做|搞)?|如何|怎样|流程|啥程序|什么程序",
    "whether": r"能不能|可不可以|行不行|有没有|用不用|需不需要|要不要|是不是|算不算|给不给|罚不罚|收不收|有.{1,6}限制[吗么不]|犯法[吗么不]|[吗么嘛不没][?。!]*$",
}
"""What is asked, and how people say it: each is looked for in what those before it have left."""
_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _WANTS.items())
_ASKS_PLAINLY = _WANTS.keys() - {"whether"}
_MAY = re.compile(
    r"能不能|可不可以|有没有|用不用|需不需要|要不要|是不是|罚不罚|收不收|犯法[吗么不]|能.{1,12}[吗么嘛不][?。!]*$|可以.{1,12}[吗么嘛不][?。!]*$|要.{1,8}[吗么不][?。!]*$|有.{1,8}[吗么没不][?。!]*$"
)
"""A question of yes or no is a clear one only in these words: 路修吗 may be a reminder."""

_TROUBLE = re.compile(
    r"坏|堵|漏|塌|裂|砸|冒|断(水|电|网|气|路|流|了水|了电)|停(水|电|气)|倒了"
    r"|没(水|电|网|气|人|信号|给|发|到|来|修|收|批|消息|动静|下来|见|解决|处理|回|管|有人|路灯|通)"
    r"|不(亮|通|来|管|给|发|理|让|动|到账|出水|成样|敢|平|干净|舒服|像话|合理|公平|认账|退)"
    r"|还没|一直|总是|老是|天天|好几|半个?月了|[天月年]了|到现在|又[停断堵坏]"
    r"|淹|臭|脏|吵|骂|打(人|架|了|我|伤)|欠|骗|偷|抢|撞|摔|死了?|枯|病了|疼|烂|霸占|占了|挡|乱[倒堆停放]|投毒"
    r"|被(取消|扣|停|占|打|骗|拆|退)|取消了|扣了|少发|多收|乱收费|不合格|急"
)
"""Something is wrong, here and now."""
_REQUESTS = re.compile(
    r"帮([我俺咱忙]|一下|帮)|给([我俺咱村大家]|装|修|换|办|安|弄|解决|拉|处理)|替[我俺咱]|派(个|人|车)|叫(个)?人|来(个)?(人|修|看|管|查|处理|清|拉|帮)"
    r"|请(你们|您|领导|政府|村|尽快|来|派|安排)|求|快点|赶紧|赶快|尽快|马上|立刻|管管|管一管|修(一下|修)|反映|投诉|举报|上访|解决一下"
    r"|能不能(给|帮|把|派|来|装|修|换|铺|清)|几点(来|能来|送)|(想|要)(让|叫|请)|需要(人|修|派)|麻烦(你|您|给|派|帮)|安排|落实"
    r"|(什么|啥)时候(才|能|给|可以)?(能)?(修|来|通|解决|处理|装|弄|换|清|供|送|恢复|好|拉|到|下来|安|动工|开工|完工|放水|结束)"
    r"|几时(能)?(修|来|通|装|好)|哪天(能)?(修|来|通|装|好)|谁(来)?(管|负责|修)|有没有人|找谁(修|管|说理)|怎么不(修|管|给|发|来)"
)
"""Somebody is to do something."""
_WHY = re.compile(
    r"为什么|为啥|凭什么|凭啥|咋回事|怎么回事|咋搞的|怎么搞的|(怎么|咋)(还|又|这么|这样|那么|老|就|没|不|了|被|啦|咧|才|都)"
    r"|啥原因|什么原因|讲理"
)
"""Who asks why is not content with how it is."""


def wants(text: str) -> tuple[frozenset[str], str]:
    """What is asked for ("when", "much", …), and the words without those that ask."""
    left, found = _plain(text), set()
    for name, pattern in _PATTERNS:
        left, count = pattern.subn(",", left)
        if count:
            found.add(name)
    return frozenset(found), left


def is_question(text: str) -> bool:
    """Are these words a clear question, and nothing else?"""
    plain = _plain(text)
    if not _SHORTEST <= len(plain) <= _LONGEST:
        return False
    if not any(
        pattern.search(plain) for name, pattern in _PATTERNS if name in _ASKS_PLAINLY
    ) and not _MAY.search(plain):
        return False
    return not (_TROUBLE.search(plain) or _REQUESTS.search(plain) or _WHY.search(plain))


def _plain(text: str) -> str:
    return normalise(text, 2 * _LONGEST)
