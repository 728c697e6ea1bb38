"""Template messages (模板消息) and subscribe notices (订阅通知): fixed words with fields of fixed kinds.

Rules: the pages on template messages and on subscribe notices of service accounts.
"""

import re
from typing import TYPE_CHECKING, Any

from tests.standins.tencent.refusals import OK, RefusalError
from tests.standins.tencent.screen import Shown

if TYPE_CHECKING:
    from tests.standins.wechat.server import WeChatServer

FIELD = re.compile(r"\{\{(\w+)\.DATA\}\}")
DAY = r"\d{4}(年\d{1,2}月\d{1,2}日|[-/]\d{1,2}[-/]\d{1,2})"
HOUR = r"\d{1,2}:\d{2}(:\d{2})?"
MOMENT = rf"({DAY}|{HOUR}|{DAY} ?{HOUR})"
KINDS = {
    "thing": r".{1,20}",
    "character_string": r"[!-~]{1,32}",
    "number": r"[\d.]{1,32}",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "phrase": r"[\u4e00-\u9fff]{1,5}",
    "const": r".{1,20}",
    "name": r"[\u4e00-\u9fff·]{1,10}|[A-Za-z .]{1,20}",
    "phone_number": r"[\d+ -]{1,17}",
    "car_number": r".{1,8}",
    "amount": r"\D?\d{1,10}(\.\d+)?元?",
    "time": rf"{MOMENT}(~{MOMENT})?",
    "date": rf"{MOMENT}(~{MOMENT})?",
}
"""What a field may hold, by its name without the number."""


class Templates:
    """An account's templates. `contents` holds them by id: 事项：{{thing1.DATA}}."""

    def __init__(self, server: "WeChatServer") -> None:
        self.contents: dict[str, str] = {}
        self._server = server

    def send(self, body: dict[str, Any]) -> dict[str, Any]:
        """`message/template/send`. What becomes of it is told afterwards, by `server.finishes(msgid)`."""
        her = self._server.reachable(body.get("touser"))
        text = self._filled(body)
        if her.template_fate == "success":
            her.show(Shown("template", "template", text))
        told = {"Event": "TEMPLATESENDJOBFINISH", "Status": her.template_fate}
        return OK | {"msgid": self._server.add_job(her.name, told)}

    def send_subscribed(self, body: dict[str, Any]) -> dict[str, Any]:
        """`message/subscribe/bizsend`. One consent is one message."""
        her = self._server.reachable(body.get("touser"))
        text = self._filled(body)
        if not her.consents[body["template_id"]]:
            raise RefusalError(43101)
        her.consents[body["template_id"]] -= 1
        her.show(Shown("template", "subscribe", text))
        return OK

    def listed(self) -> dict[str, Any]:
        """`template/get_all_private_template`."""
        return {
            "template_list": [
                {"template_id": template, "title": template, "content": content, "example": ""}
                for template, content in self.contents.items()
            ]
        }

    def listed_subscribed(self) -> dict[str, Any]:
        """`wxaapi/newtmpl/gettemplate`."""
        return OK | {
            "data": [
                {"priTmplId": template, "title": template, "content": content, "example": "", "type": 2}
                for template, content in self.contents.items()
            ]
        }

    def _filled(self, body: dict[str, Any]) -> str:
        content = self.contents.get(body.get("template_id", ""))
        if content is None:
            raise RefusalError(40037)
        data = body.get("data")
        if not isinstance(data, dict):
            raise RefusalError(47001, "data")
        return FIELD.sub(lambda field: _checked(field[1], data), content)


def _checked(name: str, data: dict[str, Any]) -> str:
    value = (data.get(name) or {}).get("value")
    allowed = KINDS.get(name.rstrip("0123456789"), ".+")
    if not isinstance(value, str) or not re.fullmatch(allowed, value):
        raise RefusalError(47003, f"data.{name}.value")
    return value
