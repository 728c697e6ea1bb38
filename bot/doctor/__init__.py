"""`lianxin doctor`: what is wrong with a config, and how to mend it. It shows no secret and no personal data."""

from bot.doctor.database import examine_database
from bot.doctor.files import examine_files, examine_hours
from bot.doctor.finding import Finding, Grade
from bot.doctor.network import examine_network
from bot.doctor.telegram import examine_telegram
from bot.doctor.wechat import examine_wechat
from bot.doctor.wecom import examine_wecom
from bot.settings import Settings

__all__ = ["Finding", "Grade", "examine"]


async def examine(settings: Settings) -> list[Finding]:
    """Everything that can be found out without changing anything."""
    database, cards = await examine_database(settings)
    return [
        *examine_files(settings, cards),
        *examine_hours(settings),
        *database,
        *await examine_network(settings),
        *await examine_wechat(settings),
        *await examine_wecom(settings),
        *await examine_telegram(settings),
    ]
