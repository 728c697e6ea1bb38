"""A yardstick: WeRoBot with the SQLite session of its documentation, which it reads and writes on every message.

Run as `python -m bench.by_werobot PORT plain|safe FILE shipped|aiohttp`. `shipped` is its own `run()`: bottle over the
server of the standard library, one connection for each message. `aiohttp` has its three calls in the order of its own
views (`werobot.contrib`) on this service's server and event loop, with connections kept open: the fastest way to serve it
without anything that neither it nor this service needs.
"""

import sys

from aiohttp import web
from werobot import WeRoBot
from werobot.config import Config
from werobot.messages.messages import TextMessage
from werobot.session.sqlitestorage import SQLiteStorage

from bench.serving import Deliver, serve
from bench.wechat import AES_KEY, APPID, TOKEN


def robot(mode: str, file: str) -> WeRoBot:
    config = Config(TOKEN=TOKEN, SESSION_STORAGE=SQLiteStorage(file))
    if mode == "safe":
        config |= {"APP_ID": APPID, "ENCODING_AES_KEY": AES_KEY}
    made = WeRoBot(config=config)

    @made.text
    def count(message: TextMessage, session: dict[str, int]) -> str:
        session["said"] = session.get("said", 0) + 1
        return f"第{session['said']}句：{message.content}"

    return made


def view(made: WeRoBot) -> Deliver:
    async def deliver(request: web.Request) -> web.Response:
        query = request.query
        if not made.check_signature(query["timestamp"], query["nonce"], query["signature"]):
            raise web.HTTPForbidden
        message = made.parse_message(
            await request.read(), query["timestamp"], query["nonce"], query.get("msg_signature", "")
        )
        return web.Response(text=made.get_encrypted_reply(message), content_type="application/xml")

    return deliver


if __name__ == "__main__":
    port, mode, file, server = int(sys.argv[1]), *sys.argv[2:5]
    if server == "shipped":
        robot(mode, file).run("auto", "127.0.0.1", port, enable_pretty_logging=False)
    else:
        serve(port, view(robot(mode, file)))
