"""What all commands share: the settings file, the screen, and how a fault is told to an operator."""

from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
import uvloop
from rich.console import Console
from rich.markup import escape

from bot.settings import Settings, SettingsError, load_settings
from domain.errors import Refusal

if TYPE_CHECKING:
    from bot.tools import Tools

T = TypeVar("T")

console = Console()
errors = Console(stderr=True)

Config = Annotated[Path, typer.Option("--config", "-c", help="The settings file.")]
DEFAULT_CONFIG = Path("config.toml")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Do the work; a fault that the operator can mend is told in a line, with exit 1, not as a traceback."""
    try:
        return uvloop.run(work)
    except Exception as error:
        from bot.faults import in_plain_words  # noqa: PLC0415

        told = in_plain_words(error)
        if told is None:
            raise
        errors.print(f"[red]✗[/red] {escape(told)}", highlight=False, soft_wrap=True)
        errors.print("  → lianxin doctor says more", highlight=False)
        raise typer.Exit(1) from None


def settings_of(path: Path) -> Settings:
    """The settings, or a plain list of what is wrong with them and exit 1."""
    try:
        return load_settings(path)
    except SettingsError as error:
        for problem in error.problems:
            errors.print(f"[red]✗[/red] {escape(problem)}", highlight=False)
        raise typer.Exit(1) from None


def with_tools(config: Path, work: "Callable[[Tools], Awaitable[int]]") -> None:
    """Do something with the county's database, brought up to date first; exit with what it returns.

    A rule that says no is told in a line, with exit 1.
    """
    from bot.tools import with_tools as do  # noqa: PLC0415  commands load only what they use

    async def kindly(tools: "Tools") -> int:
        try:
            return await work(tools)
        except Refusal as refusal:
            errors.print(f"[red]✗[/red] {escape(refusal.say)}", highlight=False, soft_wrap=True)
            return 1

    raise typer.Exit(run(do(settings_of(config), kindly)))
