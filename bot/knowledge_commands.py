"""What staff type to keep the banks: `lianxin knowledge …`, `lianxin quiz …`."""

from pathlib import Path
from typing import Annotated

import typer

from bot.clock import system_clock
from bot.commands import DEFAULT_CONFIG, Config, console, with_tools

knowledge_app = typer.Typer(
    help="Policy answers: a bank of questions that is answered from.", no_args_is_help=True
)
quiz_app = typer.Typer(help="Quiz questions, to practise with.", no_args_is_help=True)

BankFile = Annotated[Path, typer.Argument(help="Markdown, XLSX or CSV.", exists=True, dir_okay=False)]
QuizFile = Annotated[Path, typer.Argument(help="XLSX or CSV.", exists=True, dir_okay=False)]
NewFile = Annotated[Path, typer.Argument(help="The file to write.", dir_okay=False)]


@knowledge_app.command("check")
def check_knowledge(file: BankFile) -> None:
    """Say everything that is wrong with a bank, by place and reason."""
    from bot.knowledge_cli import read_entries  # noqa: PLC0415  commands load only what they use

    raise typer.Exit(0 if read_entries(file, system_clock(), console) else 1)


@knowledge_app.command("load")
def load_knowledge(file: BankFile, config: Config = DEFAULT_CONFIG) -> None:
    """Answer from this bank from now on, and from no other. A bank with a fault is not loaded at all."""
    from bot.knowledge_cli import load_entries, read_entries  # noqa: PLC0415

    entries = read_entries(file, system_clock(), console)
    if not entries:
        raise typer.Exit(1)
    with_tools(config, lambda at: load_entries(at, entries, system_clock(), console))


@knowledge_app.command("list")
def list_knowledge(config: Config = DEFAULT_CONFIG) -> None:
    """The bank in force, and which of its answers are out of date."""
    from bot.knowledge_cli import list_entries  # noqa: PLC0415

    with_tools(config, lambda at: list_entries(at, system_clock(), console))


@knowledge_app.command("unanswered")
def unanswered_knowledge(config: Config = DEFAULT_CONFIG) -> None:
    """Questions that the bank has no answer to, and how often they came. Nobody knows who asked."""
    from bot.knowledge_cli import list_unanswered  # noqa: PLC0415

    with_tools(config, lambda at: list_unanswered(at, system_clock(), console))


@knowledge_app.command("export")
def export_knowledge(file: NewFile, config: Config = DEFAULT_CONFIG) -> None:
    """Write the bank in force as a spreadsheet, to be edited and loaded again."""
    from bot.knowledge_cli import export_entries  # noqa: PLC0415

    with_tools(config, lambda at: export_entries(at, file, system_clock(), console))


@knowledge_app.command("template")
def knowledge_template(file: NewFile) -> None:
    """Write a sample bank, Markdown (.md) or XLSX. Its facts are public, and to be checked before use."""
    from bot.knowledge_cli import entries_template  # noqa: PLC0415

    raise typer.Exit(entries_template(file, system_clock(), console))


@quiz_app.command("check")
def check_quiz(file: QuizFile) -> None:
    """Say everything that is wrong with quiz questions, by row and column."""
    from bot.knowledge_cli import read_quiz  # noqa: PLC0415

    raise typer.Exit(0 if read_quiz(file, console) else 1)


@quiz_app.command("load")
def load_quiz(file: QuizFile, config: Config = DEFAULT_CONFIG) -> None:
    """Ask these from now on, and no others. Questions with a fault are not loaded at all."""
    from bot.knowledge_cli import load_quiz, read_quiz  # noqa: PLC0415

    questions = read_quiz(file, console)
    if not questions:
        raise typer.Exit(1)
    with_tools(config, lambda at: load_quiz(at, questions, system_clock(), console))


@quiz_app.command("list")
def list_quiz(config: Config = DEFAULT_CONFIG) -> None:
    """The questions in force. Who had what right cannot be listed."""
    from bot.knowledge_cli import list_quiz  # noqa: PLC0415

    with_tools(config, lambda at: list_quiz(at, system_clock(), console))


@quiz_app.command("template")
def quiz_template(file: NewFile) -> None:
    """Write sample questions as an XLSX file."""
    from bot.knowledge_cli import quiz_template  # noqa: PLC0415

    raise typer.Exit(quiz_template(file, console))
