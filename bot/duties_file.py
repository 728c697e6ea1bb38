"""The county's file of duties: read for the command, the doctor and the start of the service."""

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bot.county import data_file
from domain.duties.template import Template, TemplateError, parse_templates
from services.desk import Desk
from services.duties import templates

log = logging.getLogger(__name__)


def read_duties(path: str) -> list[Template]:
    """The templates of a file; empty: those that come with the service. Raises TemplateError with all that is wrong."""
    try:
        data = Path(path).read_bytes() if path else data_file("duties.toml")
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise TemplateError((f"打不开这个文件：{error.strerror}",)) from None
    except UnicodeDecodeError:
        raise TemplateError(("不是 UTF-8 文本，请另存为 UTF-8。",)) from None
    return parse_templates(text)


async def put_in_force(path: str, run: Callable[[Callable[[Desk], Any]], Awaitable[Any]]) -> None:
    """Load the file that the settings name. One with a fault changes nothing: people keep the duties they have."""
    try:
        wanted = read_duties(path)
    except TemplateError as error:
        faults = "；".join(error.problems)
        log.error("duties.file: %s is not loaded, what was in force stays: %s", path, faults)  # noqa: TRY400
        return
    change = await run(lambda desk: templates.load(desk, wanted))
    if change.keys:
        log.info("duties.file: %s is in force, which changes: %s", path, ", ".join(change.keys))
