"""What a service asks of its own state: whether addresses resolve, quotas, the menu as it is."""

from typing import TYPE_CHECKING, Any

from tests.standins.tencent.api import Call, Endpoint
from tests.standins.tencent.menus import check_menu
from tests.standins.tencent.refusals import OK, RefusalError

if TYPE_CHECKING:
    from tests.standins.wechat.server import WeChatServer

DAILY_LIMIT = 500_000
HERE = ["127.0.0.1"]


class Questions:
    """Endpoints that tell, and the menu that they tell of."""

    def __init__(self, server: "WeChatServer") -> None:
        self.menu: list[dict[str, Any]] = []
        self._server = server

    def endpoints(self) -> dict[str, Endpoint]:
        return {
            "menu/create": Endpoint("POST", self._create_menu),
            "menu/get": Endpoint("GET", self._get_menu),
            "menu/delete": Endpoint("GET", self._delete_menu),
            "get_current_selfmenu_info": Endpoint("GET", self._menu_shown),
            "get_api_domain_ip": Endpoint("GET", lambda _: {"ip_list": HERE}),
            "getcallbackip": Endpoint("GET", lambda _: {"ip_list": HERE}),
            "callback/check": Endpoint("POST", self._check_network),
            "customservice/getkflist": Endpoint("GET", lambda _: {"kf_list": []}),
            "openapi/quota/get": Endpoint("POST", self._quota),
        }

    def _create_menu(self, call: Call) -> dict[str, Any]:
        self.menu = check_menu(call.body)
        return OK

    def _get_menu(self, _: Call) -> dict[str, Any]:
        if not self.menu:
            raise RefusalError(46003)
        return {"menu": {"button": self.menu}}

    def _delete_menu(self, _: Call) -> dict[str, Any]:
        self.menu = []
        return OK

    def _menu_shown(self, _: Call) -> dict[str, Any]:
        """A button's own buttons lie in a list of their own here."""
        shown = [
            button | ({"sub_button": {"list": button["sub_button"]}} if button.get("sub_button") else {})
            for button in self.menu
        ]
        return {"is_menu_open": int(bool(shown)), "selfmenu_info": {"button": shown}}

    def _check_network(self, call: Call) -> dict[str, Any]:
        operator = call.body.get("check_operator")
        if call.body.get("action") not in ("dns", "ping", "all"):
            raise RefusalError(40035, "action")
        if operator not in ("CHINANET", "UNICOM", "CAP", "DEFAULT"):
            raise RefusalError(40035, "check_operator")
        ping = {"ip": HERE[0], "from_operator": operator, "package_loss": "0%", "time": "23.079ms"}
        return {"dns": [{"ip": HERE[0], "real_operator": operator}], "ping": [ping]}

    def _quota(self, call: Call) -> dict[str, Any]:
        path = call.body.get("cgi_path", "")
        if not self._server.offers(path):
            raise RefusalError(76021)
        used = self._server.calls[path]
        quota = {"daily_limit": DAILY_LIMIT, "used": used, "remain": DAILY_LIMIT - used}
        return OK | {"quota": quota}
