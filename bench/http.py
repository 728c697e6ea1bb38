"""A small HTTP client, so that the load takes as little as can be of the machine it measures on."""

import asyncio
import json
from typing import Any


class Connection:
    """One connection, kept open where the server does, one request at a time."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, body: Any, headers: str = "") -> bytes:
        """POST JSON; `headers` are whole lines. As `exchange`."""
        content = json.dumps(body, ensure_ascii=False).encode()
        return await self.exchange(path, content, f"Content-Type: application/json\r\n{headers}")

    async def exchange(self, path: str, content: bytes, headers: str = "Content-Type: text/xml\r\n") -> bytes:
        """POST. Returns the body of a 200 and raises OSError for anything else."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n"
            f"Content-Length: {len(content)}\r\n{headers}\r\n"
        )
        writer.write(head.encode() + content)
        answered = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line[15:]) for line in answered.lower().split(b"\r\n") if line.startswith(b"content-length:")
        )
        got = await reader.readexactly(length)
        if answered.startswith(b"HTTP/1.0"):  # such a server closes after each
            self.close()
        if answered[9:12] != b"200":
            raise OSError(f"{path} was answered with {answered[9:12].decode()}: {got.decode()[:200]}")
        return got

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
