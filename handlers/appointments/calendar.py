"""订阅日历: a cadre has his phone show his talks and duties."""

from domain.talk import Choice, Reply
from handlers.scene import Replies, Scene
from services.calendar import feeds

_AGAIN = (Choice("m:new-calendar", "换一个网址"), Choice("m:no-calendar", "停掉不用了"))


def cadre_wants_his_calendar(scene: Scene) -> Replies:
    """The first time the address; later a choice, for an address that was once given is not shown again."""
    if not scene.works:
        return [Reply("日历是给干部用的。您约好的事，到时会提醒您。")]
    if feeds.is_subscribed(scene.desk, scene.person):
        return [Reply("您订过日历了。网址忘了就换一个，旧的随即失效。", _AGAIN)]
    return cadre_takes_a_new_one(scene)


def cadre_takes_a_new_one(scene: Scene) -> Replies:
    if not scene.works:
        return cadre_wants_his_calendar(scene)
    address = feeds.subscribe(scene.desk, scene.person)
    how = "手机日历里选“订阅日历”，粘贴这个网址。别发给别人：谁有都能看。不用了回“停用日历”。"
    return [Reply(how), Reply(address)]


def cadre_wants_none(scene: Scene) -> Replies:
    stopped = feeds.unsubscribe(scene.desk, scene.person)
    return [Reply("停了，原来的网址什么也看不到了。" if stopped else "您没有订日历。要订回“订阅日历”。")]
