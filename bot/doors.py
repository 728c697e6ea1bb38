"""How people come to the service: links that open it, and how fast it can write to them."""

from bot.settings import Settings
from domain.broadcasts import Speed


def chat_page(settings: Settings) -> str:
    """Address of the web chat; "" where it is off or has no public address."""
    public = settings.server.public_url.rstrip("/")
    return f"{public}/chat" if public and settings.webchat.enabled else ""


def link_to(settings: Settings, payload: str) -> str:
    """The web chat with the payload, else Telegram's; "" where the county has neither. WeChat is typed into."""
    page = chat_page(settings)
    if page:
        return f"{page}?card={payload}"
    if settings.telegram.bot_name:
        return f"https://t.me/{settings.telegram.bot_name.removeprefix('@')}?start={payload}"
    return ""


def speeds(settings: Settings) -> dict[str, Speed]:
    """How fast each messenger of these settings may be sent to."""
    found = {}
    if settings.webchat.enabled:
        found["web"] = Speed()
    if settings.wecom.enabled:
        found["wecom"] = Speed(per_second=10)
    if settings.telegram.mode != "off":
        found["telegram"] = Speed(settings.telegram.messages_per_second)
    if settings.wechat.mode != "off":
        from bot.channels.wechat.mass import MASS  # noqa: PLC0415  a messenger is loaded only if it is used

        found["wechat"] = Speed(per_second=10, mass=MASS)
    return found
