"""What an operator types about areas and people: `lianxin import …`, `cards`, `handover`, `revoke`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.clock import system_clock
from bot.commands import DEFAULT_CONFIG, Config, console, with_tools

if TYPE_CHECKING:
    from bot.tools import Tools

app = typer.Typer()
import_app = typer.Typer(help="Bring in areas and people from a spreadsheet.", no_args_is_help=True)
app.add_typer(import_app, name="import")

Spreadsheet = Annotated[Path, typer.Argument(help="CSV or XLSX.", exists=True, dir_okay=False)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")]


@import_app.command("areas")
def import_areas(file: Spreadsheet, config: Config = DEFAULT_CONFIG, dry_run: DryRun = False) -> None:
    """County, townships, villages and groups by their statistical codes."""
    _import("areas", file, config, dry_run=dry_run, codes_to=None)


@import_app.command("roster")
def import_roster(
    file: Spreadsheet,
    config: Config = DEFAULT_CONFIG,
    dry_run: DryRun = False,
    codes_to: Annotated[
        Path | None, typer.Option(help="Write invitation codes to this CSV, not to the screen.")
    ] = None,
) -> None:
    """People: name, phone, role, areas, primary or deputy, account or invitation code."""
    _import("roster", file, config, dry_run=dry_run, codes_to=codes_to)


@import_app.command("rectification")
def import_rectification(file: Spreadsheet, config: Config = DEFAULT_CONFIG, dry_run: DryRun = False) -> None:
    """The list of problems to be put right (整改清单), in the columns of the monthly report."""
    _import("rectification", file, config, dry_run=dry_run, codes_to=None)


@import_app.command("pairs")
def import_pairs(file: Spreadsheet, config: Config = DEFAULT_CONFIG, dry_run: DryRun = False) -> None:
    """Leaders with households, experts with growers, leaders with experts (结对)."""
    _import("pairs", file, config, dry_run=dry_run, codes_to=None)


def _import(
    kind: Literal["areas", "roster", "rectification", "pairs"],
    file: Path,
    config: Path,
    *,
    dry_run: bool,
    codes_to: Path | None,
) -> None:
    from bot.directory_cli import import_command  # noqa: PLC0415

    content = file.read_bytes()

    async def work(at: "Tools") -> int:
        return await import_command(
            kind,
            content,
            file.name,
            at.database,
            at.county,
            system_clock(),
            console,
            dry_run=dry_run,
            codes_to=codes_to,
        )

    with_tools(config, work)


@app.command()
def cards(
    area: Annotated[str, typer.Option(help="Code of a county, township, village or group.")],
    out: Annotated[Path, typer.Option(help="Folder for the sheets.")],
    config: Config = DEFAULT_CONFIG,
    copies: Annotated[int, typer.Option(min=1, max=100, help="Copies of each card.")] = 1,
    household: Annotated[
        list[str] | None,
        typer.Option(help="A card for this household of the village, such as 三组12号; may be given again."),
    ] = None,
) -> None:
    """Print-ready 连心卡: open the sheets in a browser and print them."""
    from bot.card_codes import card_codes  # noqa: PLC0415
    from bot.directory_cli import cards_command  # noqa: PLC0415

    async def work(at: "Tools") -> int:
        async with card_codes(at.settings, at.database, console) as wechat:
            return await cards_command(
                area,
                out,
                at.database,
                at.county,
                system_clock(),
                console,
                public_url=at.settings.server.public_url,
                telegram_bot=at.settings.telegram.bot_name,
                wechat=wechat,
                copies=copies,
                households=household or (),
            )

    with_tools(config, work)


@app.command()
def handover(
    area: Annotated[str, typer.Option(help="Code of the grid: a village or a group.")],
    to: Annotated[str, typer.Option(help="Phone of the new primary cadre, who is in the roster.")],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Give a grid another primary cadre: its open tickets move to him in the same step."""
    from bot.directory_cli import handover_command  # noqa: PLC0415

    async def work(at: "Tools") -> int:
        return await handover_command(area, to, at.database, at.county, system_clock(), console)

    with_tools(config, work)


@app.command()
def revoke(
    serial: Annotated[str, typer.Argument(help="The card's serial, as index.csv of the sheets has it.")],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Revoke a printed card: it opens nothing from now on; printing again makes a new one."""
    from bot.directory_cli import revoke_command  # noqa: PLC0415

    async def work(at: "Tools") -> int:
        return await revoke_command(serial, at.database, system_clock(), console)

    with_tools(config, work)
