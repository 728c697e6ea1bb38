"""What an operator types to send a survey to many. Its own file, as `lianxin survey` has many words."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands import DEFAULT_CONFIG, Config, console, with_tools

if TYPE_CHECKING:
    from domain.broadcasts import Audience

app = typer.Typer()

Survey = Annotated[int, typer.Argument(help="Number of the survey.")]
Areas = Annotated[
    list[str] | None, typer.Option("--area", help="Code of an area; may be given several times.")
]
Roles = Annotated[
    list[str] | None,
    typer.Option("--role", help="Instead of residents: villager, agent, cadre, supervisor, staff."),
]
Tag = Annotated[str, typer.Option(help="Only those who carry this tag (`lianxin survey tag`).")]
Sample = Annotated[int, typer.Option(min=0, help="Only so many of each village, drawn by lot.")]
Text = Annotated[str, typer.Option(help="Other words than the survey's title.")]
At = Annotated[str, typer.Option(help="When it begins, in China's time: '2026-12-01 09:00'. Else at once.")]


@app.command()
def preview(
    config: Config = DEFAULT_CONFIG,
    area: Areas = None,
    role: Roles = None,
    tag: Tag = "",
    sample: Sample = 0,
    at: At = "",
) -> None:
    """Whom a broadcast would reach, by which messenger and until when; who stays without it, and why."""
    from bot.broadcast_cli import preview_command  # noqa: PLC0415  commands load only what they use

    audience = _audience(area, role, tag, sample)
    with_tools(config, lambda tools: preview_command(tools, audience, at, console))


@app.command()
def send(
    survey: Survey,
    config: Config = DEFAULT_CONFIG,
    area: Areas = None,
    role: Roles = None,
    tag: Tag = "",
    sample: Sample = 0,
    text: Text = "",
    at: At = "",
    by: Annotated[str, typer.Option(help="Phone of the staff member who is responsible.")] = "",
) -> None:
    """Send a survey that is open: to all residents, or to those who fit the options. `lianxin serve` sends it."""
    from bot.broadcast_cli import send_command  # noqa: PLC0415

    audience = _audience(area, role, tag, sample)
    with_tools(config, lambda tools: send_command(tools, survey, audience, text, at, by, console))


@app.command()
def rehearse(
    survey: Survey,
    phone: Annotated[str, typer.Option(help="Your phone, as the roster has it.")],
    config: Config = DEFAULT_CONFIG,
    text: Text = "",
) -> None:
    """Send a survey to yourself only."""
    from bot.broadcast_cli import rehearse_command  # noqa: PLC0415

    with_tools(config, lambda tools: rehearse_command(tools, survey, text, phone, console))


@app.command()
def remind(survey: Survey, config: Config = DEFAULT_CONFIG, text: Text = "", at: At = "") -> None:
    """Remind once: those who have not answered; everybody, where the survey is anonymous."""
    from bot.broadcast_cli import remind_command  # noqa: PLC0415

    with_tools(config, lambda tools: remind_command(tools, survey, text, at, console))


@app.command()
def watch(
    survey: Survey,
    config: Config = DEFAULT_CONFIG,
    once: Annotated[bool, typer.Option("--once", help="Look once, and do not wait for its end.")] = False,
) -> None:
    """How far the newest broadcast of a survey has come, live."""
    from bot.broadcast_cli import watch_command  # noqa: PLC0415

    with_tools(config, lambda tools: watch_command(tools, survey, console, once=once))


@app.command()
def pause(survey: Survey, config: Config = DEFAULT_CONFIG) -> None:
    """Nothing more leaves until it is resumed."""
    _move("pause", survey, config)


@app.command()
def resume(survey: Survey, config: Config = DEFAULT_CONFIG) -> None:
    """A paused broadcast goes on where it was."""
    _move("resume", survey, config)


@app.command()
def cancel(survey: Survey, config: Config = DEFAULT_CONFIG) -> None:
    """Nothing more leaves, and what waits for somebody is withdrawn."""
    _move("cancel", survey, config)


@app.command()
def tag(
    name: Annotated[str, typer.Argument(help="The tag.")],
    file: Annotated[Path, typer.Argument(help="Phones, one a line.", exists=True, dir_okay=False)],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Let the people of a list carry a tag, by which a survey can be sent to them."""
    from bot.broadcast_cli import tag_command  # noqa: PLC0415

    phones = {line.strip() for line in file.read_text("utf-8-sig").splitlines() if line.strip()}
    with_tools(config, lambda tools: tag_command(tools, name, phones, console))


def _move(word: str, survey: int, config: Path) -> None:
    from bot.broadcast_cli import move_command  # noqa: PLC0415
    from services import broadcasts  # noqa: PLC0415

    deeds = {"pause": broadcasts.pause, "resume": broadcasts.resume, "cancel": broadcasts.cancel}
    with_tools(config, lambda tools: move_command(tools, survey, deeds[word], console))


def _audience(areas: list[str] | None, roles: list[str] | None, tag: str, sample: int) -> "Audience":
    from domain.broadcasts import Audience  # noqa: PLC0415
    from domain.directory import RoleName, normal_code  # noqa: PLC0415

    try:
        codes = tuple(normal_code(area) for area in areas or ())
        return Audience(codes, tuple(RoleName(role) for role in roles or ()), tag, sample)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
