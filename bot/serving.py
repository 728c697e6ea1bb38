"""Serving until the process is asked to end."""

import asyncio
import os
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

from rich.console import Console

from bot.service import AlreadyRunningError, Service
from bot.settings import Settings

T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a program's main coroutine on the event loop that the service is measured with."""
    if os.environ.get("LOOP") == "uvloop":
        import uvloop

        return uvloop.run(main)
    return asyncio.run(main)


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
    try:
        await service.start()
    except (AlreadyRunningError, OSError) as error:
        console.print(f"[red]✗[/red] {error}", highlight=False)
        return 1
    console.print(
        f"连心 serves at http://{settings.server.host}:{service.port}/ (Ctrl-C ends it)", highlight=False
    )
    await stop.wait()
    await service.close()
    return 0
