"""`lianxin survey open` and `close`: from when to when people may answer."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from domain.delivery import CHINA
from domain.errors import Refusal

if TYPE_CHECKING:
    from bot.tools import Tools
    from services.desk import Desk
    from storage.database import Tx

app = typer.Typer()
console = Console()

Survey = Annotated[int, typer.Argument(help="The survey's number, as `lianxin survey list` has it.")]
Until = Annotated[str, typer.Option(help="When it closes by itself, in China's time: '2026-12-01 18:00'.")]
Config = Annotated[Path, typer.Option("--config", "-c", help="The settings file.")]
_DEFAULT = Path("config.toml")


@app.command("open")
def open_survey(survey: Survey, until: Until = "", config: Config = _DEFAULT) -> None:
    """People may answer from now on. For one that is open: it closes at another time."""
    from bot.broadcast_cli import read_time  # noqa: PLC0415
    from services.surveys import opening  # noqa: PLC0415

    def deed(desk: "Desk") -> str:
        closes_at = read_time(until) if until else None
        opening.open_survey(desk, survey, closes_at)
        when = f"，{closes_at.astimezone(CHINA):%Y-%m-%d %H:%M} 截止" if closes_at else ""
        return f"问卷 {survey} 可以答了{when}。链接的参数是 s{survey}，对话里回“问卷{survey}”。"

    _do(config, deed)


@app.command("close")
def close_survey(survey: Survey, config: Config = _DEFAULT) -> None:
    """Nobody may hand in any more. The answers of an anonymous one are mixed, and may be read, at once."""
    from services.surveys import opening  # noqa: PLC0415

    def close(desk: "Desk") -> str:
        opening.close_survey(desk, survey)
        return f"问卷 {survey} 截止了。"

    def release(desk: "Desk") -> str:
        opening.release_closed(desk)
        return f"看结果：lianxin survey results {survey} --out 文件夹"

    _do(config, close, release)


def _do(config: Path, *deeds: "Callable[[Desk], str]") -> None:
    """Do the deeds, a transaction each, and say what they say."""
    from bot.cli import run, settings_of  # noqa: PLC0415  which has these commands too
    from bot.clock import system_clock  # noqa: PLC0415
    from bot.tools import with_tools  # noqa: PLC0415
    from services.desk import Desk  # noqa: PLC0415

    async def work(at: "Tools") -> int:
        def at_desk(deed: "Callable[[Desk], str]", tx: "Tx") -> str:
            return deed(Desk(tx, at.county, system_clock()))

        try:
            for deed in deeds:
                said = await at.database.run(partial(at_desk, deed))
                console.print(f"✓ {said}", style="green", markup=False, highlight=False, soft_wrap=True)
        except Refusal as refusal:
            console.print(f"✗ {refusal.say}", style="red", markup=False)
            return 1
        return 0

    raise typer.Exit(run(with_tools(settings_of(config), work)))
