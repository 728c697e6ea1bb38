"""The calls `media/upload` and `media/get`, alike on both platforms."""

from aiohttp import web

from tests.standins.tencent.api import Call
from tests.standins.tencent.media import MediaStore, Medium
from tests.standins.tencent.refusals import RefusalError


def uploaded(store: MediaStore, call: Call) -> Medium:
    if call.upload is None:
        raise RefusalError(41005)
    return store.upload(call.query.get("type", ""), call.upload)


def file_of(medium: Medium) -> web.Response:
    name = f'attachment; filename="{medium.media_id}.{medium.ending or "bin"}"'
    return web.Response(body=medium.content, content_type=medium.mime, headers={"Content-disposition": name})
