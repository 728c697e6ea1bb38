"""What Tencent's platforms send, as their documents show it; sealed and signed by wechatpy, which knows nothing of us."""

from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import WeChatSigner

TOKEN = "QDG6eK"
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
OLD_KEY = "A" * 42 + "E"
RECEIVER = "wx5823bf96d3bd56c7"
NOW = 1409659813
ACCOUNT = "gh_7f083739789a"
OPENID = "oia2TjuEGTNoeX76QEjQNrcURxG8"
HEAD = {"ToUserName": ACCOUNT, "FromUserName": OPENID, "CreateTime": "1348831860"}


def message(kind, number="1234567890123456", **more):
    return HEAD | {"MsgType": kind} | more | {"MsgId": number}


def event(name, **more):
    return HEAD | {"MsgType": "event", "Event": name} | more


def xml(fields):
    """As the platforms write it: text in CDATA, numbers bare."""
    inside = "".join(
        f"<{name}>{value if value.isdigit() else f'<![CDATA[{value}]]>'}</{name}>\n"
        for name, value in fields.items()
    )
    return f"<xml>{inside}</xml>"


def signature(*parts):
    signer = WeChatSigner()
    signer.add_data(*parts)
    return signer.signature


def plain_post(inside, now=NOW, token=TOKEN, nonce="1372623149"):
    """Query and body of a callback in plain mode."""
    stamp = str(now)
    query = {"signature": signature(token, stamp, nonce), "timestamp": stamp, "nonce": nonce}
    return query, inside.encode()


def sealed_post(inside, now=NOW, token=TOKEN, key=KEY, receiver=RECEIVER, nonce="1372623149"):
    """Query and body of a callback in safe mode."""
    crypto = WeChatCrypto(token, key, receiver)
    body = crypto.encrypt_message(inside, nonce, str(now))
    encrypted = body.split("<Encrypt><![CDATA[")[1].split("]]>")[0]
    signed = signature(token, str(now), nonce, encrypted)
    query = {"msg_signature": signed, "timestamp": str(now), "nonce": nonce, "encrypt_type": "aes"}
    return query, body.encode()
