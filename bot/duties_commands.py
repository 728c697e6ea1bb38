"""What an operator types about duties: `lianxin duties …`."""

from pathlib import Path
from typing import Annotated

import typer

from bot.clock import system_clock
from bot.commands import DEFAULT_CONFIG, Config, console, with_tools

duties_app = typer.Typer(
    help="What cadres do every month: templates, by which duties are opened.", no_args_is_help=True
)

File = Annotated[
    Path | None,
    typer.Argument(
        help="A file of templates; without it, that of the settings, else the one that comes with lianxin.",
        exists=True,
        dir_okay=False,
    ),
]


@duties_app.command("list")
def list_duties(config: Config = DEFAULT_CONFIG) -> None:
    """The duties in force, and when each comes next."""
    from bot.duties_cli import list_command  # noqa: PLC0415

    with_tools(config, lambda at: list_command(at, system_clock(), console))


@duties_app.command("check")
def check_duties(file: File = None, config: Config = DEFAULT_CONFIG) -> None:
    """Say what a file would make, or everything that is wrong with it. Nothing is changed."""
    from bot.duties_cli import check_command  # noqa: PLC0415

    with_tools(config, lambda at: check_command(at, file, system_clock(), console))


@duties_app.command("load")
def load_duties(file: File = None, config: Config = DEFAULT_CONFIG) -> None:
    """From now on these are the county's duties. What is open stays as it was opened."""
    from bot.duties_cli import load_command  # noqa: PLC0415

    with_tools(config, lambda at: load_command(at, file, system_clock(), console))
