"""`lianxin`: what an operator types."""

import gc
import logging
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from bot.appointment_commands import appointments_app
from bot.clock import system_clock
from bot.commands import DEFAULT_CONFIG, Config, console, errors, run, settings_of, with_tools
from bot.directory_commands import app as directory_app
from bot.duties_commands import duties_app
from bot.knowledge_commands import knowledge_app, quiz_app
from bot.standing_commands import pairs_app, rectification_app
from bot.survey_commands import survey_app

app = typer.Typer(
    help="连心: a county's villagers, cadres and staff talk with each other.", no_args_is_help=True
)
app.add_typer(directory_app)
wechat_app = typer.Typer(help="The WeChat service account.", no_args_is_help=True)
app.add_typer(wechat_app, name="wechat")
wecom_app = typer.Typer(help="The WeCom app.", no_args_is_help=True)
app.add_typer(wecom_app, name="wecom")
app.add_typer(survey_app, name="survey")
app.add_typer(knowledge_app, name="knowledge")
app.add_typer(quiz_app, name="quiz")
app.add_typer(rectification_app, name="rectification")
app.add_typer(pairs_app, name="pairs")
suggestions_app = typer.Typer(help="What people suggest, and what came of it.", no_args_is_help=True)
app.add_typer(suggestions_app, name="suggestions")
app.add_typer(appointments_app, name="appointments")
app.add_typer(duties_app, name="duties")


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 8080,
    data_dir: Annotated[
        Path, typer.Option(help="Where the demo keeps its files; its database is made afresh.")
    ] = Path("var/demo"),
) -> None:
    """Open a sample county at http://127.0.0.1:PORT/ : a villager's phone beside her cadre's."""
    gc.disable()  # until it listens: next to nothing of what is made at start-up can go
    from bot.demo.demo import run_demo  # noqa: PLC0415  commands load only what they use

    logging.basicConfig(level="ERROR")  # a visitor wants the address, not what an operator should know
    run(run_demo(port, data_dir, console))


@app.command()
def serve(config: Config = DEFAULT_CONFIG) -> None:
    """Serve the county of a settings file."""
    gc.disable()
    from bot.serving import serve_until_stopped  # noqa: PLC0415

    settings = settings_of(config)
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    if settings.log_level == "INFO":  # how libraries set themselves up is nothing to an operator
        for library in ("alembic", "apscheduler"):
            logging.getLogger(library).setLevel("WARNING")
    raise typer.Exit(run(serve_until_stopped(settings, console)))


@app.command()
def migrate(config: Config = DEFAULT_CONFIG) -> None:
    """Bring the database to the tables that this version needs."""
    from storage.migrate import current_revision  # noqa: PLC0415
    from storage.migrate import migrate as move  # noqa: PLC0415

    url = settings_of(config).database_url
    run(move(url))
    console.print(f"The database is at revision {run(current_revision(url))}.")


@app.command()
def triage(
    texts: Annotated[
        list[str] | None, typer.Argument(help="Sentences; without any, one a line from standard input.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    lexicon: Annotated[str, typer.Option(help="Another lexicon file.")] = "",
    examples: Annotated[str, typer.Option(help="Another table of examples.")] = "",
) -> None:
    """Say what a sentence is about, whether it is an emergency, and which words decided."""
    from bot.county import cache_dir, examples_text, lexicon_text  # noqa: PLC0415
    from bot.triage_cli import triage_command  # noqa: PLC0415
    from domain.triage import LexiconError, parse_lexicon  # noqa: PLC0415

    try:
        triage_command(
            texts or [],
            as_json=as_json,
            stdin=sys.stdin,
            stdout=sys.stdout,
            lexicon=parse_lexicon(lexicon_text(lexicon), examples_text(examples)),
            cache_dir=cache_dir(),
        )
    except (LexiconError, OSError) as error:
        errors.print(f"[red]✗[/red] {error}", highlight=False)
        raise typer.Exit(1) from None


Push = Annotated[
    bool, typer.Option("--push/--show", help="Put the menu of the settings in force, or only look.")
]


@wechat_app.command("menu")
def menu_of_wechat(config: Config = DEFAULT_CONFIG, push: Push = False) -> None:
    """The menu below the talk with the service account: what is in force, and what the settings want."""
    from bot.menu_cli import wechat_menu  # noqa: PLC0415

    with_tools(config, lambda at: wechat_menu(at, console, pushes=push))


@wecom_app.command("menu")
def menu_of_wecom(config: Config = DEFAULT_CONFIG, push: Push = False) -> None:
    """The menu below the talk with the app: what is in force, and what the settings want."""
    from bot.menu_cli import wecom_menu  # noqa: PLC0415

    with_tools(config, lambda at: wecom_menu(at, console, pushes=push))


@suggestions_app.command("export")
def export_suggestions(
    file: Annotated[Path, typer.Argument(help="The XLSX file to write.", dir_okay=False)],
    config: Config = DEFAULT_CONFIG,
    restricted: Annotated[
        bool,
        typer.Option("--restricted", help="Also those about a person, which only county staff may read."),
    ] = False,
) -> None:
    """Write the register of suggestions (意见台账) as a spreadsheet."""
    from bot.suggestions_cli import export_command  # noqa: PLC0415

    with_tools(
        config,
        lambda at: export_command(
            file, at.database, at.county, system_clock(), console, restricted=restricted
        ),
    )


@app.command()
def report(
    month: Annotated[str, typer.Option(help="Such as 2026-10.")],
    area: Annotated[str, typer.Option(help="Code of a township or the county.")],
    out: Annotated[Path, typer.Option(help="Folder for workbook, page and picture.", file_okay=False)],
    config: Config = DEFAULT_CONFIG,
) -> None:
    """The monthly report of a township or the county: sums alone, nobody is in it."""
    from bot.report_cli import report_command  # noqa: PLC0415

    out.mkdir(parents=True, exist_ok=True)
    with_tools(config, lambda at: report_command(at, month, area, out, system_clock(), console))


@app.command()
def outbox(
    config: Config = DEFAULT_CONFIG, limit: Annotated[int, typer.Option(help="Rows shown.")] = 50
) -> None:
    """What has not arrived, and why."""
    from bot.outbox_cli import show_outbox  # noqa: PLC0415

    run(show_outbox(settings_of(config).database_url, limit, console))


@app.command()
def doctor(config: Config = DEFAULT_CONFIG) -> None:
    """Say what is wrong with a config, and how to mend it."""
    from bot.doctor import examine  # noqa: PLC0415

    findings = run(examine(settings_of(config)))
    for finding in findings:
        mark = {"ok": "[green]✓[/green]", "warn": "[yellow]![/yellow]", "bad": "[red]✗[/red]"}[finding.grade]
        console.print(f"{mark} {escape(finding.what)}", highlight=False, soft_wrap=True)
        if finding.mend:
            console.print(f"  → {escape(finding.mend)}", highlight=False, soft_wrap=True)
    raise typer.Exit(1 if any(finding.grade == "bad" for finding in findings) else 0)
