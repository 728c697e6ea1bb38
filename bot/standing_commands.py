"""`lianxin rectification`: what an operator types for the county's standing systems."""

from pathlib import Path
from typing import Annotated

import typer

from bot.clock import system_clock
from bot.commands import DEFAULT_CONFIG, Config, console, with_tools

rectification_app = typer.Typer(
    help="What has to be put right (整改), and who ticked it off.", no_args_is_help=True
)

Out = Annotated[Path, typer.Argument(help="The file to write.", dir_okay=False)]


@rectification_app.command("export")
def export_rectifications(
    file: Out,
    config: Config = DEFAULT_CONFIG,
    area: Annotated[str, typer.Option(help="Code of an area; without it all of the county.")] = "",
    month: Annotated[str, typer.Option(help="Whose progress, like 2026-11; without it this month's.")] = "",
) -> None:
    """Write the list with its progress (月报告) as a spreadsheet, which an import reads again."""
    from bot.rectification_cli import export_command  # noqa: PLC0415

    with_tools(
        config,
        lambda at: export_command(file, area, month, at.database, at.county, system_clock(), console),
    )


@rectification_app.command("page")
def page_of_rectification(
    number: Annotated[int, typer.Argument(help="The item's number.")],
    file: Out,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Write one item with all its months and steps as a page to print."""
    from bot.rectification_cli import page_command  # noqa: PLC0415

    with_tools(config, lambda at: page_command(number, file, at.database, at.county, system_clock(), console))
