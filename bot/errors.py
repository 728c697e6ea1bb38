"""What a browser is shown when something is not there, or goes wrong: one Chinese sentence, never a stack trace."""

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.http_exceptions import BadHttpMessage

from storage.database import UnavailableError

log = logging.getLogger(__name__)

_SAID = {
    401: "请刷新页面重新进入。",
    403: "不能看这个。",
    404: "没有这个页面。",
    405: "不能这样打开，请刷新页面。",
    413: "发的内容太大了。",
}
_OTHERWISE = "这样打不开，请刷新页面再试。"
_BUSY = "现在有点忙，请过会儿再试。"
_FAILED = "出了点问题，请再试一次。"


@web.middleware
async def spoken_errors(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPError as error:
        said = error.text or ""
        return _sentence(error.status, _SAID.get(error.status, _OTHERWISE) if said.isascii() else said)
    except UnavailableError:
        log.warning("%s failed: the database cannot be used", request.method)
        return _sentence(503, _BUSY)
    except ConnectionResetError:
        raise
    except Exception:
        log.exception("a request failed")
        return _sentence(500, _FAILED)


def _sentence(status: int, said: str) -> web.Response:
    return web.Response(status=status, text=said, headers={"Cache-Control": "no-store"})


class _NoHttp(logging.Filter):
    """A call that is no HTTP, or too long, is its caller's fault: a line without a trace, and without what came."""

    def filter(self, record: logging.LogRecord) -> bool:
        fault = record.exc_info[1] if record.exc_info else None
        if isinstance(fault, BadHttpMessage):
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.msg, record.args = "a call was refused: %s", (type(fault).__name__,)
            record.exc_info = None
        return True


logging.getLogger("aiohttp.server").addFilter(_NoHttp())
