"""A yardstick: wechatpy in a bare aiohttp application that says back what it hears and stores nothing.

Run as `python -m bench.by_wechatpy PORT plain|safe`.
"""

import sys

from aiohttp import web
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from bench.serving import Deliver, serve
from bench.wechat import AES_KEY, APPID, TOKEN


async def plain(request: web.Request) -> web.Response:
    query = request.query
    check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])
    message = parse_message(await request.read())
    reply = create_reply(message.content, message=message)
    return web.Response(text=reply.render(), content_type="application/xml")


def safe() -> Deliver:
    crypto = WeChatCrypto(TOKEN, AES_KEY, APPID)

    async def deliver(request: web.Request) -> web.Response:
        query = request.query
        opened = crypto.decrypt_message(
            await request.read(), query["msg_signature"], query["timestamp"], query["nonce"]
        )
        message = parse_message(opened)
        reply = create_reply(message.content, message=message)
        sealed = crypto.encrypt_message(reply.render(), query["nonce"])
        return web.Response(text=sealed, content_type="application/xml")

    return deliver


if __name__ == "__main__":
    serve(int(sys.argv[1]), plain if sys.argv[2] == "plain" else safe())
