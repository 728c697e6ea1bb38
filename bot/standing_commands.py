"""`lianxin rectification` and `lianxin pairs`: what an operator types for the county's standing systems."""

from pathlib import Path
from typing import Annotated

import typer

from bot.clock import system_clock
from bot.commands import DEFAULT_CONFIG, Config, console, with_tools

rectification_app = typer.Typer(
    help="What has to be put right (整改), and who ticked it off.", no_args_is_help=True
)
pairs_app = typer.Typer(help="Who helps whom, one to one (结对).", no_args_is_help=True)

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


_OFFICE = "Code of the office's area, a county or township; without it the county's."


@pairs_app.command("export")
def export_pairs(
    file: Out, config: Config = DEFAULT_CONFIG, office: Annotated[str, typer.Option(help=_OFFICE)] = ""
) -> None:
    """Write the pairs that one office keeps as a spreadsheet: for that office, and nobody else."""
    from bot.pairs_cli import export_command  # noqa: PLC0415

    with_tools(
        config, lambda at: export_command(file, office, at.database, at.county, system_clock(), console)
    )


@pairs_app.command("handover")
def hand_pairs_over(
    leaver: Annotated[str, typer.Option("--from", help="Phone of the one who helped until now.")],
    successor: Annotated[str, typer.Option("--to", help="Phone of the one who helps from now on.")],
    config: Config = DEFAULT_CONFIG,
    office: Annotated[str, typer.Option(help="Only the pairs of this office.")] = "",
) -> None:
    """Give all pairs of one leader or expert to another in one step; all of them are told."""
    from bot.pairs_cli import handover_command  # noqa: PLC0415

    with_tools(
        config,
        lambda at: handover_command(
            leaver, successor, office, at.database, at.county, system_clock(), console
        ),
    )
