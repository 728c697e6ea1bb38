"""Template messages, subscribe notices and mass messages of the WeChat stand-in."""

import pytest


def template(value="渠堵了", template="T1", to="o1", **more):
    return {"touser": to, "template_id": template, "data": {"thing1": {"value": value}} | more}


@pytest.fixture
def templates(wechat):
    wechat.templates.contents = {"T1": "事项：{{thing1.DATA}}", "T2": "时间：{{time1.DATA}}"}


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (template(), 0),
        (template("长" * 20), 0),
        (template("长" * 21), 47003),
        (template(""), 47003),
        (template(template="T9"), 40037),
        (template(to="nobody"), 40003),
        (template(template="T2", time1={"value": "2026年11月2日 10:00"}), 0),
        (template(template="T2", time1={"value": "明天"}), 47003),
    ],
)
async def test_template_messages_that_can_be(her, api, templates, body, errcode):
    assert (await api.post("message/template/send", body))["errcode"] == errcode
    assert [shown.via for shown in her.messages] == ["template"] * (errcode == 0)


async def test_what_became_of_a_template_message_is_told(her, api, wechat, service, templates):
    sent = await api.post("message/template/send", template())
    await wechat.finishes(sent["msgid"])
    her.template_fate = "failed:user block"
    sent = await api.post("message/template/send", template("第二件"))
    await wechat.finishes(sent["msgid"])
    assert [(one.event, one.status) for one in service.messages] == [
        ("templatesendjobfinish", "success"),
        ("templatesendjobfinish", "failed:user block"),
    ]
    assert her.texts == ["事项：渠堵了"]
    assert len((await api.get("template/get_all_private_template"))["template_list"]) == 2


async def test_one_consent_is_one_notice(her, api, templates):
    assert (await api.post("message/subscribe/bizsend", template()))["errcode"] == 43101
    await her.agrees("T1")
    await her.agrees("T1", accept=False)
    answers = [(await api.post("message/subscribe/bizsend", template()))["errcode"] for _ in range(2)]
    assert answers == [0, 43101]
    assert [(shown.via, shown.text) for shown in her.messages] == [("subscribe", "事项：渠堵了")]


def to_all(*names, **more):
    return {"touser": list(names), "msgtype": "text", "text": {"content": "停水通知"}} | more


async def test_a_mass_message_comes_four_times_a_month(her, api, wechat, service, time):
    for _ in range(5):
        sent = await api.post("message/mass/send", to_all("o1", "nobody"))
    assert her.texts == ["停水通知"] * 4
    await wechat.finishes(sent["msg_id"])
    told = service.messages[-1]._data
    assert (told["Event"], told["TotalCount"], told["SentCount"], told["ErrorCount"]) == (
        "MASSSENDJOBFINISH",
        "2",
        "0",
        "1",
    )
    time.passes(days=30)
    api.token = wechat.tokens.current()[0]
    await api.post("message/mass/send", to_all("o1", "nobody"))
    assert len(her.texts) == 5


async def test_a_mass_message_is_taken_once_in_24_hours(her, api, wechat, time):
    first = await api.post("message/mass/send", to_all("o1", "o2", clientmsgid="notice-1"))
    again = await api.post("message/mass/send", to_all("o1", "o2", clientmsgid="notice-1"))
    assert (again["errcode"], again["msg_id"], her.texts) == (45065, first["msg_id"], ["停水通知"])
    time.passes(days=1)
    api.token = wechat.tokens.current()[0]
    assert (await api.post("message/mass/send", to_all("o1", "o2", clientmsgid="notice-1")))["errcode"] == 0


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (to_all("o1"), 40130),
        (to_all(*map(str, range(10_001))), 40032),
        (to_all("o1", "o2", clientmsgid="x" * 65), 45067),
        (to_all("o1", "o2", msgtype="card"), 40008),
    ],
)
async def test_mass_messages_that_cannot_be(api, body, errcode):
    assert (await api.post("message/mass/send", body))["errcode"] == errcode
