"""A stand-in for the service behind the web pages: the same addresses, a short scripted talk, faults on request.

`python -m tests.standins.webchat` serves it on 127.0.0.1:8090 for a look by hand.
"""

import asyncio
import itertools
import json
from pathlib import Path
from typing import Any

from aiohttp import web

ROOT = Path(__file__).parents[2]
CHAT_PAGE = ROOT / "bot/channels/webchat/page"
DEMO_PAGE = ROOT / "bot/demo/page"
CONTENT_SECURITY = (
    "default-src 'self'; img-src 'self' blob:; media-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
AREAS = [
    {
        "code": "01",
        "name": "清河镇",
        "villages": [{"code": "0101", "name": "柳沟村"}, {"code": "0102", "name": "东塬村"}],
    },
    {"code": "02", "name": "石桥镇", "villages": [{"code": "0201", "name": "北坡村"}]},
]
PEOPLE = {
    "villager": "群众 王秀兰",
    "agent": "代办员 赵小梅",
    "cadre": "网格员 李建国",
    "supervisor": "镇督办 周明",
    "staff": "县组织部 陈静",
}

Message = dict[str, Any]


class Talk:
    """The transcript of one session."""

    def __init__(self, asked: dict[str, str], ids: itertools.count) -> None:
        self.asked = asked
        self.messages: list[Message] = []
        self.posts: list[str] = []
        self._ids = ids
        self._news = asyncio.Condition()

    async def add(self, sender: str, text: str, choices: tuple[str, ...] = (), **more: Any) -> Message:
        offered = [{"id": f"c:{label}", "label": label} for label in choices]
        message = {
            "id": next(self._ids),
            "from": sender,
            "text": text,
            "choices": offered,
            "media": [],
            **more,
        }
        self.messages.append(message)
        async with self._news:
            self._news.notify_all()
        return message

    def after(self, last: int) -> list[Message]:
        return [message for message in self.messages if message["id"] > last]

    async def news(self) -> None:
        async with self._news:
            await self._news.wait()


class StandInChat:
    """The web chat's service. Tests read `talks` and set the faults."""

    def __init__(self) -> None:
        self.talks: dict[str, Talk] = {}
        self.media: dict[str, tuple[bytes, str]] = {}
        self.streams = True
        self.answers_to_lose = 0
        self.refusal: tuple[int, str] | None = None
        self.url = ""
        self._ids = itertools.count(1)
        self._tokens = (f"token-{number}" for number in itertools.count(1))

    @property
    def talk(self) -> Talk:
        """The newest talk."""
        return list(self.talks.values())[-1]

    def sessions(self) -> list[dict[str, str]]:
        """What each session was asked for with."""
        return [talk.asked for talk in self.talks.values()]

    def said(self) -> list[str]:
        return [message["text"] for message in self.talk.messages if message["from"] == "me"]

    async def start(self, port: int = 0) -> web.AppRunner:
        runner = web.AppRunner(self.app(), handler_cancellation=True, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    def app(self) -> web.Application:
        app = web.Application(client_max_size=12 * 1024 * 1024)
        app.on_response_prepare.append(_add_content_security)
        app.add_routes(
            [
                web.get("/", _page(DEMO_PAGE / "demo.html")),
                web.get("/chat", _page(CHAT_PAGE / "chat.html")),
                web.static("/chat/assets", CHAT_PAGE),
                web.static("/demo/assets", DEMO_PAGE),
                web.get("/demo/api/areas", self._areas),
                web.get("/chat/media/{id}", self._media),
                web.post("/chat/api/session", self._session),
                web.get("/chat/api/messages", self._messages),
                web.post("/chat/api/messages", self._post),
                web.get("/chat/api/stream", self._stream),
            ]
        )
        return app

    def _talk_of(self, request: web.Request) -> Talk:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.talks:
            raise web.HTTPUnauthorized(
                text=json.dumps({"error": "请重新打开"}), content_type="application/json"
            )
        return self.talks[token]

    async def _areas(self, _: web.Request) -> web.Response:
        return web.json_response(AREAS)

    async def _media(self, request: web.Request) -> web.Response:
        self._talk_of(request)
        body, mime = self.media[request.match_info["id"]]
        return web.Response(body=body, content_type=mime)

    async def _session(self, request: web.Request) -> web.Response:
        asked = await request.json()
        token = next(self._tokens)
        self.talks[token] = talk = Talk(asked, self._ids)
        await talk.add(
            "bot",
            "您好，我是连心。您有什么事？说一句话，或者发张照片。",
            ("我要报事", "查我的事", "找人说话"),
        )
        village = next(
            (v for a in AREAS for v in a["villages"] if v["code"] == asked.get("area")),
            AREAS[0]["villages"][0],
        )
        return web.json_response(
            {"token": token, "title": f"{village['name']} · {PEOPLE[asked.get('persona', 'villager')]}"}
        )

    async def _messages(self, request: web.Request) -> web.Response:
        return web.json_response({"messages": self._talk_of(request).after(int(request.query["after"]))})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        talk = self._talk_of(request)
        if not self.streams:
            return web.json_response({"error": "没有这一页"}, status=404)
        stream = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await stream.prepare(request)
        await stream.write(b": here\n\n")
        last = int(request.query["after"])
        while True:
            for message in talk.after(last):
                last = message["id"]
                await stream.write(f"id: {last}\ndata: {json.dumps(message)}\n\n".encode())
            await talk.news()

    async def _post(self, request: web.Request) -> web.Response:
        talk = self._talk_of(request)
        if self.refusal:
            status, sentence = self.refusal
            return web.json_response({"error": sentence}, status=status)
        said = await (request.json() if request.content_type == "application/json" else request.post())
        new = [] if said["id"] in talk.posts else await self._answer(talk, said)
        talk.posts.append(said["id"])
        if self.answers_to_lose:
            self.answers_to_lose -= 1
            request.transport.abort()
        return web.json_response({"messages": new})

    async def _answer(self, talk: Talk, said: Any) -> list[Message]:
        own = {"client_id": said["id"]}
        if "file" in said:
            kind = said["file"].content_type.split("/")[0].replace("audio", "voice")
            self.media[said["id"]] = (said["file"].file.read(), said["file"].content_type)
            media = [{"kind": kind, "url": f"/chat/media/{said['id']}"}]
            sent = await talk.add("me", "", media=media, **own)
            return [
                sent,
                await talk.add(
                    "bot",
                    "收到了。这是哪里的事？",
                    ("路", "水", "电", "房子和土地", "补贴没有到一卡通", "别的"),
                ),
            ]
        if said.get("choice") == "c:对":
            sent = await talk.add("me", "对", **own)
            answer = "记下了，今天就派给网格员李建国。\n急了打他电话 00010001234，或打12345。"
            return [sent, await talk.add("bot", answer)]
        text = said.get("text") or said["choice"].removeprefix("c:")
        sent = await talk.add("me", text, **own)
        return [sent, await talk.add("bot", f"您说：{text}。对吗？", ("对", "不对"))]


def _page(path: Path) -> Any:
    async def page(_: web.Request) -> web.FileResponse:
        return web.FileResponse(path)

    return page


async def _add_content_security(_: web.Request, response: web.StreamResponse) -> None:
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY


async def _serve() -> None:
    chat = StandInChat()
    await chat.start(8090)
    print(chat.url)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
