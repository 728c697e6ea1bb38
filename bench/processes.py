"""The processes that are measured: started, watched, and ended by the one who started them."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.botapi import TOKEN

SECRET = "bench_secret"
LIANXIN = ("-c", "from bot.cli import app; app()")
"""`lianxin`, from the source that lies here."""


@dataclass(slots=True)
class Process:
    child: asyncio.subprocess.Process
    port: int

    @property
    def pid(self) -> int:
        return self.child.pid

    def memory(self) -> tuple[float, float]:
        """(MB in memory now, MB at the peak)."""
        lines = dict(line.split(":", 1) for line in Path(f"/proc/{self.pid}/status").read_text().splitlines())
        return tuple(int(lines[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))  # type: ignore[return-value]

    def cpu(self) -> float:
        """Seconds of processor time used so far."""
        numbers = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def python(port: int, *arguments: str) -> AsyncIterator[Process]:
    """A Python process that listens on `port`, sooner or later."""
    log = Path("build/bench") / f"{port}.log"
    with log.open("wb") as output:
        child = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, stdout=output, stderr=output, env=os.environ | {"PYTHONPATH": "."}
        )
    try:
        yield Process(child, port)
    finally:
        if child.returncode is None:
            child.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(child.wait(), 20)
        except TimeoutError:
            child.kill()
            await child.wait()


async def listening(process: Process) -> Process:
    """The process once it accepts connections."""
    for _ in range(6000):
        if process.child.returncode is not None:
            break
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", process.port)
        except OSError:
            await asyncio.sleep(0.01)
        else:
            writer.close()
            return process
    raise OSError(Path(f"build/bench/{process.port}.log").read_text()[-2000:])


@asynccontextmanager
async def yardstick(module: str, *arguments: str) -> AsyncIterator[Process]:
    """Another's bot: `python -m MODULE PORT …`."""
    port = free_port()
    async with python(port, "-m", module, str(port), *arguments) as process:
        yield await listening(process)


def telegram_section(api_base: str) -> str:
    """Settings for Telegram by webhook and without rate limits."""
    return (
        f'[telegram]\nmode = "webhook"\ntoken = "{TOKEN}"\napi_base = "{api_base}"\n'
        f'webhook_secret = "{SECRET}"\nmessages_per_second = 0\nmessages_per_chat_second = 0\n'
    )


@asynccontextmanager
async def serve(folder: Path, database_url: str, messenger: str) -> AsyncIterator[Process]:
    """`lianxin serve` with a messenger by these settings, listening or not yet."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "config.toml"
    config.write_text(
        f'data_dir = "{folder}"\nlog_level = "WARNING"\n[server]\nport = {port}\n'
        f'[database]\nurl = "{database_url}"\n[hours]\nquiet_start = 0\nquiet_end = 0\n{messenger}'
    )
    async with python(port, *LIANXIN, "serve", "--config", str(config)) as process:
        yield process


@asynccontextmanager
async def demo(folder: Path) -> AsyncIterator[Process]:
    port = free_port()
    async with python(port, *LIANXIN, "demo", "--port", str(port), "--data-dir", str(folder)) as process:
        yield process
