"""The yardstick: a bare WeRoBot with its SQLite session, as its documentation shows it.

Its own answer to where it should run is Bottle's choice of servers, of which only wsgiref comes with Python; its Tornado
handler does the same steps in one thread. Those steps, done in aiohttp, are faster than both.
Run as `python -m bench.by_werobot PORT TOKEN APPID AES_KEY SESSION_FILE`; AES_KEY is "" in plain mode.
"""

import asyncio
import sys
from typing import Any

from aiohttp import web
from werobot import WeRoBot
from werobot.config import Config
from werobot.session.sqlitestorage import SQLiteStorage

from bot.channels.wechat.settings import CALLBACK_PATH


def robot(token: str, appid: str, aes_key: str, file: str) -> WeRoBot:
    config = Config(TOKEN=token, SESSION_STORAGE=SQLiteStorage(file))
    if aes_key:
        config |= {"APP_ID": appid, "ENCODING_AES_KEY": aes_key}
    made = WeRoBot(config=config)

    @made.text
    def count(_message: Any, session: dict[str, int]) -> str:
        session["said"] = session.get("said", 0) + 1
        return f"您好，这是您说的第{session['said']}句话。"

    return made


async def serve(port: int, made: WeRoBot) -> None:
    async def answer(request: web.Request) -> web.Response:
        query = request.query
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not made.check_signature(timestamp, nonce, query.get("signature", "")):
            return web.Response(status=403)
        body = await request.read()
        message = made.parse_message(body, timestamp, nonce, query.get("msg_signature", ""))
        return web.Response(text=made.get_encrypted_reply(message), content_type="application/xml")

    app = web.Application()
    app.router.add_post(CALLBACK_PATH, answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), robot(*sys.argv[2:6])))
