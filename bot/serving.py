"""Serving until the process is asked to end."""

import asyncio
import signal

from rich.console import Console

from bot.service import Service
from bot.settings import Settings


def stop_on_signals() -> asyncio.Event:
    """Set when the process is asked to end (Ctrl-C, or a service manager's TERM)."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


async def serve_until_stopped(settings: Settings, console: Console) -> int:
    """Serve; the exit code of the process."""
    stop = stop_on_signals()
    service = Service(settings)
    await service.start()
    console.print(
        f"连心 serves at http://{settings.server.host}:{service.port}/ (Ctrl-C ends it)", highlight=False
    )
    await stop.wait()
    await service.close()
    return 0
