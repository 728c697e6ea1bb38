"""The other yardstick: wechatpy in a bare aiohttp app that says back what it hears and stores nothing.

Run as `python -m bench.by_wechatpy PORT TOKEN APPID AES_KEY`; AES_KEY is "" in plain mode.
"""

import asyncio
import sys

from aiohttp import web
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.replies import create_reply
from wechatpy.utils import check_signature

from bot.channels.wechat.settings import CALLBACK_PATH


async def serve(port: int, token: str, appid: str, aes_key: str) -> None:
    crypto = WeChatCrypto(token, aes_key, appid) if aes_key else None

    async def answer(request: web.Request) -> web.Response:
        body, query = await request.text(), request.query
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        try:
            check_signature(token, query.get("signature", ""), timestamp, nonce)
            if crypto is not None:
                body = crypto.decrypt_message(body, query.get("msg_signature", ""), timestamp, nonce)
        except InvalidSignatureException:
            return web.Response(status=403)
        message = parse_message(body)
        said = create_reply(message.content, message).render()
        if crypto is not None:
            said = crypto.encrypt_message(said, nonce, timestamp)
        return web.Response(text=said, content_type="application/xml")

    app = web.Application()
    app.router.add_post(CALLBACK_PATH, answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), *sys.argv[2:5]))
