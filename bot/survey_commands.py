"""What an operator types to make a survey, and to read what came of it: `lianxin survey …`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.broadcast_commands import app as sending_app
from bot.clock import system_clock
from bot.commands import DEFAULT_CONFIG, Config, console, with_tools

if TYPE_CHECKING:
    from bot.tools import Tools

survey_app = typer.Typer(
    help="Surveys: spreadsheets in XLSForm become questions in chat.", no_args_is_help=True
)
survey_app.add_typer(sending_app)

XlsForm = Annotated[Path, typer.Argument(help="An XLSForm: XLSX, XLS or CSV.", exists=True, dir_okay=False)]


@survey_app.command("check")
def check_survey(file: XlsForm) -> None:
    """Say what a form would ask, or everything that keeps it from being asked, by sheet and row."""
    from bot.survey_cli import check_command  # noqa: PLC0415

    raise typer.Exit(check_command(file.read_bytes(), file.name, console))


@survey_app.command("load")
def load_survey(
    file: XlsForm,
    config: Config = DEFAULT_CONFIG,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Nobody learns who said what.")] = False,
    area: Annotated[str, typer.Option(help="Code of the area it belongs to; without it, the county.")] = "",
) -> None:
    """Keep a form as a survey that has not begun."""
    from bot.survey_cli import load_command  # noqa: PLC0415

    data = file.read_bytes()

    async def work(at: "Tools") -> int:
        return await load_command(
            data,
            file.name,
            at.database,
            at.county,
            system_clock(),
            console,
            anonymous=anonymous,
            area=area,
        )

    with_tools(config, work)


@survey_app.command("template")
def write_template(
    name: Annotated[str, typer.Argument(help="quarterly, service, meeting, nomination or quiz.")],
    file: Annotated[Path, typer.Argument(help="The XLSX file to write.", dir_okay=False)],
) -> None:
    """Write a ready survey in Chinese, to be changed and loaded."""
    from bot.survey_cli import template_command  # noqa: PLC0415

    raise typer.Exit(template_command(name, file, console))


SurveyNumber = Annotated[int, typer.Argument(help="The survey's number, as `lianxin survey list` has it.")]


@survey_app.command("open")
def open_survey(
    survey: SurveyNumber,
    until: Annotated[
        str, typer.Option(help="When it closes by itself, in China's time: '2026-12-31 18:00'.")
    ] = "",
    config: Config = DEFAULT_CONFIG,
) -> None:
    """From now on people may answer. One that is open gets the new time."""
    from bot.survey_cli import open_command  # noqa: PLC0415

    with_tools(config, lambda at: open_command(at, survey, until, console))


@survey_app.command("close")
def close_survey(survey: SurveyNumber, config: Config = DEFAULT_CONFIG) -> None:
    """Nobody can answer any more. The answers of an anonymous one are mixed, and may be read, at once."""
    from bot.survey_cli import close_command  # noqa: PLC0415

    with_tools(config, lambda at: close_command(at, survey, console))


@survey_app.command("list")
def list_surveys(config: Config = DEFAULT_CONFIG) -> None:
    """The newest surveys, and how they stand."""
    from bot.survey_results_cli import list_command  # noqa: PLC0415

    with_tools(config, lambda at: list_command(at, console))


@survey_app.command("results")
def results_of_survey(
    survey: SurveyNumber,
    out: Annotated[Path, typer.Option(help="Folder for the workbook, CSV, report and charts.")],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """What came of a survey: XLSX, CSV, a report to print, and charts. An anonymous one, once it is released."""
    from bot.survey_results_cli import results_command  # noqa: PLC0415

    out.mkdir(parents=True, exist_ok=True)
    with_tools(config, lambda at: results_command(at, survey, out, system_clock(), console))


@survey_app.command("tell")
def tell_of_survey(
    survey: SurveyNumber,
    said: Annotated[str, typer.Option(help="您说的：what people said, in a sentence.")],
    did: Annotated[str, typer.Option(help="我们做了：what was done, in a sentence.")],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Tell those who took part what came of it; of an anonymous survey, all who were asked."""
    from bot.survey_results_cli import tell_command  # noqa: PLC0415

    with_tools(config, lambda at: tell_command(at, survey, said, did, system_clock(), console))


@survey_app.command("codes")
def codes_of_survey(
    survey: SurveyNumber,
    count: Annotated[int, typer.Option(min=1, max=20_000, help="How many.")],
    out: Annotated[Path, typer.Option(help="The file: XLSX, or HTML with --sheet.")],
    config: Config = DEFAULT_CONFIG,
    sheet: Annotated[bool, typer.Option("--sheet", help="Slips to print and cut.")] = False,
) -> None:
    """Invitation codes, each good for one answer and belonging to nobody. They are written down this once only."""
    from bot.survey_results_cli import codes_command  # noqa: PLC0415

    with_tools(config, lambda at: codes_command(at, survey, count, out, system_clock(), console, sheet=sheet))
