"""What an operator types about talks with leaders: `lianxin appointments …`."""

from typing import Annotated

import typer

from bot.commands import DEFAULT_CONFIG, Config, console, with_tools

appointments_app = typer.Typer(help="Talks with leaders (约谈).", no_args_is_help=True)


@appointments_app.command("open")
def open_times(
    leader: Annotated[str, typer.Option(help="Phone of the leader, who is in the roster.")],
    level: Annotated[str, typer.Option(help="His level, one of those in [appointments], such as 副部长.")],
    day: Annotated[str, typer.Option(help="The day: 2026-12-08.")],
    hours: Annotated[str, typer.Option(help="From when to when, in China's time: 9:00-11:00.")],
    place: Annotated[str, typer.Option(help="Where the talks are.")],
    config: Config = DEFAULT_CONFIG,
    area: Annotated[
        str, typer.Option(help="Code of the area whose people may book; without it, the county.")
    ] = "",
) -> None:
    """Open times that people can book in the chat."""
    from bot.appointment_cli import open_command  # noqa: PLC0415  commands load only what they use

    with_tools(
        config,
        lambda at: open_command(
            at, console, phone=leader, level=level, day=day, hours=hours, place=place, area=area
        ),
    )


@appointments_app.command("list")
def list_times(config: Config = DEFAULT_CONFIG) -> None:
    """The times to come: which are free, and which are booked. Nobody is named but the leaders."""
    from bot.appointment_cli import list_command  # noqa: PLC0415

    with_tools(config, lambda at: list_command(at, console))
